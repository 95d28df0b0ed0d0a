"""The analytic pseudopotential: an erf core, local Gaussians, one nonlocal channel per angular momentum."""

from dataclasses import dataclass, field
from math import comb

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erf, gamma

from clusterdft.arrays import Floats, frozen_array
from clusterdft.basis.shells import hermite_powers, n_hermite
from clusterdft.errors import InputError


def _freeze(instance: object, shapes: dict[str, int | tuple[int, ...]]) -> None:
    for name, shape in shapes.items():
        object.__setattr__(instance, name, frozen_array(getattr(instance, name), shape))


@dataclass(frozen=True, kw_only=True, eq=False)
class Semilocal:
    """A potential that acts on one angular momentum.

        V = sum_m |Y_lm> U_l(r) <Y_lm|,   U_l(r) = sum_i (a_i + b_i r^2) exp(-exponent_i r^2)

    Attributes
    ----------
    l : int
        Angular momentum.
    exponent : (n,) bohr^-2
    a : (n,) hartree
    b : (n,) hartree bohr^-2
    """

    l: int  # noqa: E741 - the angular momentum is called l
    exponent: Floats
    a: Floats
    b: Floats

    def __post_init__(self) -> None:
        _freeze(self, {"exponent": -1, "a": -1, "b": -1})

    def potential(self, r: ArrayLike) -> Floats:
        """U_l at the radii r (bohr), hartree."""
        r2 = np.asarray(r)[..., None] ** 2
        u: Floats = np.sum((self.a + self.b * r2) * np.exp(-self.exponent * r2), axis=-1)
        return u


@dataclass(frozen=True, kw_only=True, eq=False)
class Separable:
    """Projectors of one angular momentum, coupled by a symmetric matrix.

        V = sum_m sum_ij |p_i Y_lm> h_ij <p_j Y_lm|
        p_i(r) = sqrt(2) r^(l+2(i-1)) exp(-r^2 / 2 radius^2) / (radius^(l+(4i-1)/2) sqrt(Gamma(l+(4i-1)/2)))

    Attributes
    ----------
    l : int
        Angular momentum.
    radius : float, bohr
    h : (n, n) hartree

    References
    ----------
    Hartwigsen, Goedecker, Hutter, Phys. Rev. B 58, 3641 (1998), eqs (3) and (4)
    """

    l: int  # noqa: E741 - the angular momentum is called l
    radius: float
    h: Floats

    def __post_init__(self) -> None:
        n = len(self.h)
        _freeze(self, {"h": (n, n)})

    def projectors(self, r: ArrayLike) -> Floats:
        """p_i at the radii r (bohr), (n, ...)."""
        r = np.asarray(r, dtype=float)
        i = np.arange(len(self.h)).reshape(-1, *([1] * r.ndim))
        order = self.l + 2 * i + 1.5
        norm = np.sqrt(2 / gamma(order)) / self.radius**order
        p: Floats = norm * r ** (self.l + 2 * i) * np.exp(-(r**2) / (2 * self.radius**2))
        return p


