"""Surfaces without electrons: Lennard-Jones for tests, Gupta's for sodium, coarse, cheap and metallic."""

from dataclasses import dataclass
from typing import Any

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.surfaces.classical_kernels import gupta, lennard_jones
from clusterdft.surfaces.surface import Surface, SurfacePoint, SurfaceSpec


class ClassicalSurface(Surface, SurfaceSpec):
    """A surface without electrons, which is its own spec; energies count from separated atoms."""

    def build(self) -> Surface:
        """The surface itself, which this is."""
        return self


@dataclass(frozen=True, kw_only=True)
class LennardJones(ClassicalSurface):
    """The pair potential of Lennard-Jones, the same for all elements: a surface for tests.

        E = sum_pairs 4 epsilon [(sigma/r)^12 - (sigma/r)^6]

    Parameters
    ----------
    epsilon : hartree
        Well depth.
    sigma : bohr
        Zero of the potential; the default puts the minimum at 6 bohr, as in sodium clusters.
    """

    epsilon: float = 0.01
    sigma: float = 6.0 / 2 ** (1 / 6)

    @property
    def key(self) -> str:
        """The parameters with all their digits."""
        return f"lennard-jones:{self.epsilon!r}:{self.sigma!r}"

    @property
    def description(self) -> dict[str, Any]:
        """Name and parameters."""
        return {"surface": "lennard-jones", "epsilon_hartree": self.epsilon, "sigma_bohr": self.sigma}

    def point(self, cluster: Cluster, restart: Any = None) -> SurfacePoint:
        """Energy and forces, cost N^2."""
        energy, forces = lennard_jones(cluster.positions, self.epsilon, self.sigma)
        forces.setflags(write=False)
        return SurfacePoint(energy=energy, forces=forces)


@dataclass(frozen=True, kw_only=True)
class Gupta(ClassicalSurface):
    """The second-moment approximation of tight binding, with the parameters of bulk sodium.

        E = sum_i [ sum_j A exp(-p (r_ij/r0 - 1)) - (sum_j xi^2 exp(-2 q (r_ij/r0 - 1)))^(1/2) ]

    Parameters
    ----------
    repulsion, hopping : hartree
        A and xi.
    p, q : float
        Decay of repulsion and of hopping.
    r0 : bohr
        nearest-neighbour distance of the bulk

    References
    ----------
    Li, Blaisten-Barojas and Papaconstantopoulos, Phys. Rev. B 57, 15519 (1998)
    """

    repulsion: float = 5.8615e-4
    hopping: float = 1.06989e-2
    p: float = 10.13
    q: float = 1.30
    r0: float = 6.99

    @property
    def key(self) -> str:
        """The parameters with all their digits."""
        return f"gupta:{self.repulsion!r}:{self.hopping!r}:{self.p!r}:{self.q!r}:{self.r0!r}"

    @property
    def description(self) -> dict[str, Any]:
        """Name and parameters."""
        return {
            "surface": "gupta",
            "repulsion_hartree": self.repulsion,
            "hopping_hartree": self.hopping,
            "p": self.p,
            "q": self.q,
            "r0_bohr": self.r0,
        }

    def check(self, cluster: Cluster) -> None:
        """Raises InputError for other elements than sodium."""
        foreign = sorted(set(cluster.symbols) - {"Na"})
        if foreign:
            raise InputError(
                f"the gupta surface knows sodium only, not {', '.join(foreign)}; give Na clusters"
            )

    def point(self, cluster: Cluster, restart: Any = None) -> SurfacePoint:
        """Energy and forces, cost N^2."""
        energy, forces = gupta(cluster.positions, self.repulsion, self.hopping, self.p, self.q, self.r0)
        forces.setflags(write=False)
        return SurfacePoint(energy=energy, forces=forces)
