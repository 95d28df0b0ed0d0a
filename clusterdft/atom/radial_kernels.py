"""Sweeps of the radial equation over the mesh, compiled: Adams-Moulton steps of eighth order in ln r."""

import numpy as np
from numba import njit

from clusterdft.arrays import Floats
from clusterdft.atom.mesh import lagrange_integrals

ADAMS_ORDER = 8  # values of the derivative in a step, the unknown one included
START_WEIGHTS = np.ascontiguousarray(lagrange_integrals(ADAMS_ORDER))
# newest derivative first
ADAMS_WEIGHTS = np.ascontiguousarray((START_WEIGHTS[ADAMS_ORDER - 1] - START_WEIGHTS[ADAMS_ORDER - 2])[::-1])
MOST_PICARD_STEPS = 80  # iterations of the starting values
TAIL_EXPONENT = 42.0  # the inward sweep starts where the orbital is exp(-42) of that at the turning point


@njit(cache=True, nogil=True, no_cfunc_wrapper=True)
def coefficients(
    r: Floats, potential: Floats, energy: float, angular: float, inverse_c2: float,
    rising: Floats, falling: Floats,
) -> None:  # fmt: skip
    """P_x = P + rising q, q_x = falling P - q, with x = ln r; angular is l(l+1)."""
    for i in range(len(r)):
        above = energy - potential[i]
        rising[i] = r[i] * (2.0 + above * inverse_c2)
        falling[i] = angular / rising[i] - r[i] * above


@njit(cache=True, nogil=True, no_cfunc_wrapper=True)
def sweep(first: int, last: int, step: float, rising: Floats, falling: Floats, p: Floats, q: Floats) -> None:
    """Integrate from mesh point `first`, where p and q are given, to `last`, in either direction."""
    way = 1 if last > first else -1
    h = way * step
    dp, dq = np.empty(ADAMS_ORDER), np.empty(ADAMS_ORDER)
    for j in range(ADAMS_ORDER):
        p[first + way * j], q[first + way * j] = p[first], q[first]
    for _ in range(MOST_PICARD_STEPS):
        for j in range(ADAMS_ORDER):
            i = first + way * j
            dp[j] = p[i] + rising[i] * q[i]
            dq[j] = falling[i] * p[i] - q[i]
        change = 0.0
        for j in range(1, ADAMS_ORDER):
            i = first + way * j
            new_p, new_q = p[first], q[first]
            for m in range(ADAMS_ORDER):
                new_p += h * START_WEIGHTS[j, m] * dp[m]
                new_q += h * START_WEIGHTS[j, m] * dq[m]
            change = max(change, abs(new_p - p[i]) / (abs(new_p) + 1e-300))
            p[i], q[i] = new_p, new_q
        if change < 1e-16:
            break
    for j in range(ADAMS_ORDER):
        i = first + way * j
        dp[j] = p[i] + rising[i] * q[i]
        dq[j] = falling[i] * p[i] - q[i]
    b = h * ADAMS_WEIGHTS[0]
    for k in range(ADAMS_ORDER, abs(last - first) + 1):
        i = first + way * k
        sum_p, sum_q = 0.0, 0.0
        for m in range(1, ADAMS_ORDER):
            slot = (k - m) % ADAMS_ORDER
            sum_p += ADAMS_WEIGHTS[m] * dp[slot]
            sum_q += ADAMS_WEIGHTS[m] * dq[slot]
        sum_p = p[i - way] + h * sum_p
        sum_q = q[i - way] + h * sum_q
        inverse = 1.0 / (1.0 - b * b * (1.0 + rising[i] * falling[i]))
        p[i] = inverse * ((1.0 + b) * sum_p + b * rising[i] * sum_q)
        q[i] = inverse * ((1.0 - b) * sum_q + b * falling[i] * sum_p)
        slot = k % ADAMS_ORDER
        dp[slot] = p[i] + rising[i] * q[i]
        dq[slot] = falling[i] * p[i] - q[i]


@njit(cache=True, nogil=True, no_cfunc_wrapper=True)
def start_outward(
    r: Floats,
    l: int,  # noqa: E741
    charge: float,
    inverse_c2: float,
    rising: Floats,
    p: Floats,
    q: Floats,
) -> None:
    """The regular solution at the first radius, for a potential that goes as -charge/r there."""
    p[0] = 1.0
    nuclear = charge * inverse_c2
    if nuclear > 0.9 * rising[0]:  # the relativistic mass, which goes as 1/r, rules
        power = np.sqrt(1.0 + l * (l + 1) - charge * charge * inverse_c2)
        q[0] = (power - 1.0) / rising[0]
    else:
        q[0] = (l - charge * r[0]) / (rising[0] * (1.0 - charge * r[0] / (l + 1)))


@njit(cache=True, nogil=True, no_cfunc_wrapper=True)
def start_inward(
    r: Floats, step: float, rising: Floats, falling: Floats, turning: int, p: Floats, q: Floats
) -> int:
    """The decaying solution at the radius where it is negligible, or at the last one, or a wall there.

    Returns
    -------
    int
        Mesh point.
    """
    n = len(r)
    last = n - 1
    depth = 0.0
    for i in range(turning, n):
        depth += step * np.sqrt(max(0.25 + rising[i] * falling[i], 0.0))
        if depth > TAIL_EXPONENT:
            last = i
            break
    last = min(max(last, turning + 2 * ADAMS_ORDER), n - 1)
    if rising[last] * falling[last] <= 0.0:
        p[last], q[last] = 0.0, -1e-30
        return last
    square = 0.25 + rising[last] * falling[last]
    before = 0.25 + rising[last - 1] * falling[last - 1]
    decay = np.sqrt(square)
    change = (square - before) / (2.0 * decay * step)  # of the decay with ln r
    p[last] = 1e-20
    q[last] = p[last] * (-0.5 - decay - 0.5 * change / decay) / rising[last]
    return last


