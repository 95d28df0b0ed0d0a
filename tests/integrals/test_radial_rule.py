"""Radial rules of pseudopotential channels against adaptive quadrature."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gamma

from clusterdft.errors import InputError
from clusterdft.integrals.radial_rule import radial_rule
from clusterdft.pseudo import Semilocal, Separable, load_pseudopotential

EXPONENTS = (0.03, 0.09, 0.4, 1.1)
SEPARABLE = Separable(l=1, radius=0.7, h=np.array([[1.1, -0.3], [-0.3, 0.4]]))


def radial(momentum, exponent):
    """The normalised radial function of an orbital on the ion."""
    norm = np.sqrt(2 * (2 * exponent) ** (momentum + 1.5) / gamma(momentum + 1.5))
    return lambda r: norm * r**momentum * np.exp(-exponent * r**2)


def integral(*factors):
    """Of r^2 times the factors, by adaptive quadrature."""
    return quad(lambda r: r**2 * np.prod([f(r) for f in factors]), 0, 30, epsabs=1e-13, limit=200)[0]


@pytest.mark.parametrize("channel", load_pseudopotential("Na", "bhs").channels, ids=lambda c: f"l={c.l}")
def test_semilocal_channels(channel):
    rule = radial_rule(channel, EXPONENTS)
    assert rule.columns is None
    for a, b in [(0.03, 0.03), (0.09, 1.1), (1.1, 1.1)]:
        f, g = radial(channel.l, a), radial(channel.l, b)
        exact = integral(channel.potential, f, g)
        assert np.sum(rule.strength * f(rule.radii) * g(rule.radii)) == pytest.approx(exact, abs=1e-11)


def test_separable_channels():
    rule = radial_rule(SEPARABLE, EXPONENTS)
    for a, b in [(0.03, 0.4), (1.1, 1.1)]:
        f, g = radial(1, a), radial(1, b)
        projectors = [lambda r, i=i: SEPARABLE.projectors(r)[i] for i in (0, 1)]
        overlaps = np.array([[integral(p, h) for p in projectors] for h in (f, g)])
        exact = overlaps[0] @ SEPARABLE.h @ overlaps[1]
        one, other = (h(rule.radii) @ rule.columns for h in (f, g))
        assert np.sum(rule.strength * one * other) == pytest.approx(exact, abs=1e-10)


def test_a_rule_is_made_once_and_is_small():
    channel = load_pseudopotential("Na", "bhs").channels[0]
    rule = radial_rule(channel, EXPONENTS)
    assert radial_rule(channel, EXPONENTS) is rule
    assert np.all(np.diff(rule.radii) > 0)
    assert len(rule.radii) < 60


def test_needle_functions_are_refused():
    channel = Semilocal(l=0, exponent=np.array([1.0]), a=np.array([1.0]), b=np.array([0.0]))
    with pytest.raises(InputError, match="too hard for basis exponents up to 100000"):
        radial_rule(channel, (1e5,))
