"""The Kohn-Sham surface: positions to energy and forces, for relaxers and searches."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.method import Method
from clusterdft.surfaces.surface import SurfacePoint

ON_THE_WAY = 2e-5  # hartree: tolerance of the commutator between the ends of a relaxation


@dataclass(frozen=True, kw_only=True)
class KohnShamSurface:
    """Kohn-Sham energies and forces in one method."""

    method: Method

    def point(self, cluster, restart=None):
        """SurfacePoint of a geometry; `restart` is the fitted density of a neighbouring one.

        On the way, that is with a restart, looser self-consistency serves: forces to 5e-6 hartree/bohr.
        """
        on_the_way = replace(self.method, tolerance=max(self.method.tolerance, ON_THE_WAY))
        return self._solve(cluster, self.method if restart is None else on_the_way, restart)

    def precise_point(self, cluster, restart=None):
        """The same with the method's self-consistency: dipoles and forces whose differences are taken."""
        return self._solve(cluster, self.method, restart)

    def confirm(self, cluster):
        """The point with full accuracy, from atoms and several starting spins: not what a path led to."""
        return self._solve(cluster, self.method, None)

    def describe(self, cluster, tolerance=None):
        """Symmetry and shells of the electrons there, ready for JSON; see `electronic_state`, `parentage`.

        tolerance : bohr, of the point group; None for the usual one
        """
        from clusterdft.electronic_symmetry.summary import state_and_shells
        from clusterdft.scf.solve_scf import solve_scf
        from clusterdft.symmetry.point_group import TOLERANCE, find_point_group

        group = find_point_group(cluster, tolerance=TOLERANCE if tolerance is None else tolerance)
        return state_and_shells(solve_scf(cluster, self.method), group)

    def _solve(self, cluster, method, restart):
        from clusterdft.scf.dipole import dipole_moment
        from clusterdft.scf.solve_scf import solve_scf

        result = solve_scf(cluster, method, restart=restart)
        follow = result.hellmann_feynman_forces if self.method.forces == "hellmann-feynman" else result.forces
        return SurfacePoint(
            energy=result.energy,
            forces=follow,
            n_unpaired=result.n_unpaired,
            restart=result.fit_coefficients,
            n_iterations=result.n_iterations,
            details={
                "energies": result.energies,
                "zero_width_energy": result.zero_width_energy,
                "total_forces": result.forces,
                "hellmann_feynman_forces": result.hellmann_feynman_forces,
                "dipole": dipole_moment(result, np.zeros(3)),
            },
        )


@dataclass(frozen=True)
class KohnShamSpec:
    """What a Kohn-Sham surface is built from.

    Parameters
    ----------
    method : Method
    """

    method: Method
    describes = True

    @property
    def key(self):
        return self.method.key

    @property
    def description(self):
        return {"surface": "kohn-sham", **self.method.description}

    def build(self):
        return KohnShamSurface(method=self.method)

    def atom_energy(self, symbol, charge=0):
        """Energy of the isolated, spin-polarised atom or ion, hartree."""
        return _atom_energy(symbol, charge, self.method)

    def check(self, cluster):
        """Raises InputError for an element, charge, spin or size that the method cannot do."""
        from clusterdft.scf.memory import check_memory
        from clusterdft.scf.setup import check_electrons

        check_electrons(cluster, self.method)
        check_memory(cluster.symbols, self.method)

    def warm_up(self):
        """Compiles what a search needs, once, before worker processes start."""
        from clusterdft.scf.warm_up import compile_kernels

        compile_kernels()


@lru_cache(maxsize=64)
def _atom_energy(symbol, charge, method):
    from clusterdft.pseudo import load_pseudopotential
    from clusterdft.scf.solve_scf import solve_scf

    pseudo = load_pseudopotential(symbol, method.pseudopotential)
    if pseudo.z_valence == charge and pseudo.partial_core_exponent.size == 0:
        return 0.0  # a bare ion
    atom = Cluster(symbols=(symbol,), positions=np.zeros((1, 3)), charge=charge)
    return solve_scf(atom, method).energy
