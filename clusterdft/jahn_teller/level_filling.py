"""The self-consistent state with chosen orbitals of an open level filled, whatever their energies."""

from dataclasses import replace

import numpy as np

from clusterdft.errors import ScfNotConverged
from clusterdft.jahn_teller.open_shells import split_filling
from clusterdft.scf.energy_functional import EnergyFunctional
from clusterdft.scf.forces import forces
from clusterdft.scf.resolve import resolve
from clusterdft.scf.self_consistency import FilledLevels, SelfConsistency
from clusterdft.scf.setup import build_setup
from clusterdft.surfaces.surface import SurfacePoint
from clusterdft.work.threads import one_thread

ITERATIONS = 60  # it starts next to the solution


class ChosenFilling(SelfConsistency):
    """A self-consistent field whose orbitals are filled by what they look like, not by their energies.

        f_i = <i| P_chosen |i>   rounded to the given fractions, in order

    Parameters
    ----------
    functional : EnergyFunctional;  n_unpaired : as in SelfConsistency
    chosen : (nspin, nmo, nmo) P_chosen, projectors in the orthonormal basis times fractions
    fractions : (nspin, nmo) from full to empty, what is handed out to the orbitals by their overlap

    References
    ----------
    Gilbert, Besley and Gill, J. Phys. Chem. A 112, 13164 (2008), the maximum overlap method
    """

    def __init__(self, functional, n_unpaired, chosen, fractions):
        super().__init__(functional, n_unpaired)
        self.chosen, self.fractions = chosen, fractions

    def fill(self, fock, density=None, penalty=0.0):
        """Levels of F - U P; those most like the chosen orbitals are filled."""
        shifted = fock if density is None else fock - penalty * density
        mo_energy, orbitals = np.linalg.eigh(shifted)
        likeness = np.sum(orbitals * (self.chosen @ orbitals), axis=1)
        fraction = np.zeros_like(mo_energy)
        for spin, order in enumerate(np.argsort(-likeness, axis=1, kind="stable")):
            fraction[spin, order] = self.fractions[spin]
        return FilledLevels(mo_energy=mo_energy, orbitals=orbitals, fraction=fraction, entropy_energy=0.0)


def filled_point(result, levels, which=1):
    """The state with the lowest (or highest) orbitals of open levels filled, at the same geometry.

    Parameters
    ----------
    result : ScfResult with equal shares at a displaced geometry, where the levels are split
    levels : tuple of OpenLevel
    which : 1 fills the lowest orbitals, -1 the highest, as `split_filling`

    Returns
    -------
    SurfacePoint
        energy and forces are those of a stationary state, not of the ground state

    Raises
    ------
    ScfNotConverged
        the state was not found
    """
    with one_thread():
        method = replace(result.method, stability=False, max_iterations=ITERATIONS)
        functional = EnergyFunctional(build_setup(result.cluster, resolve(method, result.cluster.symbols)))
        basis = functional.setup.orthonormal
        orbitals = np.linalg.lstsq(
            basis, result.mo_coeff.transpose(1, 0, 2).reshape(len(basis), -1), rcond=None
        )
        n_spin, _, nmo = result.mo_coeff.shape
        orbitals = orbitals[0].reshape(-1, n_spin, nmo).transpose(1, 0, 2)
        wanted = np.array(result.occupation) / (3 - n_spin)
        for level in levels:
            members = list(level.indices)
            energies = result.mo_energy[level.spin, members]
            wanted[level.spin, members] = split_filling(energies, level, which)
        chosen = (orbitals * wanted[:, None, :]) @ orbitals.transpose(0, 2, 1)
        unpaired = None if n_spin == 1 else result.cluster.n_unpaired
        run = ChosenFilling(functional, unpaired, chosen, -np.sort(-wanted, axis=1))
        *_, last = run.steps(result.fit_coefficients)
        if not last.converged:
            raise ScfNotConverged("no state with the chosen orbitals filled was found", last)
        return SurfacePoint(energy=last.energy, forces=forces(functional, last.evaluation)[0])
