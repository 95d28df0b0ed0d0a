"""All figures: files that are written, axes with units, and nothing to draw."""

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.properties.levels import Levels, ShellFilling
from clusterdft.report.geometry_figures import Drawing, draw_geometries
from clusterdft.report.jellium_figures import SphereLevels, draw_jellium
from clusterdft.report.level_figures import draw_levels
from clusterdft.report.series_figures import (
    Curve,
    draw_atomization,
    draw_ionization,
    draw_stability,
)
from clusterdft.report.vibration_figures import Spectrum, draw_vibrations

RHOMBUS = Cluster(symbols=("Na",) * 4, positions=[[2.73, 0, 0], [-2.73, 0, 0], [0, 5.6, 0], [0, -5.6, 0]])
PENTAGON = 5.25 * np.array([[np.cos(a), np.sin(a), 0] for a in 2 * np.pi * np.arange(5) / 5])
SEPTAMER = Cluster(symbols=("Na",) * 7, positions=[*PENTAGON, [0, 0, 3.25], [0, 0, -3.25]], charge=1)
MIXED = Cluster(symbols=("Na", "K", "Na"), positions=[[0, 0, 0], [6.6, 0, 0], [1.0, 5.9, 0.4]])
NEUTRAL = Curve(label="Na$_n$", values={2: 0.45, 3: (0.43, 0.02), 4: 0.61, 6: None})
CATION = Curve(label="Na$_n^+$", values={2: 0.52, 3: 0.86, 7: 0.99}, charge=1)
PAPER = Curve(label="paper", values={3: 0.4}, source="paper")


@pytest.fixture(scope="module")
def levels():
    """Two spins, three levels each, made up."""
    rng = np.random.default_rng(0)
    character = rng.random((2, 3, 5))
    return Levels(
        energy=np.array([[-0.2, -0.1, -0.0995], [-0.19, -0.09, 0.02]]),
        occupation=np.array([[1.0, 0.5, 0.0], [1.0, 0.0, 0.0]]),
        character=character / character.sum(axis=-1, keepdims=True),
        centre=np.zeros(3),
        shells=(ShellFilling(name="1s", electrons=2.0, energy=-0.2),),
    )


@pytest.fixture(scope="module")
def spheres():
    """Two of one density, one of another."""
    levels = {"1s": (-4.0, 2.0), "1p": (-3.0, 0.0)}
    filled = {"1s": (-4.5, 2.0), "1p": (-3.5, 6.0), "1d": (-2.5, 0.0)}
    return [
        SphereLevels(n_electrons=2, radius_per_electron=4.0, levels=levels),
        SphereLevels(n_electrons=8, radius_per_electron=4.0, levels=filled),
        SphereLevels(n_electrons=2, radius_per_electron=4.0, levels=levels),
        SphereLevels(n_electrons=2, radius_per_electron=4.86, levels=levels),
    ]


def drawn_figures(folder, levels, spheres, ending="png"):
    """One of each figure; the names of the files."""
    draw_ionization([NEUTRAL, PAPER], folder / f"ionization.{ending}", work_function_ev=2.75)
    draw_atomization([NEUTRAL, CATION], folder / f"atomization.{ending}")
    draw_stability([NEUTRAL, CATION], [NEUTRAL], folder / f"stability.{ending}", channels={(0, 4): "Na2"})
    draw_levels([("Na3", levels)], folder / f"levels.{ending}")
    draw_jellium(spheres, folder / f"spheres.{ending}")
    spectrum = Spectrum(name="Na3", frequencies_cm1=(-10, 50.0, 90.0), intensities=(0.0, 1.0, 2.0))
    draw_vibrations([spectrum], folder / f"vibrations.{ending}")
    drawings = [Drawing(cluster=RHOMBUS, point_group="D2h", energy="0.6 eV/atom"), Drawing(cluster=SEPTAMER)]
    draw_geometries([*drawings, Drawing(cluster=MIXED)], folder / f"geometries.{ending}", columns=2)


def test_every_figure_is_written_without_a_warning(levels, spheres, tmp_path, recwarn):
    drawn_figures(tmp_path, levels, spheres)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 7
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)
    assert not [str(warning.message) for warning in recwarn.list]


def test_figures_name_their_axes_with_units(levels, spheres, tmp_path):
    drawn_figures(tmp_path, levels, spheres, "svg")
    wanted = {
        "ionization": ["ionization potential (eV)", "number of atoms n", "sphere"],
        "atomization": ["atomization energy (eV/atom)"],
        "stability": ["lowest dissociation energy (eV)"],
        "levels": ["Kohn-Sham level (eV)"],
        "spheres": ["level (eV)", "number of electrons", "= 4 bohr", "= 4.86 bohr", "1d"],
        "vibrations": ["wavenumber (cm$^{-1}$)", "km mol"],
        "geometries": ["lengths in bohr", "5.46", "D_{2h}"],
    }
    for name, words in wanted.items():
        text = (tmp_path / f"{name}.svg").read_text()
        assert [word for word in words if word not in text] == [], name


@pytest.mark.parametrize(
    "draw",
    [
        lambda path: draw_ionization([], path),
        lambda path: draw_atomization([Curve(label="x", values={3: None})], path),
        lambda path: draw_stability([], [], path),
        lambda path: draw_levels([], path),
        lambda path: draw_jellium([], path),
        lambda path: draw_vibrations([], path),
        lambda path: draw_geometries([], path),
    ],
)
def test_nothing_to_draw_is_refused(draw, tmp_path):
    with pytest.raises(InputError, match="give"):
        draw(tmp_path / "x.png")
    assert not list(tmp_path.iterdir())


def test_a_bad_place_is_told(tmp_path):
    with pytest.raises(InputError, match="cannot draw"):
        draw_atomization([NEUTRAL], tmp_path / "x.gif")
