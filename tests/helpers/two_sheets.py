"""E x e on a homonuclear triangle, exactly: two sheets from the three bond lengths.

    q_i = r_i - r_0,   Q_a = (q_1 + q_2 + q_3)/3^(1/2)
    Q_1 = (2 q_1 - q_2 - q_3)/6^(1/2),   Q_2 = (q_2 - q_3)/2^(1/2)
    E_+- = K_a Q_a^2 / 2 + K Q^2 / 2 +- |W|,   W = V Q e^(i phi) + G Q^2 e^(-2 i phi)

so that V^2 / 2 (K - 2 G) is the stabilisation of the three minima and V^2 / 2 (K + 2 G) that of the three
saddle points (for G > 0). A displacement of unit length along e' changes Q by (3/2)^(1/2).
"""

from dataclasses import dataclass

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.surfaces.classical import ClassicalSurface
from clusterdft.surfaces.surface import SurfacePoint

SIDE = 6.0
PAIRS = ((0, 1), (1, 2), (2, 0))
TO_Q = np.array([[1, 1, 1], [2, -1, -1], [0, 1, -1]]) / np.sqrt([[3], [6], [2]])


@dataclass(frozen=True, kw_only=True)
class TwoSheets(ClassicalSurface):
    """`equal` gives the mean of both sheets, else the lower one is filled."""

    linear: float = 0.008
    stiffness: float = 0.008
    warping: float = 0.0006
    breathing: float = 0.02
    equal: bool = False

    key = "two sheets"

    @property
    def description(self):
        return {"surface": "two sheets"}

    def filled(self, point, levels, which):
        return self._sheet(point.details["cluster"], -which)

    def point(self, cluster, restart=None):
        return self._sheet(cluster, 0 if self.equal else -1)

    def _sheet(self, cluster, sign):
        x = cluster.positions
        bonds = np.array([x[i] - x[j] for i, j in PAIRS])
        lengths = np.linalg.norm(bonds, axis=1)
        a, q1, q2 = TO_Q @ (lengths - SIDE)
        wave = self.linear * (q1 + 1j * q2) + self.warping * (q1 - 1j * q2) ** 2
        size = max(abs(wave), 1e-14)
        slopes = np.array(
            [
                self.linear + 2 * self.warping * (q1 - 1j * q2),
                1j * self.linear - 2j * self.warping * (q1 - 1j * q2),
            ]
        )
        split = (np.conj(wave) * slopes).real / size
        energy = 0.5 * self.breathing * a**2 + 0.5 * self.stiffness * (q1**2 + q2**2) + sign * size
        by_q = np.array([self.breathing * a, *(self.stiffness * np.array([q1, q2]) + sign * split)])
        by_length = TO_Q.T @ by_q
        forces = np.zeros((3, 3))
        for (i, j), bond, length, slope in zip(PAIRS, bonds, lengths, by_length, strict=True):
            forces[i] -= slope * bond / length
            forces[j] += slope * bond / length
        shares = (0.5, 0.5) if self.equal else (1.0, 0.0)
        return SurfacePoint(
            energy=float(energy),
            forces=forces,
            n_unpaired=1.0,
            details={
                "cluster": cluster,
                "mo_energy": np.array([[-0.15, -size, size], [-0.15, -size, size]]),
                "occupation": np.array([[1.0, *shares], [1.0, 0.0, 0.0]]),
            },
        )

    def stabilisation(self, side=1):
        """Of the minima, or with side = -1 of the saddle points."""
        return self.linear**2 / (2 * (self.stiffness - side * 2 * abs(self.warping)))

    def radius(self, side=1):
        """Distance of minima or saddle points from the centre, in unit displacements of the atoms, bohr."""
        return self.linear / (self.stiffness - side * 2 * abs(self.warping)) / np.sqrt(1.5)


def triangle(side=SIDE, turn=None):
    angle = 2 * np.pi * np.arange(3) / 3
    x = side / np.sqrt(3) * np.column_stack([np.cos(angle), np.sin(angle), 0 * angle])
    return Cluster(symbols=("Na",) * 3, positions=x if turn is None else x @ turn.T, n_unpaired=1)
