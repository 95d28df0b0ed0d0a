"""From density matrices to energy and Fock matrices: one evaluation of the functional."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.integrals.coulomb import fit_moments, fit_potential
from clusterdft.scf.setup import ScfSetup
from clusterdft.scf.terms import IN_A_FIELD, ONE_ELECTRON, OneElectronTerm, hartree, nuclear
from clusterdft.scf.terms.exchange_correlation import EXCHANGE_CORRELATION, FittedXc, XcPart


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """The functional and its derivative at given density matrices.

    Attributes
    ----------
    dm : (nspin, nao, nao)
        One matrix with both spins in a closed shell.
    energies : {term: hartree}
        Without entropy.
    fock : (nspin, nao, nao) hartree
        dE/d(dm)
    fit_coefficients : (nspin, naux)
        x = A^-1 b
    xc : XcPart
        The exchange-correlation part.
    """

    dm: Floats
    energies: dict[str, float]
    fock: Floats
    fit_coefficients: Floats
    xc: XcPart

    @property
    def energy(self) -> float:
        """Sum of all terms, hartree."""
        return sum(self.energies.values())


class EnergyFunctional:
    """The energy of a cluster in a method as a functional of the density matrices.

        E[dm] = Tr(dm h) + E_H[x] + E_xc[x or dm] + E_ions,   x = A^-1 b(dm)

    Parameters
    ----------
    setup : ScfSetup
    """

    def __init__(self, setup: ScfSetup) -> None:
        self.setup = setup
        self.xc_term = EXCHANGE_CORRELATION[setup.method.density](setup)
        self.nuclear = nuclear.energy(setup)
        self.one_electron_terms: dict[str, OneElectronTerm] = ONE_ELECTRON
        if setup.field is not None:
            self.one_electron_terms = ONE_ELECTRON | IN_A_FIELD

    @cached_property
    def one_electron(self) -> dict[str, Floats]:
        """{term: (nao, nao) hartree} matrices of kinetic energy, pseudopotentials and field."""
        return {name: term.matrix(self.setup) for name, term in self.one_electron_terms.items()}

    @cached_property
    def core_hamiltonian(self) -> Floats:
        """(nao, nao) hartree, sum of the one-electron matrices."""
        return sum(self.one_electron.values(), np.zeros_like(self.setup.overlap))

    def evaluate(self, dm: Floats) -> Evaluation:
        """The functional at density matrices.

        Parameters
        ----------
        dm : (nspin, nao, nao) symmetric
            One is the total of a closed shell, two are up and down.

        Returns
        -------
        Evaluation
        """
        setup = self.setup
        moments = fit_moments(setup.pairs, dm, setup.fit, setup.positions)
        x = setup.solve_metric(moments)
        xc = self.xc_term.evaluate(dm, x)
        dm_total = dm.sum(axis=0)
        energies = {name: float(np.vdot(dm_total, matrix)) for name, matrix in self.one_electron.items()}
        energies["hartree"] = hartree.energy(x.sum(axis=0), moments.sum(axis=0))
        energies["exchange_correlation"] = xc.energy
        energies["nuclear"] = self.nuclear
        return Evaluation(dm=dm, energies=energies, fock=self._fock(x, xc), fit_coefficients=x, xc=xc)

    def fock_of_fit(self, x: Floats) -> Floats:
        """Fock matrices of a fitted density, the start of a self-consistent field.

        Parameters
        ----------
        x : (nspin, naux)

        Returns
        -------
        (nspin, nao, nao) hartree
        """
        return self._fock(x, FittedXc(self.setup).potential_of_fit(x))

    def _fock(self, x: Floats, xc: XcPart) -> Floats:
        setup = self.setup
        coefficients = x.sum(axis=0) + xc.fit_potential
        if xc.matrix is not None:
            coefficients = coefficients[:1]  # the same Coulomb matrix for both spins
        fock = self.core_hamiltonian + fit_potential(
            setup.pairs, np.ascontiguousarray(coefficients), setup.fit, setup.positions
        )
        return fock if xc.matrix is None else fock + xc.matrix
