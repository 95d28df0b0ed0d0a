"""From density matrices to energy and Fock matrices: one evaluation of the functional."""

from dataclasses import dataclass

import numpy as np

from clusterdft.integrals.coulomb import fit_moments, fit_potential
from clusterdft.scf.terms import hartree, nuclear
from clusterdft.scf.terms.exchange_correlation import EXCHANGE_CORRELATION, FittedXc, XcPart


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """The functional and its derivative at given density matrices.

    Attributes
    ----------
    dm : (nspin, nao, nao); one matrix with both spins in a closed shell
    energies : {term: hartree}, without entropy
    fock : (nspin, nao, nao) dE/d(dm)
    fit_coefficients : (nspin, naux) x = A^-1 b
    xc : the exchange-correlation part
    """

    dm: np.ndarray
    energies: dict
    fock: np.ndarray
    fit_coefficients: np.ndarray
    xc: XcPart

    @property
    def energy(self):
        """Sum of all terms, hartree."""
        return sum(self.energies.values())


class EnergyFunctional:
    """The energy functional of a setup.

        E[dm] = Tr(dm h) + E_H[x] + E_xc[x or dm] + E_ions,   x = A^-1 b(dm)

    Parameters
    ----------
    setup : ScfSetup
    """

    def __init__(self, setup):
        self.setup = setup
        self.xc_term = EXCHANGE_CORRELATION[setup.method.density](setup)
        self.nuclear = nuclear.energy(setup)

    def evaluate(self, dm):
        """Evaluation at density matrices (nspin, nao, nao)."""
        setup = self.setup
        moments = fit_moments(setup.pairs, dm, setup.fit, setup.positions)
        x = setup.solve_metric(moments)
        xc = self.xc_term.evaluate(dm, x)
        dm_total = dm.sum(axis=0)
        energies = {name: float(np.vdot(dm_total, matrix)) for name, matrix in setup.one_electron.items()}
        energies["hartree"] = hartree.energy(x.sum(axis=0), moments.sum(axis=0))
        energies["exchange_correlation"] = xc.energy
        energies["nuclear"] = self.nuclear
        return Evaluation(dm=dm, energies=energies, fock=self._fock(x, xc), fit_coefficients=x, xc=xc)

    def fock_of_fit(self, x):
        """(nspin, nao, nao) Fock matrices of a fitted density, the start of an SCF."""
        setup = self.setup
        if setup.method.density == "orbital":
            return self._fock(x, FittedXc(setup).evaluate(None, x))
        return self._fock(x, self.xc_term.evaluate(None, x))

    def _fock(self, x, xc):
        setup = self.setup
        coefficients = x.sum(axis=0) + xc.fit_potential
        if xc.matrix is not None:
            coefficients = coefficients[:1]  # the same Coulomb matrix for both spins
        fock = setup.core_hamiltonian + fit_potential(
            setup.pairs, np.ascontiguousarray(coefficients), setup.fit, setup.positions
        )
        return fock if xc.matrix is None else fock + xc.matrix
