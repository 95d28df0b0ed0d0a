"""Whole pseudopotentials: their numbers, their files, and what is refused."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest

from clusterdft.atom import bound_state, parse_configuration, solve_pseudo_atom
from clusterdft.errors import InputError
from clusterdft.making.pseudopotential.file_text import file_text, make_command
from clusterdft.making.pseudopotential.make import make_pseudopotential, valence_screening
from clusterdft.making.pseudopotential.recipe import REFERENCES, changed_recipe, default_recipe
from clusterdft.pseudo import load_pseudopotential, shipped_elements, shipped_names

PAPER_FILE = ("bhs", "Na")  # from a prototype, kept for the runs that reproduce the paper
MADE = [
    (name, symbol)
    for name in shipped_names()
    for symbol in sorted(shipped_elements(name))
    if (name, symbol) != PAPER_FILE
]
QUICK = [("bhs-core", "Na"), ("bhs", "Li")]


def test_every_recipe_has_its_files():
    assert set(MADE) | {PAPER_FILE} == {(name, symbol) for name in shipped_names() for symbol in REFERENCES}


@pytest.mark.parametrize(
    ("name", "symbol"),
    [pytest.param(*one, marks=() if one in QUICK else pytest.mark.slow) for one in MADE],
)
def test_shipped_file_is_made_again_by_its_command(name, symbol):
    text = shipped_elements(name)[symbol].read_text(encoding="utf-8")
    recipe = default_recipe(symbol, core_correction=name == "bhs-core")
    command = make_command(recipe)
    assert tomllib.loads(text)["command"] == command
    again = make_pseudopotential(recipe)
    assert file_text(again, command) == text
    shipped = load_pseudopotential(symbol, name)
    for one, other in zip(shipped.channels, again.pseudopotential.channels, strict=True):
        for part in ("exponent", "a", "b"):
            np.testing.assert_allclose(getattr(one, part), getattr(other, part), atol=1e-10)


@pytest.mark.parametrize(("l", "tolerance"), [(0, 2e-4), (1, 1e-4), (2, 1e-4)])
def test_fitted_potential_has_the_eigenvalues_of_the_numerical_one(sodium, l, tolerance):  # noqa: E741
    made = sodium.channels[l]
    assert made.fitted_energy == pytest.approx(made.state.energy, abs=tolerance)
    assert abs(made.norm_error) < 1e-6


@pytest.mark.parametrize(("name", "symbol"), MADE)
def test_file_reports_eigenvalues_within_the_tolerance(name, symbol):
    check = tomllib.loads(shipped_elements(name)[symbol].read_text(encoding="utf-8"))["check"]
    for letter, tolerance in (("s", 2e-4), ("p", 1e-4), ("d", 1e-4)):
        entry = check[letter]
        assert entry["eigenvalue_fitted"] == pytest.approx(entry["eigenvalue_all_electron"], abs=tolerance)


def test_sodium_3s_is_the_scalar_relativistic_one(linear_sodium):
    assert linear_sodium.channels[0].state.energy == pytest.approx(-0.103725, abs=2e-5)


def test_pseudo_atom_of_the_file_returns_to_its_reference(sodium):
    atom = solve_pseudo_atom(sodium.pseudopotential, parse_configuration("Na", "3s0.5"))
    assert atom.eigenvalue[0, 0] == pytest.approx(sodium.channels[0].state.energy, abs=5e-5)


def test_own_linear_sodium_is_close_to_the_file_of_the_paper_mode(linear_sodium):
    """Same recipe, another program: the 3s and 3p levels of the atom agree to 0.3 millihartree."""
    configuration = parse_configuration("Na", "3s1 3p0")
    levels = [
        solve_pseudo_atom(pseudo, configuration).eigenvalue[0]
        for pseudo in (linear_sodium.pseudopotential, load_pseudopotential("Na", "bhs"))
    ]
    np.testing.assert_allclose(*levels, atol=3e-4)


def test_unscreening_with_the_partial_core_is_undone_by_screening_with_it(sodium):
    made, mesh = sodium.channels[1], sodium.mesh
    density = 0.5 * made.state.orbital**2 / (4 * np.pi * mesh.r**2)
    core = sodium.pseudopotential.partial_core(mesh.r)
    potential = made.ionic + valence_screening(mesh, density, core)
    assert bound_state(mesh, potential, l=1, nodes=0).energy == pytest.approx(made.state.energy, abs=1e-8)
    without = made.ionic + valence_screening(mesh, density, 0 * core)
    assert abs(bound_state(mesh, without, l=1, nodes=0).energy - made.state.energy) > 1e-3


def test_ionic_potential_ends_as_the_charge_of_the_ion(sodium):
    far = (sodium.mesh.r > 8) & (sodium.mesh.r < 30)
    for made in sodium.channels:
        np.testing.assert_allclose(-sodium.mesh.r[far] * made.ionic[far], 1, atol=5e-4)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"configurations": {0: "2s1"}}, "names the core shell 2s"),
        ({"configurations": {0: "3p1"}}, "has no s shell"),
        ({"configurations": {0: "3s12"}}, "3s"),
        ({"configurations": {2: "3s1 3d1"}}, "not bound|3d"),
        ({"cutoffs": {0: 0.4}}, "inside the outermost node"),
        ({"cutoffs": {0: 8.0}}, "beyond the outermost maximum"),
        ({"cutoffs": {0: 99.0}}, "between 0.1 and 10"),
        ({"core_ratio": 1e6}, "between 0.1 and 100"),
        ({"cutoffs": {3: 2.0}}, "has no f channel"),
    ],
)
def test_impossible_recipes_are_refused_in_one_sentence(change, words):
    with pytest.raises(InputError, match=words) as caught:
        make_pseudopotential(changed_recipe(default_recipe("Na"), **change))
    assert "\n" not in str(caught.value)


def test_a_fit_that_misses_is_refused():
    recipe = replace(default_recipe("K"), gaussians=1)
    with pytest.raises(InputError, match="the fit of the"):
        make_pseudopotential(recipe)
