"""Extrapolation from earlier iterations (Pulay's DIIS, Anderson's mixing)."""

import numpy as np


class Extrapolation:
    """Weights of earlier iterations that make the sum of their residuals least.

        min |sum_i c_i r_i|^2,   sum_i c_i = 1

    Parameters
    ----------
    depth : iterations kept

    References
    ----------
    Pulay, J. Comput. Chem. 3, 556 (1982); Anderson, J. ACM 12, 547 (1965)
    """

    def __init__(self, depth=10):
        self.depth = depth
        self.vectors = []
        self.residuals = []

    def next(self, vectors, residual):
        """The same combination of all remembered `vectors` (a tuple of arrays), this iteration's included."""
        self.vectors.append(vectors)
        self.residuals.append(residual.ravel())
        if len(self.vectors) > self.depth:
            del self.vectors[0], self.residuals[0]
        weights = self._weights()
        return tuple(
            sum(weight * array for weight, array in zip(weights, arrays, strict=True))
            for arrays in zip(*self.vectors, strict=True)
        )

    def _weights(self):
        count = len(self.residuals)
        if count == 1:
            return [1.0]
        residuals = np.array(self.residuals)
        gram = residuals @ residuals.T
        if not gram[-1, -1] > 0:
            return [0.0] * (count - 1) + [1.0]
        system = np.ones((count + 1, count + 1))
        system[:count, :count] = gram / gram[-1, -1]
        system[count, count] = 0.0
        right = np.zeros(count + 1)
        right[count] = 1.0
        return np.linalg.lstsq(system, right, rcond=1e-14)[0][:count]
