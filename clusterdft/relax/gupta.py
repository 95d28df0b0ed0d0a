"""The second-moment (Gupta) potential of sodium: a coarse, cheap surface with metallic bonds."""

from dataclasses import dataclass

import numpy as np

from clusterdft.cluster import frozen_array
from clusterdft.errors import InputError
from clusterdft.relax.surface import SurfacePoint


@dataclass(frozen=True, kw_only=True)
class Gupta:
    """The second-moment approximation of tight binding, with the parameters of bulk sodium.

        E = sum_i [ sum_j A exp(-p (r_ij/r0 - 1)) - (sum_j xi^2 exp(-2 q (r_ij/r0 - 1)))^(1/2) ]

    Parameters
    ----------
    repulsion, hopping : A and xi, hartree
    p, q : decay of repulsion and of hopping
    r0 : bohr, nearest-neighbour distance of the bulk

    Notes   Without electrons: charge and spin are ignored, every cluster has no unpaired electron.
    Source  Li, Blaisten-Barojas and Papaconstantopoulos, Phys. Rev. B 57, 15519 (1998)
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
        vector = cluster.positions[:, None] - cluster.positions[None]
        r = np.sqrt(np.sum(vector**2, axis=2))
        np.fill_diagonal(r, np.inf)
        repulsion = self.repulsion * np.exp(-self.p * (r / self.r0 - 1.0))
        hopping = self.hopping**2 * np.exp(-2.0 * self.q * (r / self.r0 - 1.0))
        band = np.sqrt(np.sum(hopping, axis=1))
        energy = np.sum(repulsion) - np.sum(band)
        weight = np.divide(1.0, band, out=np.zeros_like(band), where=band > 0)  # a lone atom has no band
        slope = -2.0 * self.p * repulsion + self.q * hopping * (weight[:, None] + weight[None])
        forces = -np.einsum("ij,ijx->ix", slope / (self.r0 * r), vector)
        return SurfacePoint(energy=float(energy), forces=frozen_array(forces))
