"""Energy terms, one a file: each owns its energy, its matrix and its gradient."""

from typing import Protocol

from clusterdft.arrays import Floats
from clusterdft.scf.setup import ScfSetup
from clusterdft.scf.terms import core, field, kinetic, local, nonlocal_channels


class OneElectronTerm(Protocol):
    """A file of a term that is linear in the density matrix, E = Tr(dm V)."""

    def matrix(self, setup: ScfSetup) -> Floats:
        """(nao, nao) V, hartree."""
        ...

    def gradient(self, setup: ScfSetup, dm: Floats) -> tuple[Floats, Floats]:
        """Derivative of Tr(dm V), hartree/bohr, in two parts, (natom, 3) each.

        Motion of the orbital centres, and motion of the operator (the pseudopotentials). The second part
        alone is the Hellmann-Feynman gradient.
        """
        ...


ONE_ELECTRON: dict[str, OneElectronTerm] = {
    "kinetic": kinetic,
    "core": core,
    "local": local,
    "nonlocal": nonlocal_channels,
}
IN_A_FIELD: dict[str, OneElectronTerm] = {"field": field}
