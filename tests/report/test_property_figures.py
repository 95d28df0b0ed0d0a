"""Figures of properties: the numbers that go into them, the files, and what they refuse."""

import json
from pathlib import Path

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.properties.levels import Levels, ShellFilling
from clusterdft.report.canvas import typeset
from clusterdft.report.geometry_figures import Drawing, draw_geometries, length_groups, typeset_group, view
from clusterdft.report.jellium_figures import SphereLevels, draw_jellium
from clusterdft.report.level_figures import draw_levels, level_groups
from clusterdft.report.series_figures import (
    Curve,
    draw_atomization,
    draw_ionization,
    draw_stability,
    sphere_curves,
)
from clusterdft.report.vibration_figures import Spectrum, draw_vibrations, lorentzians
from clusterdft.units import BOHR_ANGSTROM

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


def test_sphere_curves_are_the_electrostatics_of_a_sphere():
    """e^2/4 pi eps0 = 14.3996 eV angstrom, R = 4 bohr n^(1/3)."""
    n, image_force, classical = sphere_curves(1, 8, 2.75)
    radius = 4 * BOHR_ANGSTROM * n ** (1 / 3)
    assert n[[0, -1]] == pytest.approx([1, 8])
    assert classical == pytest.approx(2.75 + 0.5 * 14.39964 / radius, abs=1e-4)
    assert image_force == pytest.approx(2.75 + 0.375 * 14.39964 / radius, abs=1e-4)


def test_series_keep_order_errors_and_gaps():
    n, value, error = NEUTRAL.known
    assert n.tolist() == [2, 3, 4]
    assert value.tolist() == [0.45, 0.43, 0.61]
    assert np.isnan(error[[0, 2]]).all()
    assert error[1] == 0.02
    assert Curve(label="x", values={}).known.shape == (3, 0)


@pytest.mark.parametrize(
    ("values", "source"),
    [({0: 1.0}, "paper"), ({2: np.nan}, "paper"), ({2.5: 1.0}, "paper"), ({2: 1.0}, "rumour")],
)
def test_impossible_series(values, source):
    with pytest.raises(InputError, match="give"):
        Curve(label="x", values=values, source=source)


def test_levels_side_by_side():
    assert level_groups(np.array([-5.0, -3.0, -2.995, -2.99, -1.0])) == [[0], [1, 2, 3], [4]]
    assert level_groups(np.array([])) == []


def test_lorentzians_hold_the_intensity_and_the_width():
    grid = np.linspace(-4000, 4000, 400001)
    curve = lorentzians(grid, [100.0, 160.0], [2.0, 0.5], 5.0)
    assert curve.sum() * (grid[1] - grid[0]) == pytest.approx(2.5, rel=2e-3)
    one = lorentzians(np.array([100.0, 102.5]), [100.0], [2.0], 5.0)
    assert one[0] == pytest.approx(2 * 2.0 / (np.pi * 5.0))
    assert one[1] == pytest.approx(one[0] / 2)
    with pytest.raises(InputError, match="width 0"):
        lorentzians(grid, [1.0], [1.0], 0)


@pytest.mark.parametrize(
    ("frequencies", "intensities"),
    [((), None), ((100.0,), (1.0, 2.0)), ((100.0,), (-1.0,)), ((np.nan,), None)],
)
def test_impossible_spectra(frequencies, intensities):
    with pytest.raises(InputError, match="Na2"):
        Spectrum(name="Na2", frequencies_cm1=frequencies, intensities=intensities)


@pytest.mark.parametrize("cluster", [RHOMBUS, SEPTAMER, MIXED])
def test_views_keep_distances_and_hands(cluster):
    seen = view(cluster)
    centred = cluster.positions - cluster.positions.mean(axis=0)
    assert seen @ seen.T == pytest.approx(centred @ centred.T, abs=1e-9)
    flat = seen[:, :2]
    apart = np.linalg.norm(flat[:, None] - flat[None], axis=-1) + 99 * np.eye(len(flat))
    assert apart.min() > 2.0  # no ball hides another's middle
    triple = [np.linalg.det((r - r[0])[[1, 2, 5]]) for r in (seen, centred)] if len(seen) > 5 else [1, 1]
    assert np.sign(triple[0]) == np.sign(triple[1])


def test_planar_clusters_are_seen_from_above():
    assert view(RHOMBUS)[:, 2] == pytest.approx(0, abs=1e-9)
    assert np.ptp(view(RHOMBUS)[:, 0]) == pytest.approx(11.2)


def test_lengths_are_told_once():
    assert length_groups([6.02, 5.5, 6.0, 7.4]) == [
        (5.5, [1]),
        (pytest.approx(6.01), [2, 0]),
        (7.4, [3]),
    ]
    assert length_groups([]) == []


def test_names():
    assert typeset("Na4+") == "Na$_{4}$$^{+}$"
    assert typeset("Na8-2") == "Na$_{8}$$^{2-}$"
    assert typeset("Na6K2") == "Na$_{6}$K$_{2}$"
    assert typeset("Na") == "Na"
    assert typeset_group("D2h") == "$D_{2h}$"
    assert typeset_group("Dinfh") == r"$D_{\infty h}$"


def drawn_figures(folder, levels, spheres, ending="png"):
    """One of each figure; the names of the files."""
    draw_ionization([NEUTRAL, PAPER], folder / f"ionization.{ending}", work_function_ev=2.75)
    draw_atomization([NEUTRAL, CATION], folder / f"atomization.{ending}", bulk_ev=1.11)
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
        "atomization": ["atomization energy (eV/atom)", "bulk"],
        "stability": ["lowest dissociation energy (eV)"],
        "levels": ["Kohn-Sham level (eV)"],
        "spheres": ["level (eV)", "number of electrons", "= 4 bohr", "= 4.86 bohr", "1d"],
        "vibrations": ["wavenumber (cm$^{-1}$)", "km mol"],
        "geometries": ["lengths in bohr", "5.46", "D_{2h}"],
    }
    for name, words in wanted.items():
        text = (tmp_path / f"{name}.svg").read_text()
        assert [word for word in words if word not in text] == [], name


def test_the_known_minima_are_drawn(tmp_path):
    """Distinct lengths of the D3h cation: one, told once."""
    path = Path(__file__).parents[2] / "runs" / "search-statistics" / "sodium-minima.json"
    minima = json.loads(path.read_text())["minima"]
    (found,) = [m for m in minima if (m["natom"], m["charge"]) == (3, 1)]
    cation = Cluster(symbols=("Na",) * 3, positions=found["positions_bohr"], charge=1)
    draw_geometries([Drawing(cluster=cation, point_group="D3h")], tmp_path / "x.svg")
    text = (tmp_path / "x.svg").read_text()
    assert text.count("<!-- 6.0") == 1


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
