"""The surface: positions to energy and forces. Searches and relaxers see nothing else of the physics."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from clusterdft.cluster import Cluster


@dataclass(frozen=True, kw_only=True, eq=False)
class SurfacePoint:
    """Energy and forces of one geometry.

    Attributes
    ----------
    energy : hartree, the quantity whose negative gradient the forces are
    forces : (natom, 3) hartree/bohr
    n_unpaired : N_up - N_down, an outcome where the spin is free
    restart : what the next point may start from (a density), opaque, or None
    n_iterations : iterations that the point took
    details : what else is known of the point; a Kohn-Sham surface gives "energies", "zero_width_energy",
        "total_forces", "hellmann_feynman_forces" and "dipole" (about the origin of the coordinates)
    """

    energy: float
    forces: np.ndarray
    n_unpaired: float = 0.0
    restart: Any = None
    n_iterations: int = 1
    details: dict = field(default_factory=dict)

    @property
    def largest_force(self):
        """Largest norm of the force on an atom, hartree/bohr."""
        return float(np.sqrt(np.max(np.sum(self.forces**2, axis=1))))


class Surface(Protocol):
    """Energy and forces as a function of the positions.

    A surface may also have ``confirm(cluster)``: the point with full accuracy and without a path's memory.
    Relaxations end with it. And ``precise_point(cluster, restart)``, where ``point`` is less accurate with a
    restart: derivatives are made of such points. And ``describe(cluster)``: what is to be told of its
    electrons, a dict ready for JSON with a "state"; the SurfaceSpec then has ``describes = True``.
    """

    def point(self, cluster: Cluster, restart=None) -> SurfacePoint:
        """Energy and forces there. Raises ScfNotConverged where there is no self-consistent answer."""
        ...


class SurfaceSpec(Protocol):
    """What a surface is built from: small, picklable, the same in every process.

    Attributes
    ----------
    key : hash of everything that changes an energy
    description : the inputs, ready for JSON
    """

    key: str
    description: dict

    def build(self) -> Surface:
        """The surface itself."""
        ...

    def atom_energy(self, symbol: str, charge: int = 0) -> float:
        """Energy of the isolated atom or ion of charge -1 or +1, hartree: the zero of the binding energy."""
        ...

    def check(self, cluster: Cluster) -> None:
        """Raises InputError for an impossible element, charge or spin, before anything runs."""
        ...


@dataclass(frozen=True, kw_only=True)
class LennardJones:
    """The pair potential of Lennard-Jones, the same for all elements: a surface for tests.

        E = sum_pairs 4 epsilon [(sigma/r)^12 - (sigma/r)^6]

    Parameters
    ----------
    epsilon : hartree, well depth
    sigma : bohr, zero of the potential; the default puts the minimum at 6 bohr, as in sodium clusters
    """

    epsilon: float = 0.01
    sigma: float = 6.0 / 2 ** (1 / 6)

    @property
    def key(self):
        return f"lennard-jones:{self.epsilon!r}:{self.sigma!r}"

    @property
    def description(self):
        return {"surface": "lennard-jones", "epsilon_hartree": self.epsilon, "sigma_bohr": self.sigma}

    def build(self):
        return self

    def atom_energy(self, symbol, charge=0):
        return 0.0

    def check(self, cluster):
        """Every element, charge and spin will do: the potential ignores them."""

    def point(self, cluster, restart=None):
        """Energy and forces, cost N^2."""
        from clusterdft.surfaces.classical_kernels import lennard_jones  # numba, which no other surface needs

        energy, forces = lennard_jones(cluster.positions, self.epsilon, self.sigma)
        forces.setflags(write=False)
        return SurfacePoint(energy=energy, forces=forces)
