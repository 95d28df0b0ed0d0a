"""Self-consistent states with an open level filled in equal parts, or by whole electrons in some orbitals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.errors import ScfNotConverged
from clusterdft.jahn_teller.open_shells import OpenLevel, split_filling
from clusterdft.method import Method
from clusterdft.scf.energy_functional import EnergyFunctional
from clusterdft.scf.forces import forces
from clusterdft.scf.resolve import resolve
from clusterdft.scf.result import ScfResult
from clusterdft.scf.self_consistency import FilledLevels, SelfConsistency
from clusterdft.scf.setup import build_setup
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.surfaces.surface import Surface, SurfacePoint
from clusterdft.work.environment import one_thread

MAX_FILLING_ITERATIONS = 60  # of a state that starts next to the solution


@dataclass(frozen=True, kw_only=True)
class EqualOccupationSurface(Surface):
    """Kohn-Sham surface whose degenerate highest level is filled in equal parts: a symmetric state.

    The points carry the levels in their details: "mo_energy" and "occupation", (nspin, nmo) each, and
    "result", the whole ScfResult.

    Attributes
    ----------
    method : Method
        Its occupation and its search for other spins are replaced.
    """

    method: Method

    def point(self, cluster: Cluster, restart: Any = None) -> SurfacePoint:
        """SurfacePoint of a geometry; the cluster's number of unpaired electrons must be fixed."""
        symmetric = replace(self.method, occupation="equal", width=0.0, stability=False)
        result = solve_scf(cluster, symmetric, restart=restart)
        return SurfacePoint(
            energy=result.energy,
            forces=result.forces,
            n_unpaired=result.n_unpaired,
            restart=result.fit_coefficients,
            n_iterations=result.n_iterations,
            details={"mo_energy": result.mo_energy, "occupation": result.occupation, "result": result},
        )

    def filled(self, point: SurfacePoint, levels: Sequence[OpenLevel], which: int) -> SurfacePoint:
        """The same geometry, with whole electrons in the lowest (1) or highest (-1) orbitals of a level."""
        return filled_point(point.details["result"], levels, which)


class ChosenFilling(SelfConsistency):
    """A self-consistent field whose orbitals are filled by what they look like, not by their energies.

        f_i = <i| P_chosen |i>   rounded to the given fractions, in order

    Parameters
    ----------
    functional : EnergyFunctional
    n_unpaired : int
        As in SelfConsistency.
    chosen : (nspin, nmo, nmo)
        P_chosen, projectors in the orthonormal basis times fractions.
    fractions : (nspin, nmo)
        From full to empty, handed out to the orbitals by their overlap.

    References
    ----------
    Gilbert, Besley and Gill, J. Phys. Chem. A 112, 13164 (2008), the maximum overlap method
    """

    def __init__(
        self, functional: EnergyFunctional, n_unpaired: int | None, chosen: Floats, fractions: Floats
    ) -> None:
        super().__init__(functional, n_unpaired)
        self.chosen, self.fractions = chosen, fractions

    def fill(self, fock: Floats, density: Floats | None = None, penalty: float = 0.0) -> FilledLevels:
        """Levels of F - U P; those most like the chosen orbitals are filled."""
        shifted = fock if density is None else fock - penalty * density
        mo_energy, orbitals = np.linalg.eigh(shifted)
        likeness = np.sum(orbitals * (self.chosen @ orbitals), axis=1)
        fraction = np.zeros_like(mo_energy)
        for spin, order in enumerate(np.argsort(-likeness, axis=1, kind="stable")):
            fraction[spin, order] = self.fractions[spin]
        return FilledLevels(mo_energy=mo_energy, orbitals=orbitals, fraction=fraction, entropy_energy=0.0)


def filled_point(result: ScfResult, levels: Sequence[OpenLevel], which: int = 1) -> SurfacePoint:
    """The state with the lowest (or highest) orbitals of open levels filled, at the same geometry.

    Parameters
    ----------
    result : ScfResult
        With equal shares at a displaced geometry, where the levels are split.
    levels : sequence of OpenLevel
    which : 1 or -1
        1 fills the lowest orbitals, -1 the highest, as `split_filling`.

    Returns
    -------
    SurfacePoint
        Energy and forces are those of a stationary state, not of the ground state.

    Raises
    ------
    ScfNotConverged
        The state was not found.
    """
    with one_thread():
        method = replace(result.method, stability=False, max_iterations=MAX_FILLING_ITERATIONS)
        functional = EnergyFunctional(build_setup(result.cluster, resolve(method, result.cluster.symbols)))
        orbitals = _orthonormal_orbitals(result, functional.setup.orthonormal)
        fractions = _fractions(result, levels, which)
        chosen = (orbitals * fractions[:, None, :]) @ orbitals.transpose(0, 2, 1)
        unpaired = None if len(result.mo_energy) == 1 else result.cluster.n_unpaired
        run = ChosenFilling(functional, unpaired, chosen, -np.sort(-fractions, axis=1))
        *_, last = run.steps(result.fit_coefficients)
        if not last.converged:
            raise ScfNotConverged("no state with the chosen orbitals filled was found", last)
        return SurfacePoint(energy=last.energy, forces=forces(functional, last.evaluation)[0])


def _orthonormal_orbitals(result: ScfResult, basis: Floats) -> Floats:
    """Orbitals of a result in an orthonormal basis (nao, nmo) of the same functions, (nspin, nmo, nmo)."""
    n_spin, _, nmo = result.mo_coeff.shape
    columns = result.mo_coeff.transpose(1, 0, 2).reshape(len(basis), -1)
    orbitals = np.linalg.lstsq(basis, columns, rcond=None)[0].astype(np.float64)
    return orbitals.reshape(-1, n_spin, nmo).transpose(1, 0, 2)


def _fractions(result: ScfResult, levels: Sequence[OpenLevel], which: int) -> Floats:
    """Fractions of a result's orbitals, (nspin, nmo), with whole electrons in the levels."""
    fractions = np.array(result.occupation) / (3 - len(result.occupation))
    for level in levels:
        members = list(level.indices)
        energies = result.mo_energy[level.spin, members]
        fractions[level.spin, members] = split_filling(energies, level, which)
    return fractions