@dataclass(frozen=True, kw_only=True, eq=False)
class Pseudopotential:
    """Norm-conserving pseudopotential of one element, every part a sum of Gaussians.

        V = -(Z/r) sum_i core_c_i erf(sqrt(core_alpha_i) r)
            + sum_ik local_coefficient_ik r^(2k) exp(-local_exponent_i r^2)  +  sum over channels
        n_c = sum_i partial_core_coefficient_i exp(-partial_core_exponent_i r^2)

    The partial core n_c is a fixed density that exchange and correlation see beside the valence electrons; it
    has no charge. Most pseudopotentials have none.

    Attributes
    ----------
    symbol : str
        Chemical symbol.
    z_valence : int, elementary charges
        Charge Z of the ion.
    name : str
        What it was asked for by, such as "bhs" or "gth-pade-q1".
    source : str
        Where the numbers come from.
    core_alpha : (ncore,) bohr^-2
    core_c : (ncore,)
        Weights that sum to one.
    local_exponent : (nlocal,) bohr^-2
    local_coefficient : (nlocal, nk) hartree bohr^-2k
        k = 0, 1, ...
    channels : tuple of Semilocal or Separable
        At most one for an l.
    partial_core_exponent : (npartial,) bohr^-2
    partial_core_coefficient : (npartial,) bohr^-3
        Positive.

    References
    ----------
    Bachelet, Hamann, Schlueter, Phys. Rev. B 26, 4199 (1982);
    Goedecker, Teter, Hutter, Phys. Rev. B 54, 1703 (1996);
    Louie, Froyen, Cohen, Phys. Rev. B 26, 1738 (1982) for the partial core
    """

    symbol: str
    z_valence: int
    name: str
    source: str
    core_alpha: Floats
    core_c: Floats
    local_exponent: Floats = field(default_factory=lambda: np.zeros(0))
    local_coefficient: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    channels: tuple[Semilocal | Separable, ...] = ()
    partial_core_exponent: Floats = field(default_factory=lambda: np.zeros(0))
    partial_core_coefficient: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        _freeze(self, {"core_alpha": -1, "core_c": -1, "local_exponent": -1})
        rows = len(self.local_exponent)
        _freeze(self, {"local_coefficient": (rows, -1) if rows else (0, 0)})
        _freeze(self, {"partial_core_exponent": -1})
        _freeze(self, {"partial_core_coefficient": (len(self.partial_core_exponent),)})
        object.__setattr__(self, "channels", tuple(self.channels))

    def core(self, r: ArrayLike) -> Floats:
        """The erf part at the radii r (bohr), hartree; finite at r = 0."""
        r = np.asarray(r, dtype=float)[..., None]
        root = np.sqrt(self.core_alpha)
        near = r * root < 1e-4
        far = np.where(near, 1.0, r)
        at_origin = 2 / np.sqrt(np.pi) * root * (1 - (root * r) ** 2 / 3)
        over_r = np.where(near, at_origin, erf(root * far) / far)
        core: Floats = -self.z_valence * np.sum(self.core_c * over_r, axis=-1)
        return core

    def local(self, r: ArrayLike) -> Floats:
        """The local Gaussians at the radii r (bohr), hartree."""
        r2 = np.asarray(r, dtype=float)[..., None, None] ** 2
        powers = r2 ** np.arange(self.local_coefficient.shape[1])
        gaussians = np.exp(-self.local_exponent * r2[..., 0])
        local: Floats = np.sum(np.sum(self.local_coefficient * powers, axis=-1) * gaussians, axis=-1)
        return local

    def potential(self, l: int, r: ArrayLike) -> Floats:  # noqa: E741 - the angular momentum is called l
        """What an electron of angular momentum l feels of the ion at the radii r (bohr), hartree.

            V_l(r) = core(r) + local(r) + U_l(r)

        Parameters
        ----------
        l : int
        r : array, bohr

        Returns
        -------
        array, hartree
            In the shape of r.

        Raises
        ------
        InputError
            The channel of that l is separable, not a function of r.
        """
        total = self.core(r) + self.local(r)
        for channel in self.channels:
            if channel.l != l:
                continue
            if isinstance(channel, Separable):
                raise InputError(
                    f"the l = {l} channel of the pseudopotential {self.name} of {self.symbol} is separable "
                    "(GTH); only semilocal potentials can be drawn as a function of r"
                )
            total = total + channel.potential(r)
        return total

    def partial_core(self, r: ArrayLike) -> Floats:
        """n_c at the radii r (bohr), bohr^-3; zero where there is no partial core."""
        r2 = np.asarray(r, dtype=float)[..., None] ** 2
        gaussians = np.exp(-self.partial_core_exponent * r2)
        n_c: Floats = np.sum(self.partial_core_coefficient * gaussians, axis=-1)
        return n_c

    def core_charges(self) -> tuple[Floats, Floats]:
        """The erf part as the Coulomb potential, felt by an electron, of Gaussian charge distributions.

            rho(r) = sum_i q_i (alpha_i/pi)^(3/2) exp(-alpha_i r^2),   q_i = -Z c_i

        Returns
        -------
        exponents : (ncore,) bohr^-2
        charges : (ncore,) elementary charges
            Negative where they attract electrons.
        """
        return self.core_alpha, -self.z_valence * self.core_c


def hermite_expansion(coefficient: Floats, exponent: float) -> tuple[int, Floats]:
    """Coefficients of an r^2k Gaussian in the Hermite Gaussians of a fitting shell.

        sum_k coefficient_k r^(2k) exp(-a r^2) = sum_tuv E_tuv Lambda_tuv(r)

    Parameters
    ----------
    coefficient : (nk,)
        k = 0, 1, ...
    exponent : float, bohr^-2
        a

    Returns
    -------
    lmax : int
        2 (nk - 1), less where the last coefficients vanish.
    expansion : (n_hermite(lmax),)
        E in the order of `FitShells`.
    """
    highest = max((k for k, c in enumerate(coefficient) if c != 0), default=0)
    line = _powers_of_x(2 * highest, exponent)
    values = np.zeros(n_hermite(2 * highest))
    for index, (t, u, v) in enumerate(hermite_powers(2 * highest)):
        for k, c in enumerate(coefficient[: highest + 1]):
            for i in range(k + 1):
                for j in range(k - i + 1):
                    multinomial = comb(k, i) * comb(k - i, j)
                    values[index] += (
                        c * multinomial * line[2 * i, t] * line[2 * j, u] * line[2 * (k - i - j), v]
                    )
    return 2 * highest, values * (np.pi / exponent) ** 1.5


def _powers_of_x(degree: int, exponent: float) -> Floats:
    """x^n Lambda_0 = sum_t line[n, t] Lambda_t, from x Lambda_t = t Lambda_(t-1) + Lambda_(t+1) / 2a."""
    line = np.zeros((degree + 1, degree + 2))
    line[0, 0] = 1
    for n in range(degree):
        line[n + 1, :-1] += np.arange(1, degree + 2) * line[n, 1:]
        line[n + 1, 1:] += line[n, :-1] / (2 * exponent)
    return line
