"""Files of generated pseudopotentials, and the commands that they name."""

import numpy as np

from clusterdft.making.pseudopotential.file_text import file_text, make_command
from clusterdft.making.pseudopotential.recipe import changed_recipe, default_recipe
from clusterdft.pseudo.bhs import read_bhs


def test_file_text_can_be_read_and_keeps_every_number(sodium, tmp_path):
    path = tmp_path / "Na-q1.toml"
    path.write_text(file_text(sodium, make_command(sodium.recipe)))
    read = read_bhs(path)
    for part in ("core_alpha", "core_c", "partial_core_exponent", "partial_core_coefficient"):
        np.testing.assert_array_equal(getattr(read, part), getattr(sodium.pseudopotential, part))
    r = np.linspace(0, 6, 20)
    for l in range(3):  # noqa: E741
        np.testing.assert_array_equal(read.potential(l, r), sodium.pseudopotential.potential(l, r))


def test_command_names_every_departure():
    recipe = changed_recipe(
        default_recipe("Na", core_correction=True, relativity="none"),
        configurations={1: "3p1"},
        cutoffs={0: 1.7},
        core_ratio=3.0,
        highest=1,
    )
    assert make_command(recipe) == (
        "clusterdft pseudo make Na --charge 1 --core-correction --core-ratio 3 --relativity none "
        '--cutoff s=1.7 --reference p="3p1" --highest p'
    )
