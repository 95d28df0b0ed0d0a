"""The self-consistent field as a generator of steps: DIIS first, optimal damping where that fails.

Printing, limits and stopping live outside. A step that is not marked converged is never a result.

Sources  DIIS: Pulay, J. Comput. Chem. 3, 556 (1982). Optimal damping with fractional occupations:
Cancès and Le Bris, Int. J. Quantum Chem. 79, 82 (2000); Cancès, J. Chem. Phys. 114, 10616 (2001)
"""

from dataclasses import dataclass

import numpy as np

from clusterdft.scf.evaluate import Evaluation, Functional
from clusterdft.scf.mixing import Diis
from clusterdft.scf.occupation import occupy

SOFT, STIFF = 0.03, 0.5  # hartree: range of the stiffness U of fractional occupations
OCCUPATION_TOLERANCE = 20.0  # largest change of a fraction, in units of the commutator's tolerance per hartree
DIIS_STEPS = 40  # before damping takes over
DAMPING_STEPS = 60
GOOD_ENOUGH = 2e-3  # hartree: commutator below which damping hands back to DIIS


@dataclass(frozen=True, kw_only=True, eq=False)
class Levels:
    """Kohn-Sham levels and how they are filled.

    Attributes
    ----------
    mo_energy : (nspin, nmo) hartree
    mo_coeff : (nspin, nao, nmo)
    fraction : (nspin, nmo) between 0 and 1
    entropy_energy : -T S of all electrons, hartree
    """

    mo_energy: np.ndarray
    mo_coeff: np.ndarray
    fraction: np.ndarray
    entropy_energy: float = 0.0

    @property
    def occupation(self):
        """(nspin, nmo) electrons in each level: up to 2 in a closed shell, up to 1 with two spins."""
        return self.fraction * (3 - len(self.fraction))

    @property
    def dm(self):
        """(nspin, nao, nao) density matrices."""
        dms = []
        for coeff, electrons in zip(self.mo_coeff, self.occupation, strict=True):
            filled = electrons > 1e-14
            occupied = coeff[:, filled]
            dms.append((occupied * electrons[filled]) @ occupied.T)
        return np.array(dms)


@dataclass(frozen=True, kw_only=True, eq=False)
class ScfStep:
    """One iteration.

    Attributes
    ----------
    iteration : counted from 1 over all stages
    stage : "diis" or "damping"
    energy : hartree, with -T S
    residual : largest element of the commutator in an orthonormal basis, hartree
    occupation_change : largest change of a fraction that the present levels ask for
    evaluation, levels : the state itself
    converged : whether this is a result
    """

    iteration: int
    stage: str
    energy: float
    residual: float
    occupation_change: float
    evaluation: Evaluation
    levels: Levels
    converged: bool


