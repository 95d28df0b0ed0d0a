"""Energy terms, one a file: each owns its energy, its matrix and its gradient."""

from typing import Protocol

from clusterdft.arrays import Floats
from clusterdft.scf.setup import ScfSetup
from clusterdft.scf.terms import core, field, kinetic, local, nonlocal_channels


class OneElectronTerm(Protocol):
    """A file of a term that is linear in the density matrix, E = Tr(dm V)."""

    def matrix(self, setup: ScfSetup) -> Floats:
        """V over the basis functions.

        Parameters
        ----------
        setup : ScfSetup

        Returns
        -------
        (nao, nao) hartree
        """
        ...

    def gradient(self, setup: ScfSetup, dm: Floats) -> tuple[Floats, Floats]:
        """Derivative of Tr(dm V) at a fixed density matrix.

        Parameters
        ----------
        setup : ScfSetup
        dm : (nao, nao) symmetric

        Returns
        -------
        orbitals, operator : (natom, 3) hartree/bohr
            Motion of the orbital centres, and of the operator (the pseudopotentials); the second alone is the
            Hellmann-Feynman gradient.
        """
        ...


ONE_ELECTRON: dict[str, OneElectronTerm] = {
    "kinetic": kinetic,
    "core": core,
    "local": local,
    "nonlocal": nonlocal_channels,
}
IN_A_FIELD: dict[str, OneElectronTerm] = {"field": field}
