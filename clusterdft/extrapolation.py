"""Extrapolation of fixed-point iterations from earlier ones: Anderson's mixing and Pulay's DIIS.

In exact arithmetic both find the combination of iterations, with weights that sum to one, whose residuals
cancel best. `next_input` solves for differences by least squares, which is good down to rounding: potentials
of atoms and jellium spheres are iterated that far. `PulayExtrapolation` works from the residuals' overlaps,
half the digits at a fraction of the cost, and combines quantities that are not what the residual is of, such
as Fock matrices by their commutators. Each keeps the iterates, and so the last digits, of its results.
"""

from collections.abc import Sequence

import numpy as np

from clusterdft.arrays import Floats

MOST_DIFFERENCES = 8  # of inputs and of residuals, that are kept
SMALLEST_SINGULAR_VALUE = 1e-10  # of the normalised differences, relative to the largest


def next_input(
    inputs: Sequence[Floats], residuals: Sequence[Floats], weight: Floats, damping: float
) -> Floats:
    """The input whose linearised residual is least, by Anderson's mixing.

        x = x_n + b f_n - sum_k g_k (dx_k + b df_k),   min_g |weight (f_n - sum_k g_k df_k)|

    Parameters
    ----------
    inputs : list of arrays
        The newest last.
    residuals : list of arrays
        Of the same iterations.
    weight : array
        Of the residuals' shape, or one that broadcasts to it.
    damping : float
        b

    Returns
    -------
    array

    References
    ----------
    Anderson, J. ACM 12, 547 (1965)
    """
    change_in = np.diff(inputs[-MOST_DIFFERENCES - 1 :], axis=0)
    change_out = np.diff(residuals[-MOST_DIFFERENCES - 1 :], axis=0)
    newest, last = inputs[-1], residuals[-1]
    if not len(change_in):
        return newest + damping * last
    columns = (weight * change_out).reshape(len(change_out), -1).T
    length = np.linalg.norm(columns, axis=0) + 1e-300
    shares = (
        np.linalg.lstsq(columns / length, (weight * last).ravel(), rcond=SMALLEST_SINGULAR_VALUE)[0] / length
    )
    step: Floats = np.tensordot(shares, change_in + damping * change_out, axes=1)
    return newest + damping * last - step


class PulayExtrapolation:
    """Weights of earlier iterations that make the sum of their residuals least.

        min |sum_i c_i r_i|^2,   sum_i c_i = 1

    Parameters
    ----------
    depth : int
        Iterations kept.

    References
    ----------
    Pulay, J. Comput. Chem. 3, 556 (1982)
    """

    def __init__(self, depth: int = 10) -> None:
        self.depth = depth
        self.vectors: list[tuple[Floats, ...]] = []
        self.residuals: list[Floats] = []

    def next(self, vectors: tuple[Floats, ...], residual: Floats) -> tuple[Floats, ...]:
        """The same combination of all remembered vectors, this iteration's included.

        Parameters
        ----------
        vectors : tuple of arrays
            What is extrapolated, of this iteration.
        residual : array
            Of this iteration.

        Returns
        -------
        tuple of arrays
        """
        self.vectors.append(vectors)
        self.residuals.append(residual.ravel())
        if len(self.vectors) > self.depth:
            del self.vectors[0], self.residuals[0]
        weights = self._weights()
        combined = tuple(np.zeros_like(array) for array in vectors)
        for weight, arrays in zip(weights, self.vectors, strict=True):
            for total, array in zip(combined, arrays, strict=True):
                total += weight * array
        return combined

    def _weights(self) -> list[float]:
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
        weights: list[float] = np.linalg.lstsq(system, right, rcond=1e-14)[0][:count].tolist()
        return weights
