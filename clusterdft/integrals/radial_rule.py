"""The radial quadrature of one pseudopotential channel, chosen by trial on the basis it will meet."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from scipy.special import gamma, ive, roots_genlaguerre

from clusterdft.arrays import Floats
from clusterdft.errors import InputError
from clusterdft.pseudo.potential import Semilocal, Separable

RULE_SIZES = (8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 40, 50, 64, 80, 100, 130)
RULE_TOLERANCE = 1e-11  # hartree (semilocal) or overlap (separable), on normalised basis functions

Channel: TypeAlias = Semilocal | Separable


@dataclass(frozen=True, kw_only=True, eq=False)
class RadialRule:
    """A channel as a sum of squares: V = sum_m sum_c strength_c |f_c Y_lm> <f_c Y_lm|.

    Attributes
    ----------
    l : int
        Angular momentum.
    radii : (nr,) bohr
        Ascending.
    columns : (nr, ncolumn) or None
        Weights that turn values at the radii into <f_c|..>; None: the values themselves.
    strength : (ncolumn,)
    """

    l: int  # noqa: E741 - the angular momentum is called l
    radii: Floats
    columns: Floats | None
    strength: Floats


@lru_cache(maxsize=256)
def radial_rule(channel: Channel, exponents: tuple[float, ...]) -> RadialRule:
    """The smallest Gauss rule that integrates a channel between all Gaussians of a basis.

        integral r^2 U(r) f(r) g(r) dr  with  r^2 = t / beta,  Gauss-Laguerre in t with weight t^(1/2) exp(-t)

    All integrands are even in r and fall off as Gaussians, so that a rule in r^2 converges geometrically.
    It depends on channel and exponents alone, never on the geometry, so that forces stay exact derivatives.

    Parameters
    ----------
    channel : Semilocal or Separable
    exponents : (n,) bohr^-2
        Of the basis.

    Returns
    -------
    RadialRule

    Raises
    ------
    InputError
        When no rule of up to 130 points is good to 1e-11.
    """
    widths = _gaussian_exponents(channel)
    reach = 6.5 / np.sqrt(widths.min())
    fine = (np.arange(400) + 0.5) * reach / 400
    exact = _trial_integrals(channel, exponents, fine, np.full(400, reach / 400), reach)
    betas = np.geomspace(widths.min(), 4 * (widths.max() + max(exponents)), 14)
    for size in RULE_SIZES:
        rules = [_laguerre_in_r2(size, beta) for beta in betas]
        errors = [np.abs(_trial_integrals(channel, exponents, *rule, reach) - exact).max() for rule in rules]
        best = int(np.argmin(errors))
        if errors[best] < RULE_TOLERANCE:
            return _as_squares(channel, *rules[best])
        betas = betas[max(best - 2, 0) : best + 3]
    raise InputError(
        f"the l = {channel.l} pseudopotential is too hard for basis exponents up to {max(exponents):g}: "
        f"the best radial rule errs by {min(errors):.0e} hartree, so leave out the tightest functions"
    )


def _gaussian_exponents(channel: Channel) -> Floats:
    """Exponents of the Gaussians in the channel's radial functions."""
    return channel.exponent if isinstance(channel, Semilocal) else np.array([0.5 / channel.radius**2])


def _laguerre_in_r2(size: int, beta: float) -> tuple[Floats, Floats]:
    """Radii and weights for an integral over r from 0 to infinity."""
    t, weight = roots_genlaguerre(size, 0.5)
    return np.sqrt(t / beta), weight * np.exp(t) / (2 * t * np.sqrt(beta))


def _trial_integrals(
    channel: Channel, exponents: tuple[float, ...], r: Floats, weight: Floats, reach: float
) -> Floats:
    """What must come out right: the channel between s functions at many distances and its own l on site."""
    f = _trial_functions(channel.l, exponents, r, reach) * (weight * r**2)
    if isinstance(channel, Semilocal):
        return (f * channel.potential(r)) @ _trial_functions(channel.l, exponents, r, reach).T
    return f @ channel.projectors(r).T


def _trial_functions(l: int, exponents: tuple[float, ...], r: Floats, reach: float) -> Floats:  # noqa: E741
    """Radial parts about the centre, of angular momentum l, (nfunction, nr)."""
    a = np.array(sorted(set(exponents)))[:, None, None]
    distance = np.linspace(0.1, 0.9, 6)[None, :, None] * reach
    z = 2 * a * distance * r
    norm = np.sqrt(2 * (2 * a) ** 1.5 / gamma(1.5) * (2 * l + 1))
    away = norm * np.exp(-a * (r - distance) ** 2) * np.sqrt(np.pi / (2 * z)) * ive(l + 0.5, z)
    a = a[:, 0]
    on_site = np.sqrt(2 * (2 * a) ** (l + 1.5) / gamma(l + 1.5)) * r**l * np.exp(-a * r**2)
    return np.concatenate([away.reshape(-1, r.size), on_site])


def _as_squares(channel: Channel, r: Floats, weight: Floats) -> RadialRule:
    if isinstance(channel, Semilocal):
        return RadialRule(l=channel.l, radii=r, columns=None, strength=weight * r**2 * channel.potential(r))
    strength, vectors = np.linalg.eigh(channel.h)
    columns = (channel.projectors(r) * (weight * r**2)).T @ vectors
    return RadialRule(l=channel.l, radii=r, columns=np.ascontiguousarray(columns), strength=strength)
