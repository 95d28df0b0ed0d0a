"""The Kohn-Sham surface: positions to energy and forces, for relaxers and searches."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.method import Method
from clusterdft.surfaces.surface import Surface, SurfacePoint, SurfaceSpec

if TYPE_CHECKING:  # loads the integrals, which only those need who solve
    from clusterdft.scf.resolve import ResolvedMethod
    from clusterdft.scf.result import ScfResult

PATH_TOLERANCE = 2e-5  # hartree: of the commutator between the ends of a relaxation


@dataclass(frozen=True, kw_only=True)
class KohnShamSurface(Surface):
    """Kohn-Sham energies and forces in one method.

    Parameters
    ----------
    method : Method
    """

    method: Method

    def point(self, cluster: Cluster, restart: Any = None) -> SurfacePoint:
        """SurfacePoint of a geometry; `restart` is the fitted density of a neighbouring one.

        On the way, that is with a restart, looser self-consistency serves: forces to 5e-6 hartree/bohr.
        """
        looser = replace(self.method, tolerance=max(self.method.tolerance, PATH_TOLERANCE))
        return self._solve(cluster, self.method if restart is None else looser, restart)

    def precise_point(self, cluster: Cluster, restart: Any = None) -> SurfacePoint:
        """The same with the method's self-consistency: dipoles and forces whose differences are taken."""
        return self._solve(cluster, self.method, restart)

    def confirm(self, cluster: Cluster) -> SurfacePoint:
        """The point with full accuracy, from atoms and several starting spins: not what a path led to."""
        return self._solve(cluster, self.method, None)

    def electronic_result(self, cluster: Cluster) -> "ScfResult":
        """The ScfResult of a geometry, from atoms and several starting spins."""
        from clusterdft.scf.solve_scf import solve_scf

        return solve_scf(cluster, self.method)

    def _solve(self, cluster: Cluster, method: Method, restart: Any) -> SurfacePoint:
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
class KohnShamSpec(SurfaceSpec):
    """What a Kohn-Sham surface is built from.

    Parameters
    ----------
    method : Method
    """

    has_electrons: ClassVar[bool] = True
    method: Method

    @property
    def key(self) -> str:
        """The key of the method."""
        return self.method.key

    @property
    def description(self) -> dict[str, Any]:
        """The description of the method."""
        return {"surface": "kohn-sham", **self.method.description}

    def build(self) -> KohnShamSurface:
        """The surface itself."""
        return KohnShamSurface(method=self.method)

    def atom_energy(self, symbol: str, charge: int = 0) -> float:
        """Energy of the isolated, spin-polarised atom or ion, hartree."""
        from clusterdft.scf.resolve import resolve

        return _atom_energy(symbol, charge, resolve(self.method, (symbol,)))

    def check(self, cluster: Cluster) -> None:
        """Raises InputError for an element, charge, spin or size that the method cannot do."""
        from clusterdft.scf.resolve import check_electrons, check_memory, resolve

        resolved = resolve(self.method, cluster.symbols)
        check_electrons(cluster, resolved)
        check_memory(cluster.symbols, resolved)

    def warm_up(self) -> None:
        """Compiles what a search needs, once, before worker processes start."""
        from clusterdft.scf.warm_up import compile_kernels

        compile_kernels()


@lru_cache(maxsize=64)
def _atom_energy(symbol: str, charge: int, resolved: "ResolvedMethod") -> float:
    from clusterdft.scf.solve_scf import solve_scf

    pseudo = resolved.pseudopotentials[symbol]
    if pseudo.z_valence == charge and pseudo.partial_core_exponent.size == 0:
        return 0.0  # a bare ion
    atom = Cluster(symbols=(symbol,), positions=np.zeros((1, 3)), charge=charge)
    return solve_scf(atom, resolved.method).energy
