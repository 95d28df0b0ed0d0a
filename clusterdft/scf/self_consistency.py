"""The self-consistent field as a generator of steps: DIIS first, projected gradients where that fails.

All matrices are over an orthonormal basis here, and density matrices P hold one electron a level: their
eigenvalues are fractions between 0 and 1. Printing, limits and stopping live outside. A step that is not
marked converged is never a result.

Projected gradient: among all P with fractions between 0 and 1 and the right trace, the energy's linear model
with a quadratic penalty is lowest at

    P' = argmin <F, P'> - T S(P') + U/2 |P' - P|^2,

which fills the levels of F - U P with eps_i + U f_i = mu: a level shift that may leave fractions. Its fixed
points are the solutions of the Kohn-Sham equations with one chemical potential, fractional where levels meet
it. Extrapolating P and F together by the residuals P' - P finds them in ten to twenty steps even
where levels are degenerate, which is where DIIS with whole numbers swings for ever.

References
----------
Pulay, J. Comput. Chem. 3, 556 (1982); Cances and Le Bris, Int. J. Quantum Chem. 79, 82 (2000) for
the relaxed constraints; Anderson, J. ACM 12, 547 (1965)
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.extrapolation import PulayExtrapolation
from clusterdft.scf.energy_functional import EnergyFunctional, Evaluation
from clusterdft.scf.occupation import occupy

MIXING = 0.2  # share of the new Fock matrix in a DIIS vector: a full step overshoots by the polarisability
DIIS_STEPS = 30  # at most before projected gradients take over, from the first step again
# with whole numbers they do so at these steps already where the commutator is still so large (hartree)
STUCK_RESIDUAL = {8: 3e-3, 16: 1e-4}
# (hartree, steps): U of the projected gradient. Small ones keep a symmetric density symmetric and are tried
# first, each from the same start; then large ones, which hold on, from wherever the last one ended
PENALTIES = ((1e-3, 20), (0.01, 30), (0.1, 40), (0.03, 40), (0.3, 40))
N_SMALL_PENALTIES = 2
LONG_STAGE_RESIDUAL = 2e-4  # hartree: a penalty that comes below it gets as many steps again
HANDOVER_RESIDUAL = 1e-3  # hartree: DIIS that comes below it is where they start, else its first step
# tolerances that the commutator may have with the large ones: the energy hardly depends on what is left
LARGE_PENALTY_TOLERANCE = 10.0
FRACTION_PER_RESIDUAL = 20.0  # 1/hartree: change of a fraction at convergence, over the tolerance


@dataclass(frozen=True, kw_only=True, eq=False)
class FilledLevels:
    """Kohn-Sham levels and how they are filled.

    Attributes
    ----------
    mo_energy : (nspin, nmo) hartree
    orbitals : (nspin, nmo, nmo)
        In the orthonormal basis.
    fraction : (nspin, nmo)
        Between 0 and 1.
    entropy_energy : float, hartree
        -T S of all electrons.
    """

    mo_energy: Floats
    orbitals: Floats
    fraction: Floats
    entropy_energy: float

    @property
    def density(self) -> Floats:
        """(nspin, nmo, nmo) P, one electron a level."""
        return (self.orbitals * self.fraction[:, None, :]) @ self.orbitals.transpose(0, 2, 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class ScfStep:
    """One iteration.

    Attributes
    ----------
    iteration : int
        Counted from 1 over all stages.
    stage : "diis" or "projected gradient"
    energy : float, hartree
        With -T S.
    residual : float, hartree
        Largest element of F P - P F.
    occupation_change : float
        Largest change of a fraction that the present levels ask for.
    evaluation : Evaluation
        Of the present density.
    density, fock : (nspin, nmo, nmo)
        P and F.
    fock_in : (nspin, nmo, nmo)
        The Fock matrix that made P.
    entropy_energy : float, hartree
        -T S of the present density.
    converged : bool
        Whether this is a result.
    """

    iteration: int
    stage: str
    energy: float
    residual: float
    occupation_change: float
    evaluation: Evaluation
    density: Floats
    fock: Floats
    fock_in: Floats
    entropy_energy: float
    converged: bool


class SelfConsistency:
    """One run from one start.

    Parameters
    ----------
    functional : EnergyFunctional
    n_unpaired : int or None
        Number of unpaired electrons, or None where both spins share a chemical potential.
    max_iterations : int or None
        Instead of the method's.
    """

    def __init__(
        self, functional: EnergyFunctional, n_unpaired: int | None, max_iterations: int | None = None
    ) -> None:
        self.functional = functional
        self.method = functional.setup.method
        self.n_electrons = functional.setup.n_electrons
        self.basis = functional.setup.orthonormal
        self.n_unpaired = n_unpaired
        self.max_iterations = max_iterations or self.method.max_iterations
        self.iteration = 0
        self.tolerance = self.method.tolerance

    def steps(self, fit_coefficients: Floats) -> Iterator[ScfStep]:
        """The iterations from a fitted density; they end with convergence or at the limit.

        Parameters
        ----------
        fit_coefficients : (nspin, naux)

        Yields
        ------
        ScfStep
        """
        fock = self._orthonormal(self.functional.fock_of_fit(fit_coefficients))
        first, step = yield from self._diis(fock)
        start = step if step.residual < HANDOVER_RESIDUAL else first
        trial = 0
        while not step.converged and self.iteration < self.max_iterations:
            penalty, n_steps = PENALTIES[trial % len(PENALTIES)]
            small_penalty = trial < N_SMALL_PENALTIES
            self.tolerance = self.method.tolerance * (1.0 if small_penalty else LARGE_PENALTY_TOLERANCE)
            step = yield from self._projected_gradient(start if small_penalty else step, penalty, n_steps)
            trial += 1

    def _diis(self, fock: Floats) -> Generator[ScfStep, None, tuple[ScfStep, ScfStep]]:
        """DIIS from a Fock matrix; returns its first and its last step."""
        extrapolation = PulayExtrapolation()
        first: ScfStep | None = None
        for _ in range(min(DIIS_STEPS, self.max_iterations)):
            levels = self.fill(fock)
            evaluation, new_fock = self._evaluate(levels.density)
            commutator = new_fock @ levels.density
            commutator = commutator - commutator.transpose(0, 2, 1)
            change = self._asked_change(new_fock, levels.density, commutator)
            step = self._step("diis", levels, evaluation, levels.density, new_fock, fock, change)
            yield step
            first = first or step
            if step.converged or self._is_stuck(step):
                break
            (fock,) = extrapolation.next((fock + MIXING * (new_fock - fock),), commutator)
        return first or step, step

    def _is_stuck(self, step: ScfStep) -> bool:
        """Whether whole numbers of electrons keep the levels from settling."""
        return self.method.occupation != "fermi" and step.residual > STUCK_RESIDUAL.get(
            self.iteration, np.inf
        )

    def _largest_fraction_change(self) -> float:
        """Largest change of a fraction at convergence: what a level's uncertainty amounts to."""
        steepest = 0.25 / self.method.width if self.method.occupation == "fermi" else 0.0
        return (FRACTION_PER_RESIDUAL + steepest) * self.tolerance

    def _asked_change(self, fock: Floats, density: Floats, commutator: Floats) -> float:
        """Largest change of a fraction that the levels of `fock` ask for; infinite far from convergence."""
        if np.max(np.abs(commutator)) > self.tolerance:
            return np.inf
        levels = self.fill(fock)
        present = fractions_of(density, levels.orbitals)
        return float(np.max(np.abs(levels.fraction - present)))

    def _projected_gradient(
        self, step: ScfStep, penalty: float, n_steps: int
    ) -> Generator[ScfStep, None, ScfStep]:
        """Projected gradients from a step, extrapolated; returns the last one."""
        extrapolation = PulayExtrapolation()
        density = step.density
        evaluation, fock, fock_in = step.evaluation, step.fock, step.fock_in
        for count in range(min(2 * n_steps, self.max_iterations - self.iteration)):
            if count >= n_steps and step.residual > LONG_STAGE_RESIDUAL:
                break
            residual = self.fill(fock, density, penalty).density - density
            mixed = fock_in + MIXING * (fock - fock_in)
            mixed_density, fock_in = extrapolation.next((density, mixed), residual)
            levels = self.fill(fock_in, mixed_density, penalty)
            density = levels.density
            evaluation, fock = self._evaluate(density)
            next_residual = self.fill(fock, density, penalty).density - density
            change = FRACTION_PER_RESIDUAL * penalty * float(np.max(np.abs(next_residual)))
            step = self._step("projected gradient", levels, evaluation, density, fock, fock_in, change)
            yield step
            if step.converged:
                break
        return step

    def fill(self, fock: Floats, density: Floats | None = None, penalty: float = 0.0) -> FilledLevels:
        """Levels of F - U P, filled with a rise U of each level.

        Parameters
        ----------
        fock : (nspin, nmo, nmo) hartree
        density : (nspin, nmo, nmo) or None
            P; without it the levels are those of F.
        penalty : float, hartree
            U

        Returns
        -------
        FilledLevels
        """
        shifted = fock if density is None else fock - penalty * density
        mo_energy, orbitals = np.linalg.eigh(shifted)
        filled = occupy(
            mo_energy,
            kind=self.method.occupation,
            width=self.method.width,
            n_electrons=self.n_electrons,
            n_unpaired=self.n_unpaired,
            rise=penalty,
        )
        return FilledLevels(
            mo_energy=mo_energy,
            orbitals=orbitals,
            fraction=filled.fraction,
            entropy_energy=filled.entropy_energy * (3 - len(fock)),
        )

    def _evaluate(self, density: Floats) -> tuple[Evaluation, Floats]:
        """Evaluation and (nspin, nmo, nmo) Fock matrices of a density."""
        dm = (3 - len(density)) * (self.basis @ density @ self.basis.T)
        evaluation = self.functional.evaluate(dm)
        return evaluation, self._orthonormal(evaluation.fock)

    def _orthonormal(self, fock: Floats) -> Floats:
        over_basis: Floats = self.basis.T @ fock @ self.basis
        return over_basis

    def _step(
        self,
        stage: str,
        levels: FilledLevels,
        evaluation: Evaluation,
        density: Floats,
        fock: Floats,
        fock_in: Floats,
        change: float,
    ) -> ScfStep:
        self.iteration += 1
        commutator = fock @ density
        residual = float(np.max(np.abs(commutator - commutator.transpose(0, 2, 1))))
        return ScfStep(
            iteration=self.iteration,
            stage=stage,
            energy=evaluation.energy + levels.entropy_energy,
            residual=residual,
            occupation_change=change,
            evaluation=evaluation,
            density=density,
            fock=fock,
            fock_in=fock_in,
            entropy_energy=levels.entropy_energy,
            converged=residual < self.tolerance and change < self._largest_fraction_change(),
        )


def fractions_of(density: Floats, orbitals: Floats) -> Floats:
    """How full a density has each of the orbitals: the diagonal of C^T P C.

    Parameters
    ----------
    density, orbitals : (nspin, nmo, nmo)

    Returns
    -------
    (nspin, nmo)
    """
    fraction: Floats = np.sum(orbitals * (density @ orbitals), axis=1)
    return fraction