@njit(cache=True, nogil=True, no_cfunc_wrapper=True)
def count_nodes(p: Floats, first: int, last: int) -> int:
    """Sign changes of p between two mesh points.

    Returns
    -------
    int
    """
    nodes = 0
    for i in range(first, last):
        if p[i] * p[i + 1] < 0.0 or (p[i + 1] == 0.0 and i + 1 < last):
            nodes += 1
    return nodes


@njit(cache=True, nogil=True, no_cfunc_wrapper=True)
def norm_density(
    p: Floats, q: Floats, angular: float, inverse_c2: float, rising: Floats, out: Floats
) -> None:
    """P^2 and the square of the small component, whose integral is one."""
    for i in range(len(p)):
        out[i] = p[i] * p[i] + inverse_c2 * (q[i] * q[i] + angular * (p[i] / rising[i]) ** 2)


@njit(cache=True, nogil=True, no_cfunc_wrapper=True)
def shoot(
    r: Floats, weights: Floats, step: float, potential: Floats, l: int, charge: float,  # noqa: E741
    inverse_c2: float, energy: float, work: Floats, p: Floats, q: Floats,
) -> tuple[int, float, bool]:  # fmt: skip
    """One energy: p and q joined where p is continuous, normalised.

    Parameters
    ----------
    charge, inverse_c2 : float
        The potential goes as -charge/r at the origin; 1/c^2 is zero without relativity.
    work, p, q : (3, n), (n,), (n,)
        Outcomes: rising, falling, norm density; the two components.

    Returns
    -------
    count : int
        Number of levels below the energy.
    correction : hartree
        Newton's, of the energy.
    shaped : bool
        Whether the orbital has, apart from its kink, the shape of a level.
    """
    n = len(r)
    angular = l * (l + 1.0)
    rising, falling, density = work[0], work[1], work[2]
    coefficients(r, potential, energy, angular, inverse_c2, rising, falling)
    turning = n - 3 * ADAMS_ORDER
    while turning > 2 * ADAMS_ORDER and falling[turning] > 0.0:
        turning -= 1
    turning = max(turning, 2 * ADAMS_ORDER)
    start_outward(r, l, charge, inverse_c2, rising, p, q)
    sweep(0, turning, step, rising, falling, p, q)
    p_out, q_out = p[turning], q[turning]
    nodes = count_nodes(p, 0, turning)
    p[turning:], q[turning:] = 0.0, 0.0
    last = start_inward(r, step, rising, falling, turning, p, q)
    sweep(last, turning, step, rising, falling, p, q)
    nodes += count_nodes(p, turning, last)
    p_in, q_in = p[turning], q[turning]
    if p_out == 0.0 or p_in == 0.0:
        return nodes, 0.0, False
    scale = p_out / p_in
    for i in range(turning, n):
        p[i] *= scale
        q[i] *= scale
    p[turning], q[turning] = p_out, q_out
    mismatch = p_out * (q_out - scale * q_in)
    norm_density(p, q, angular, inverse_c2, rising, density)
    total = 0.0
    for i in range(n):
        total += weights[i] * density[i]
    root = 1.0 / np.sqrt(total) * (1.0 if p[0] > 0 else -1.0)
    for i in range(n):
        p[i] *= root
        q[i] *= root
        density[i] /= total
    return nodes + (1 if mismatch < 0.0 else 0), mismatch / total, True


@njit(cache=True, nogil=True, no_cfunc_wrapper=True)
def find_level(
    r: Floats, weights: Floats, step: float, potential: Floats, l: int, charge: float,  # noqa: E741
    inverse_c2: float, nodes: int, low: float, high: float, guess: float, work: Floats, p: Floats, q: Floats,
) -> float:  # fmt: skip
    """The energy of the level with that many nodes between two bounds, NaN if it is not there.

    Levels below an energy are counted, which cannot be fooled; Newton's steps are taken inside the bounds.

    Returns
    -------
    hartree
    """
    count, correction, shaped = shoot(r, weights, step, potential, l, charge, inverse_c2, high, work, p, q)
    if count <= nodes:
        return np.nan
    energy = guess if low < guess < high else 0.5 * (low + high)
    before = np.inf
    for _ in range(200):
        count, correction, shaped = shoot(
            r, weights, step, potential, l, charge, inverse_c2, energy, work, p, q
        )
        if count > nodes:
            high = energy
        else:
            low = energy
        near = shaped and (count == nodes or count == nodes + 1)
        size = abs(correction)
        if near and (size <= 4e-16 * abs(energy) or (size < 1e-9 * abs(energy) and size >= 0.25 * before)):
            return energy
        proposal = energy + correction
        if near and low < proposal < high:
            before = size
            energy = proposal
        else:
            before = np.inf
            if high - low <= 4e-16 * abs(energy):
                return energy if near and size < 1e-6 * abs(energy) else np.nan
            energy = 0.5 * (low + high)
    return np.nan
