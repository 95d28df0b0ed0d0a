"""Forms of orbital sets: how many shells of each momentum, and which numbers of them are free."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.basis.set_files import ShellSet

# ratio of neighbouring exponents of one momentum; closer ones make overlap matrices singular
SMALLEST_RATIO = 1.6
LARGEST_RATIO = 12.0
FIRST_EXPONENT_RANGE = 4.0  # factor of a first exponent from where it started, either way


@dataclass(frozen=True, kw_only=True)
class Template:
    """Exponents as a function of free parameters, the logarithms of first exponents and of ratios.

        a_0 = exp(p_0),   a_k = a_(k-1) exp(p_k)   (even-tempered: every ratio is exp(p_1))

    Attributes
    ----------
    counts : (nl,) int
        Shells of l = 0, 1, ...
    even_tempered : bool
        Whether a momentum has one ratio, or one for each neighbouring pair.
    """

    counts: tuple[int, ...]
    even_tempered: bool = False

    def _free_ratios(self) -> list[int]:
        """Number of free ratios of each momentum."""
        return [min(count - 1, 1) if self.even_tempered else count - 1 for count in self.counts]

    def exponents(self, parameters: Sequence[float] | Floats) -> ShellSet:
        """The set of some parameters, ascending within each l.

        Parameters
        ----------
        parameters : (nparameter,)

        Returns
        -------
        ((l, exponent bohr^-2), ...)
        """
        shells: list[tuple[int, float]] = []
        offset = 0
        for momentum, (count, free) in enumerate(zip(self.counts, self._free_ratios(), strict=True)):
            first, *ratios = parameters[offset : offset + 1 + free]
            steps = np.repeat(ratios, count - 1) if self.even_tempered else ratios
            logarithms = first + np.concatenate([[0.0], np.cumsum(steps)])
            shells += [(momentum, float(np.exp(value))) for value in logarithms]
            offset += 1 + free
        return tuple(shells)

    def bounds(self, start: Sequence[float] | Floats) -> Floats:
        """Lowest and highest parameters in a search.

        Parameters
        ----------
        start : (nparameter,)
            Where it begins.

        Returns
        -------
        (nparameter, 2)
        """
        limits: Floats = np.tile(np.log([SMALLEST_RATIO, LARGEST_RATIO]), (len(start), 1))
        offset = 0
        for free in self._free_ratios():
            limits[offset] = start[offset] + np.log([1 / FIRST_EXPONENT_RANGE, FIRST_EXPONENT_RANGE])
            offset += 1 + free
        return limits


TEMPLATES = {
    "paper-3s2p": Template(counts=(3, 2)),
    "opt-4s3p1d": Template(counts=(4, 3, 1)),
    "even-6s5p3d": Template(counts=(6, 5, 3), even_tempered=True),
}
# parameters of sodium that an optimisation starts from: exponents for each l, as (first, ratios ...)
SODIUM_EXPONENTS: dict[str, tuple[tuple[float, ...], ...]] = {
    "paper-3s2p": ((0.026, 2.6, 8.0), (0.08, 9.0)),
    "opt-4s3p1d": ((0.026, 2.6, 4.0, 2.2), (0.035, 2.7, 8.0), (0.13,)),
    "even-6s5p3d": ((0.014, 2.2), (0.018, 2.3), (0.05, 2.4)),
}


def start_parameters(name: str, scale: float) -> Floats:
    """Parameters that the optimisation of a set starts from.

    Parameters
    ----------
    name : str
        A key of TEMPLATES.
    scale : float
        Exponents relative to those of sodium.

    Returns
    -------
    (nparameter,)
    """
    rows = [(scale * first, *ratios) for first, *ratios in SODIUM_EXPONENTS[name]]
    parameters: Floats = np.log(np.concatenate(rows))
    return parameters
