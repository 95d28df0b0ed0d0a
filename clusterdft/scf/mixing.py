"""Pulay's direct inversion in the iterative subspace (DIIS)."""

import numpy as np


class Diis:
    """Extrapolates Fock matrices so that the sum of their commutators is least.

        F = sum_i c_i F_i,   min |sum_i c_i e_i|^2,   sum c_i = 1,   e = X^T (F P S - S P F) X

    Parameters
    ----------
    depth : number of earlier iterations kept
    Source  Pulay, J. Comput. Chem. 3, 556 (1982)
    """

    def __init__(self, depth=8):
        self.depth = depth
        self.focks = []
        self.errors = []

    def extrapolate(self, fock, error):
        """The best combination of this and the earlier Fock matrices, (nspin, nao, nao)."""
        self.focks.append(fock)
        self.errors.append(error.ravel())
        if len(self.focks) > self.depth:
            del self.focks[0], self.errors[0]
        n = len(self.focks)
        if n == 1:
            return fock
        errors = np.array(self.errors)
        gram = errors @ errors.T
        gram /= gram[-1, -1]
        system = np.ones((n + 1, n + 1))
        system[:n, :n] = gram
        system[n, n] = 0.0
        right = np.zeros(n + 1)
        right[n] = 1.0
        weights = np.linalg.lstsq(system, right, rcond=1e-14)[0][:n]
        return np.tensordot(weights, np.array(self.focks), axes=1)
