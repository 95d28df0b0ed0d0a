"""Self-consistent electrons in spherical potentials: their energy as a functional, and what is not bound."""

from dataclasses import replace

import numpy as np
import pytest

from clusterdft.atom import logarithmic_mesh, radial_scf
from clusterdft.atom.radial_problem import (
    LevelNotBound,
    RadialProblem,
    energy_parts,
    find_levels,
    hartree_potential,
    local_functional,
    screening_potential,
    spin_densities,
)
from clusterdft.atom.radial_scf import solve_radial
from clusterdft.errors import InputError, ScfNotConverged

MESH = logarithmic_mesh(3)


def well(depth=3.0, electrons=((1.0, 1.0), (1.0, 0.0)), **changes):
    """1s and 1p electrons in a soft well."""
    problem = RadialProblem(
        name="the well",
        advice="try a deeper one",
        mesh=MESH,
        level_names=("1s", "1p"),
        momenta=(0, 1),
        nodes=(0, 0),
        occupation=np.array(electrons).T,
        ionic=np.tile(-depth / np.sqrt(1 + MESH.r**2), (2, 1)),
        partial_core=0.05 * np.exp(-(MESH.r**2)),
        functional=local_functional("lda-vwn"),
        charge=0.0,
    )
    return replace(problem, **changes)


def solved(problem):
    return solve_radial(problem, np.zeros((problem.nspin, len(MESH.r))))


def energy(problem):
    found = solved(problem)
    return sum(energy_parts(problem, found.levels, found.density, found.screening).values())


def test_hartree_potential_of_an_exponential_density():
    """n = exp(-2r)/pi: v = 1/r - exp(-2r) (1 + 1/r)."""
    r = MESH.r
    exact = 1 / r - np.exp(-2 * r) * (1 + 1 / r)
    np.testing.assert_allclose(hartree_potential(MESH, np.exp(-2 * r) / np.pi), exact, atol=1e-9)


def test_the_density_is_the_derivative_of_the_energy_by_the_potential():
    problem, step = well(), 1e-3
    bump = np.exp(-((MESH.r - 1.5) ** 2))
    ends = [energy(replace(problem, ionic=problem.ionic + sign * step * bump)) for sign in (1, -1)]
    density = solved(problem).density.sum(axis=0)
    expected = MESH.integrate(4 * np.pi * MESH.r**2 * density * bump)
    assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(expected, rel=1e-6)


def test_levels_are_the_derivatives_of_the_energy_by_their_electrons():
    def up_electrons(p):
        return well(electrons=((1.0, 1.0), (p, 0.0)))

    step = 1e-3
    slope = (energy(up_electrons(0.5 + step)) - energy(up_electrons(0.5 - step))) / (2 * step)
    assert slope == pytest.approx(solved(up_electrons(0.5)).levels.eigenvalue[0, 1], abs=1e-7)


def test_the_screening_is_that_of_its_own_density():
    problem = well()
    found = solved(problem)
    own = screening_potential(problem, found.density)
    volume = 4 * np.pi * MESH.r**2
    change = MESH.integrate(volume * found.density * (own - found.screening) ** 2)
    assert np.sqrt(change.sum() / problem.n_electrons) < 1e-10
    assert MESH.integrate(volume * found.density).sum() == pytest.approx(3.0, abs=1e-11)


def test_where_it_begins_does_not_matter():
    problem = well()
    begun = solve_radial(problem, np.tile(0.5 * np.exp(-MESH.r), (2, 1)), damping=0.4)
    np.testing.assert_allclose(
        begun.levels.eigenvalue[problem.occupation > 0],
        solved(problem).levels.eigenvalue[problem.occupation > 0],
        atol=1e-10,
    )


def test_empty_levels_are_solved_on_request_only():
    problem = well(electrons=((1.0, 1.0), (0.0, 0.0)))
    found = solved(problem)
    assert np.isnan(found.levels.eigenvalue[:, 1]).all()
    empty = find_levels(problem, found.screening, np.zeros((2, 2)), empty=True)
    assert np.isfinite(empty.eigenvalue[:, 1]).all()
    assert np.isnan(empty.eigenvalue[:, 0]).all()
    np.testing.assert_allclose(spin_densities(problem, found.levels), found.density, atol=1e-15)


def test_what_is_not_bound_is_named(monkeypatch):
    monkeypatch.setattr(radial_scf, "MOST_ITERATIONS", 60)
    with pytest.raises(LevelNotBound) as unbound:
        solved(well(depth=1.6))
    assert unbound.value.level == "1p"
    assert isinstance(unbound.value, InputError)
    with pytest.raises(LevelNotBound, match="1s"):
        solved(well(depth=-1.0))


def test_no_solution_without_convergence(monkeypatch):
    monkeypatch.setattr(radial_scf, "MOST_ITERATIONS", 3)
    with pytest.raises(ScfNotConverged, match=r"the well did not converge in 3 iterations.*try a deeper one"):
        solved(well())


def test_gradient_functionals_are_refused():
    with pytest.raises(InputError, match="depends on gradients"):
        local_functional("pbe")
