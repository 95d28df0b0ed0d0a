"""The second-moment (Gupta) potential of sodium: a coarse, cheap surface with metallic bonds."""

from dataclasses import dataclass

from clusterdft.errors import InputError
from clusterdft.surfaces.classical_kernels import gupta
from clusterdft.surfaces.surface import SurfacePoint


@dataclass(frozen=True, kw_only=True)
class Gupta:
    """The second-moment approximation of tight binding, with the parameters of bulk sodium.

        E = sum_i [ sum_j A exp(-p (r_ij/r0 - 1)) - (sum_j xi^2 exp(-2 q (r_ij/r0 - 1)))^(1/2) ]

    Parameters
    ----------
    repulsion, hopping : A and xi, hartree
    p, q : decay of repulsion and of hopping
    r0 : bohr, nearest-neighbour distance of the bulk

    Notes
    -----
    Without electrons: charge and spin are ignored, every cluster has no unpaired electron.

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
    def key(self):
        return f"gupta:{self.repulsion!r}:{self.hopping!r}:{self.p!r}:{self.q!r}:{self.r0!r}"

    @property
    def description(self):
        return {
            "surface": "gupta",
            "repulsion_hartree": self.repulsion,
            "hopping_hartree": self.hopping,
            "p": self.p,
            "q": self.q,
            "r0_bohr": self.r0,
        }

    def build(self):
        return self

    def atom_energy(self, symbol, charge=0):
        return 0.0

    def check(self, cluster):
        foreign = sorted(set(cluster.symbols) - {"Na"})
        if foreign:
            raise InputError(
                f"the gupta surface knows sodium only, not {', '.join(foreign)}; give Na clusters"
            )

    def point(self, cluster, restart=None):
        """Energy and forces, cost N^2."""
        energy, forces = gupta(cluster.positions, self.repulsion, self.hopping, self.p, self.q, self.r0)
        forces.setflags(write=False)
        return SurfacePoint(energy=energy, forces=forces)
