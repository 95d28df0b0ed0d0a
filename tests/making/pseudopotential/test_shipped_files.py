"""Finding pseudopotential files: what ships, and what a file tells about its making."""

import pytest

from clusterdft.errors import InputError
from clusterdft.making.pseudopotential.shipped_files import find_pseudopotential, shipped_files
from clusterdft.pseudo import load_pseudopotential, shipped_elements, shipped_names

FILE = """
element = "Na"
z_valence = 1
source = "a test"
{recipe}
[core]
alpha = [1.71, 0.5]
c = [5.1815, -4.1815]
"""


def write(folder, recipe):
    path = folder / "Na.toml"
    path.write_text(FILE.format(recipe=recipe), encoding="utf-8")
    return str(path)


def test_every_shipped_file_is_listed():
    entries = {(entry.name, entry.symbol): entry for entry in shipped_files()}
    assert set(entries) == {(name, symbol) for name in shipped_names() for symbol in shipped_elements(name)}
    for (name, symbol), entry in entries.items():
        assert entry.z_valence == load_pseudopotential(symbol, name).z_valence
        assert entry.has_core_correction == (name == "bhs-core")
        assert entry.file.endswith(f"{symbol}-q{entry.z_valence}.toml")


def test_shipped_sodium_says_nothing_and_is_scalar_relativistic():
    found = find_pseudopotential("bhs", "Na")
    assert found.pseudopotential is load_pseudopotential("Na", "bhs")
    assert (found.relativity, found.functional) == ("scalar", "lda-pz")


@pytest.mark.parametrize(
    ("recipe", "relativity"),
    [("", "scalar"), ('recipe = { relativity = "none" }', "none"), ("recipe = {}", "scalar")],
)
def test_a_file_tells_its_relativity(tmp_path, recipe, relativity):
    found = find_pseudopotential(write(tmp_path, recipe))
    assert found.relativity == relativity
    assert found.pseudopotential.symbol == "Na"


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        ('recipe = { relativity = "full" }', "recipe.relativity is 'full'"),
        ("recipe = { functional = 3 }", "recipe.functional is 3"),
    ],
)
def test_a_file_with_an_impossible_recipe_is_refused(tmp_path, recipe, message):
    with pytest.raises(InputError, match=message):
        find_pseudopotential(write(tmp_path, recipe))


@pytest.mark.parametrize(
    ("name", "element", "message"),
    [
        ("bhs", None, "--element"),
        ("bhs", "Xx", "no bhs pseudopotential for Xx"),
        ("nothing", None, "no pseudopotential 'nothing'"),
        ("nothing.toml", None, "cannot read"),
    ],
)
def test_what_is_not_there_is_told(name, element, message):
    with pytest.raises(InputError, match=message):
        find_pseudopotential(name, element)


def test_a_file_of_another_element_is_refused(tmp_path):
    with pytest.raises(InputError, match="for Na, not for K"):
        find_pseudopotential(write(tmp_path, ""), "K")
