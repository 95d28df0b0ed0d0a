import numpy as np
from numba import njit

from clusterdft.integrals.lanes import LANES, load, select_less, splat, square_root, store


@njit
def evaluate(a, b, out):
    x, y = load(a, 1), load(b, 0)
    z = (x + y) * splat(3.0) - x / y
    store(out, 2, select_less(x, y, square_root(y), z))


def test_arithmetic_of_all_lanes():
    rng = np.random.default_rng(0)
    a, b, out = rng.uniform(1, 2, LANES + 1), rng.uniform(1, 2, LANES), np.zeros(LANES + 3)
    evaluate(a, b, out)
    x = a[1:]
    np.testing.assert_allclose(out[2:-1], np.where(x < b, np.sqrt(b), (x + b) * 3 - x / b), rtol=1e-15)
    assert out[0] == out[1] == out[-1] == 0
