"""The partial core: a few positive Gaussians that equal the core density where it meets the valence."""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
from scipy.optimize import least_squares, nnls

from clusterdft.arrays import Floats
from clusterdft.atom import RadialMesh
from clusterdft.errors import InputError

FIT_RANGE = 4.5  # bohr, beyond the matching radius, in which the core is fitted
CORE_START_EXPONENTS = 1.6 ** np.arange(6)  # in units of 1 / r0^2
EXPONENT_DIGITS, COEFFICIENT_DIGITS = 3, 5  # significant digits that are kept


def matching_radius(mesh: RadialMesh, core: Floats, valence: Floats, ratio: float) -> float:
    """The largest radius at which the core density is `ratio` times the valence density.

    Parameters
    ----------
    mesh : RadialMesh
    core, valence : (n,) bohr^-3
    ratio : float
        Positive.

    Returns
    -------
    bohr

    Raises
    ------
    InputError
        The core never reaches the ratio.
    """
    above = np.flatnonzero(core > ratio * valence)
    if not len(above) or above[-1] + 1 >= len(mesh.r):
        raise InputError(
            f"the core density never falls to {ratio:g} times the valence density; give a ratio such as 2"
        )
    return float(mesh.r[above[-1]])


def fit_partial_core(
    mesh: RadialMesh, core: Floats, valence: Floats, *, ratio: float = 2.0, n_gaussians: int = 2
) -> tuple[Floats, Floats]:
    """Positive Gaussians with the core density outside the matching radius r0.

        n_c(r) = sum_i c_i exp(-alpha_i r^2),   int_r0 [n_c - n_core]^2 (n_core + n_val)^(-2/3) r^2 dr = min

    The weight is the square of the slope of the exchange potential, n^(-2/3), so that the error of the
    exchange-correlation potential is spread evenly.

    Parameters
    ----------
    mesh : RadialMesh
    core, valence : (n,) bohr^-3
    ratio : float
        Core over valence density at r0.
    n_gaussians : 1, 2 or 3

    Returns
    -------
    alpha : (n_gaussians,) bohr^-2
        Ascending.
    c : (n_gaussians,) bohr^-3

    Notes
    -----
    Unscreening and molecule use this density, not the true core, so that both see the same function.

    References
    ----------
    Louie, Froyen, Cohen, Phys. Rev. B 26, 1738 (1982)
    """
    r0 = matching_radius(mesh, core, valence, ratio)
    outer = (mesh.r > r0) & (mesh.r < r0 + FIT_RANGE)
    r, target = mesh.r[outer], core[outer]
    weight = np.sqrt(mesh.weights[outer] * r**2 / (target + valence[outer]) ** (2 / 3))

    def coefficients(exponent: Floats) -> tuple[Floats, Floats]:
        rows = np.exp(-np.outer(r**2 - r0**2, exponent)) * weight[:, None]
        scaled, _ = nnls(rows, target * weight)
        return scaled, rows @ scaled - target * weight

    fits = [
        least_squares(
            lambda t: coefficients(np.exp(t))[1], start, xtol=1e-12, ftol=1e-13, gtol=1e-15, x_scale=0.3
        )
        for start in combinations(np.log(CORE_START_EXPONENTS / r0**2), n_gaussians)
    ]
    best = fits[0]
    for fit in fits[1:]:
        if fit.cost < best.cost * (1 - 1e-6):
            best = fit
    exponent = significant_digits(np.sort(np.exp(best.x)), EXPONENT_DIGITS)
    scaled, _ = coefficients(exponent)
    return exponent, significant_digits(scaled * np.exp(exponent * r0**2), COEFFICIENT_DIGITS)


def significant_digits(values: Iterable[float], digits: int) -> Floats:
    """Each value with so many significant digits: what a file shows is what was used.

    Returns
    -------
    (n,)
    """
    return np.array([float(f"{value:.{digits}g}") for value in values])