class SelfConsistency:
    """One run from one start.

    Parameters
    ----------
    functional : Functional
    n_unpaired : number of unpaired electrons, or None where both spins share a chemical potential
    """

    def __init__(self, functional: Functional, n_unpaired):
        self.functional = functional
        self.frame = functional.frame
        self.method = self.frame.method
        self.n_unpaired = n_unpaired
        self.iteration = 0
        self.stiffness = SOFT
        self.last_change = None

    def steps(self, fit_coefficients):
        """Yields ScfStep from fitting coefficients (nspin, naux); the last one is converged or the limit is reached."""
        levels = self.fill(self.functional.fock_of_fit(fit_coefficients), None)
        limit = self.method.max_iterations
        while self.iteration < limit:
            step = yield from self.diis(levels, min(DIIS_STEPS, limit - self.iteration))
            if step.converged or self.iteration >= limit:
                return
            step = yield from self.damp(step, min(DAMPING_STEPS, limit - self.iteration))
            levels = step.levels

    def diis(self, levels, n_steps):
        """At most n_steps DIIS steps from `levels`; returns the last one."""
        diis = Diis()
        dm, entropy_energy = levels.dm, levels.entropy_energy
        for _ in range(n_steps):
            evaluation = self.functional.evaluate(dm)
            error = self.commutator(evaluation)
            residual = float(np.max(np.abs(error)))
            trial = None
            if residual < self.method.tolerance:
                trial = self.fill(evaluation.fock, dm)
            fock = diis.extrapolate(evaluation.fock, error)
            levels = trial or self.fill(fock, dm)
            step = self.step("diis", evaluation, residual, levels, entropy_energy)
            yield step
            if step.converged:
                return step
            dm, entropy_energy = levels.dm, levels.entropy_energy
        return step

    def damp(self, step, n_steps):
        """Mixes density matrices so that the energy falls at every step; returns the last one.

        E(dm + s (dm' - dm)) is interpolated by a cubic through values and slopes at s = 0 and 1, with the
        entropy's term taken linear in s, an upper bound.
        """
        evaluation, entropy = step.evaluation, step.energy - step.evaluation.energy
        for _ in range(n_steps):
            levels = self.fill(evaluation.fock, evaluation.dm)
            direction = levels.dm - evaluation.dm
            rise = levels.entropy_energy - entropy
            full = self.functional.evaluate(evaluation.dm + direction)
            slopes = [float(np.vdot(e.fock, direction)) + rise for e in (evaluation, full)]
            share = _cubic_minimum(evaluation.energy, full.energy + rise, *slopes)
            evaluation = (
                full if share == 1.0 else self.functional.evaluate(evaluation.dm + share * direction)
            )
            entropy += share * rise
            residual = float(np.max(np.abs(self.commutator(evaluation))))
            levels = self.fill(evaluation.fock, evaluation.dm)
            step = self.step("damping", evaluation, residual, levels, entropy)
            yield step
            if step.converged or (residual < GOOD_ENOUGH and abs(slopes[0]) < GOOD_ENOUGH**1.5):
                break
        return step

    def step(self, stage, evaluation, residual, levels, entropy_energy):
        """ScfStep of an evaluation and the levels that follow from it."""
        self.iteration += 1
        change = self.last_change
        tolerance = self.method.tolerance
        settled = float(np.max(np.abs(change))) if change is not None else np.inf
        return ScfStep(
            iteration=self.iteration,
            stage=stage,
            energy=evaluation.energy + entropy_energy,
            residual=residual,
            occupation_change=settled,
            evaluation=evaluation,
            levels=levels,
            converged=residual < tolerance and settled < OCCUPATION_TOLERANCE * tolerance,
        )

    def commutator(self, evaluation):
        """(nspin, nmo, nmo) X^T (F P S - S P F) X, in units of one electron a level."""
        x = self.frame.orthonormal
        sx = self.frame.overlap @ x
        share = 1.0 / (3 - len(evaluation.dm))
        errors = []
        for fock, dm in zip(evaluation.fock, evaluation.dm, strict=True):
            half = (x.T @ fock) @ (dm @ sx) * share
            errors.append(half - half.T)
        return np.array(errors)

    def fill(self, fock, dm):
        """Levels of Fock matrices, filled; `dm` tells how full the present density has them."""
        x = self.frame.orthonormal
        mo_energy, vectors = np.linalg.eigh(x.T @ fock @ x)
        mo_coeff = x @ vectors
        previous = self._previous_fraction(dm, mo_coeff)
        filled = occupy(
            mo_energy,
            np.zeros_like(mo_energy) if previous is None else previous,
            kind=self.method.occupation,
            width=self.method.width,
            n_electrons=self.frame.n_electrons,
            n_unpaired=self.n_unpaired,
            stiffness=self.stiffness if previous is not None else 1e-9,
        )
        if previous is not None:
            self._adapt(filled.fraction - previous)
        return Levels(
            mo_energy=mo_energy,
            mo_coeff=mo_coeff,
            fraction=filled.fraction,
            entropy_energy=filled.entropy_energy * (3 - len(fock)),
        )

    def _previous_fraction(self, dm, mo_coeff):
        """(nspin, nmo) diagonal of the density matrices in the orbitals, per level of capacity one."""
        if dm is None:
            return None
        projected = self.frame.overlap @ mo_coeff
        return np.einsum("sai,sai->si", projected, dm @ projected) / (3 - len(dm))

    def _adapt(self, change):
        """Stiffer where fractions swing back and forth, softer where they creep on."""
        if self.last_change is not None and self.last_change.shape == change.shape:
            swing = float(np.vdot(change, self.last_change))
            factor = 2.0 if swing < 0 else 0.75
            self.stiffness = float(np.clip(self.stiffness * factor, SOFT, STIFF))
        self.last_change = change


def _cubic_minimum(e0, e1, slope0, slope1):
    """Where in (0, 1] the cubic with these end values and slopes is lowest; at least 0.02."""
    a = 2 * (e0 - e1) + slope0 + slope1
    b = 3 * (e1 - e0) - 2 * slope0 - slope1
    candidates = [1.0]
    roots = np.roots([3 * a, 2 * b, slope0]) if a or b else np.array([])
    candidates += [float(root.real) for root in roots if abs(root.imag) < 1e-12 and 0 < root.real < 1]
    best = min(candidates, key=lambda s: ((a * s + b) * s + slope0) * s)
    return max(best, 0.02)
