"""Maps: what they hold, their levels, planes and words, and the files of `clusterdft map`."""

import matplotlib.image
import numpy as np
import pytest
from ase.io.cube import read_cube

from clusterdft.cli.app import main
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.properties.density import orbital
from clusterdft.properties.sampling import box_around, plane_across, plane_through
from clusterdft.report.map_figures import draw_map, marks
from clusterdft.report.maps import MAPS, contour_levels, map_on_plane, plane_words, sampled
from clusterdft.scf.solve_scf import solve_scf

TRIMER = Cluster(symbols=("Na",) * 3, positions=[[0, 0, 0.5], [5.75, 0, 0.5], [0.9, 5.68, 0.5]])
DIMER_XYZ = "2\nNa2\nNa 0 0 0\nNa 2.91 0 0\n"
XYZ = "3\nNa3\nNa 0 0 0\nNa 3.04 0 0\nNa 0.48 3.0 0\n"


@pytest.fixture(scope="module")
def trimer():
    return solve_scf(TRIMER, Method())


@pytest.fixture(scope="module")
def atoms():
    return {"Na": solve_scf(Cluster(symbols=("Na",), positions=np.zeros((1, 3))), Method())}


@pytest.fixture(scope="module")
def dimer():
    return solve_scf(
        Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 5.5]], n_unpaired=0), Method()
    )


def over_planes(result, what, **options):
    """Integral over space, as a sum of planes one above the other."""
    heights = np.arange(-15, 15.1, 0.5)
    total = 0.0
    for height in heights:
        plane = plane_across(result.cluster, [0, 0, 1], [0, 0, 0.5 + height], margin=15, spacing=0.5)
        shown = map_on_plane(result, plane, what, **options)
        total += shown.values.sum() * (plane.u[1] - plane.u[0]) * (plane.v[1] - plane.v[0]) * 0.5
    return total


@pytest.mark.parametrize(("what", "integral"), [("density", 3), ("spin-density", 1), ("bonding-density", 0)])
def test_stacked_maps_integrate_to_the_electrons(trimer, atoms, what, integral):
    assert over_planes(trimer, what, atoms=atoms) == pytest.approx(integral, abs=3e-4)


def test_the_map_of_an_orbital_is_that_orbital(trimer):
    plane = plane_through(TRIMER, spacing=1.0)
    shown = map_on_plane(trimer, plane, "orbital", index=0, spin=1)
    assert shown.values == pytest.approx(orbital(trimer, plane.points, 0, 1), abs=1e-14)
    assert shown.title.startswith("Na3: orbital 0, spin down")
    assert shown.title.endswith("1 electron")


def test_without_an_index_the_highest_orbital_with_electrons_is_taken(trimer):
    plane = plane_through(TRIMER, spacing=1.0)
    spin, index = max(
        np.argwhere(trimer.occupation > 0.5).tolist(), key=lambda place: trimer.mo_energy[tuple(place)]
    )
    chosen = map_on_plane(trimer, plane, "orbital").values
    assert chosen == pytest.approx(orbital(trimer, plane.points, index, spin), abs=1e-14)


def test_the_plane_of_the_trimer_holds_its_atoms(trimer):
    plane = plane_through(TRIMER)
    assert plane.coordinates_of(TRIMER.positions)[:, 2] == pytest.approx(0, abs=1e-12)
    shown = map_on_plane(trimer, plane, place=plane_words(plane, TRIMER))
    assert shown.place == "plane of all atoms"
    assert all(inside for _, _, inside in marks(shown))
    assert [name for _, names, _ in marks(shown) for name in names] == ["Na0", "Na1", "Na2"]
    for (u, v), _, _ in marks(shown):
        assert plane.u[0] < u < plane.u[-1]
        assert plane.v[0] < v < plane.v[-1]


def test_atoms_off_the_plane_are_open_and_share_a_dot(trimer):
    plane = plane_across(TRIMER, [0, 1, 0], [0, 1.0, 0])
    shown = map_on_plane(trimer, plane)
    assert [(names, inside) for _, names, inside in marks(shown)] == [(["Na0"], False), (["Na1"], False)]
    edge_on = map_on_plane(trimer, plane_across(TRIMER, TRIMER.positions[1] - TRIMER.positions[0]))
    assert [names for _, names, _ in marks(edge_on)] == [["Na0", "Na1"], ["Na2"]]


def test_planes_across_have_the_normal_and_the_point():
    plane = plane_across(TRIMER, [1.0, 2.0, -2.0], [0.3, 0.2, 0.1])
    assert plane.normal == pytest.approx(np.array([1, 2, -2]) / 3, abs=1e-12)
    assert plane.axes @ plane.axes.T == pytest.approx(np.eye(2), abs=1e-12)
    assert plane.coordinates_of([[0.3, 0.2, 0.1]]) == pytest.approx(np.zeros((1, 3)), abs=1e-12)
    assert plane_words(plane) == "plane normal to (0.33, 0.67, -0.67) through (0.3, 0.2, 0.1) bohr"


@pytest.mark.parametrize("axis", np.eye(3))
def test_planes_across_single_atoms_and_lines(axis):
    for positions in ([[0, 0, 0]], [[0, 0, 0], [0, 0, 5.5]]):
        cluster = Cluster(symbols=("Na",) * len(positions), positions=positions)
        plane = plane_across(cluster, axis)
        assert plane.normal == pytest.approx(axis, abs=1e-9)
        assert plane.axes @ plane.axes.T == pytest.approx(np.eye(2), abs=1e-9)


@pytest.mark.parametrize(
    ("normal", "through"), [([0, 0, 0], None), ([1, 0], None), ([0, 0, 1], [1, 2]), ([0, np.nan, 1], None)]
)
def test_impossible_planes(normal, through):
    with pytest.raises(InputError, match="three numbers"):
        plane_across(TRIMER, normal, through)


def test_levels_are_round_symmetric_and_without_zero():
    levels = np.array(contour_levels(np.array([-0.0031, 0.0088])))
    assert levels / 1e-3 == pytest.approx([-3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8])
    assert contour_levels(np.array([-0.0031, 0.0088]), signed=False)[0] == pytest.approx(1e-3)
    assert contour_levels(np.array([0.0, 1.0]), 0.25) == pytest.approx((0.25, 0.5, 0.75, 1.0))
    assert contour_levels(np.array([-1e-9, 1e-9])) == ()


@pytest.mark.parametrize("scale", 10.0 ** np.arange(-6, 3))
def test_there_are_neither_few_nor_many_levels(scale):
    for largest in np.linspace(1, 10, 30) * scale:
        assert 5 <= len(contour_levels(np.array([0.0, largest]))) <= 15


def test_a_step_above_the_largest_value_is_refused_and_not_told_as_zero():
    """Values up to 0.0088 are not zero, whatever the step."""
    values = np.array([-0.0031, 0.0088])
    with pytest.raises(
        InputError, match=r"step of 0.01 between contours of values up to 0.0088; give .* 0.001"
    ):
        contour_levels(values, 0.01)
    assert contour_levels(values, 0.0088) == pytest.approx((0.0088,))
    assert contour_levels(-values, 0.0088) == pytest.approx((-0.0088,))
    assert contour_levels(np.zeros(2), 0.01) == ()


@pytest.mark.parametrize("step", [0.0, -1.0, 1e-9, np.nan, np.inf])
def test_impossible_steps(step):
    with pytest.raises(InputError, match="step"):
        contour_levels(np.array([0.0, 1.0]), step)


def test_unknown_maps_and_spins_of_closed_shells(trimer, dimer):
    with pytest.raises(InputError, match="spin-density"):
        sampled(trimer, np.zeros(3), "charge")
    with pytest.raises(InputError, match="closed shell"):
        sampled(dimer, np.zeros(3), "spin-density")


def test_words_for_planes(dimer):
    assert plane_words(plane_through(dimer.cluster), dimer.cluster) == "a plane through all atoms"
    pyramid = Cluster(symbols=("Na",) * 4, positions=[[0, 0, 0], [6, 0, 0], [0, 6, 0], [0, 0, 6]])
    assert plane_words(plane_through(pyramid), pyramid).startswith("plane of least squares")
    assert plane_words(plane_through(pyramid, [0, 1, 3]), pyramid, [0, 1, 3]) == "plane of atoms 0, 1, 3"


@pytest.mark.parametrize("ending", ["png", "pdf", "svg"])
def test_figures(trimer, atoms, ending, tmp_path):
    plane = plane_through(TRIMER, spacing=0.8)
    maps = [map_on_plane(trimer, plane, what, atoms=atoms) for what in MAPS[::2]]
    draw_map(maps, tmp_path / f"maps.{ending}")
    head = (tmp_path / f"maps.{ending}").read_bytes()
    assert head.startswith({"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}[ending])
    if ending == "png":
        assert matplotlib.image.imread(tmp_path / "maps.png").std() > 0.05
    draw_map(maps, tmp_path / f"again.{ending}")
    assert (tmp_path / f"again.{ending}").read_bytes() == head


def test_figures_say_what_plane_and_levels(trimer, tmp_path):
    plane = plane_through(TRIMER, spacing=0.8)
    shown = map_on_plane(trimer, plane, "density", place=plane_words(plane, TRIMER), step=2e-3)
    draw_map(shown, tmp_path / "map.svg")
    text = (tmp_path / "map.svg").read_text()
    for words in ("electron density", "plane of all atoms", "contours every 2", "u (bohr)"):
        assert words in text


def test_a_map_that_is_zero_says_so(dimer, tmp_path):
    """The lowest antibonding orbital has its node in the middle plane."""
    plane = plane_across(dimer.cluster, [0, 0, 1], spacing=0.5)
    shown = map_on_plane(dimer, plane, "orbital", index=1)
    assert shown.levels == ()
    assert shown.step is None
    draw_map(shown, tmp_path / "zero.svg")
    assert "zero everywhere" in (tmp_path / "zero.svg").read_text()


def test_nothing_to_draw(tmp_path):
    with pytest.raises(InputError, match="no maps"):
        draw_map([], tmp_path / "x.png")


@pytest.fixture
def command(monkeypatch, capsys, tmp_path):
    (tmp_path / "na3.xyz").write_text(XYZ)
    monkeypatch.chdir(tmp_path)

    def run(*words, code=0):
        with pytest.raises(SystemExit) as end:
            main(["map", *map(str, words)])
        told = capsys.readouterr()
        assert end.value.code == code, told.err
        return told

    return run


def test_command_draws(command, tmp_path):
    told = command("na3.xyz", "--what", "spin-density", "--spacing", 0.5)
    assert "spin density" in told.out
    assert "plane of all atoms" in told.out
    assert (tmp_path / "na3-spin-density.png").read_bytes().startswith(b"\x89PNG")


def test_command_writes_cubes_and_molden_files(command, tmp_path):
    command("na3.xyz", "--out", "x.cube", "--margin", 15, "--spacing", 0.6)
    with open("x.cube") as file:
        cube = read_cube(file)
    assert cube["data"].sum() * 0.6**3 == pytest.approx(3, abs=1e-3)
    assert len(cube["atoms"]) == 3
    command("na3.xyz", "--what", "orbital", "--orbital", 0, "--out", "o.cube", "--spacing", 1)
    with open("o.cube") as file:
        assert (read_cube(file)["data"] ** 2).sum() == pytest.approx(1, abs=1e-2)
    command("na3.xyz", "--out", "x.molden")
    assert (tmp_path / "x.molden").read_text().startswith("[Molden Format]")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--out x.gif", ".cube"),
        ("--out no/x.cube", "folder"),
        ("--what charge", "bonding-density"),
        ("--what orbital --orbital 0 --spin left", "up or down"),
        ("--orbital 0", "--what orbital"),
        ("--plane 0,1", "three or more"),
        ("--plane 0,1,9", "0 to 2"),
        ("--plane 0,one,2", "--plane 0,1,2"),
        ("--plane 0,1,2 --normal 0,0,1", "not both"),
        ("--through 0,0,1", "--normal"),
        ("--out x.cube --step 0.1", "--step"),
        ("--out x.molden --what density", "--what"),
        ("--step 0", "above 0"),
        ("--step inf", "a finite one"),
        ("--margin inf", "both finite"),
        ("--spacing inf", "both finite"),
        ("--out x.cube --margin inf", "both finite"),
        ("--out x.cube --spacing nan", "both finite"),
        ("--out x.cube --spacing 1e-5", "a larger spacing"),
        ("--margin 1e300 --spacing 1e-10", "a smaller margin"),
        ("--normal 1,0,0 --margin 0", "without width"),
    ],
)
def test_command_refuses_early_and_in_one_sentence(command, tmp_path, words, told):
    error = command("na3.xyz", *words.split(), code=2).err
    assert told in error
    assert error.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["na3.xyz"]


@pytest.mark.parametrize("name", ["x.cube", "x.png"])
@pytest.mark.parametrize(
    ("words", "told"),
    [("--orbital 9999", "no orbital 9999"), ("--orbital 0 --spin down", "closed shell")],
)
def test_orbitals_that_are_not_there_are_one_sentence_in_every_file(command, tmp_path, name, words, told):
    (tmp_path / "na2.xyz").write_text(DIMER_XYZ)
    error = command("na2.xyz", "--what", "orbital", *words.split(), "--out", name, "--spacing", 1, code=2).err
    assert told in error
    assert error.count("\n") == 1
    assert not (tmp_path / name).exists()


def test_command_tells_the_largest_value_for_a_step_above_it(command, tmp_path):
    error = command("na3.xyz", "--step", 0.5, "--spacing", 1, code=2).err
    assert "a step of 0.5 between contours of values up to 0.00" in error
    assert "zero" not in error
    assert [path.name for path in tmp_path.iterdir()] == ["na3.xyz"]


def test_command_says_where_a_map_is_zero(command, tmp_path):
    """The lowest antibonding orbital has its node in the middle plane."""
    (tmp_path / "na2.xyz").write_text(DIMER_XYZ)
    words = "--what orbital --orbital 1 --normal 1,0,0 --spacing 1"
    error = command("na2.xyz", *words.split()).err
    assert error.endswith(
        "is zero everywhere on this map, plane normal to (1, 0, 0) through (2.75, 0, 0) bohr.\n"
    )


@pytest.mark.parametrize("name", ["x.cube", "x.molden", "x.png"])
def test_file_that_turns_out_unwritable_is_one_sentence(command, tmp_path, name):
    (tmp_path / name).symlink_to(name)  # a link to itself
    error = command("na3.xyz", "--out", name, code=2).err
    assert f"cannot write {name}" in error
    assert error.count("\n") == 1


def test_boxes_and_planes_agree(trimer):
    box = box_around(TRIMER, margin=2.0, spacing=2.0)
    plane = plane_across(TRIMER, [0, 0, 1], box.origin)
    at_origin = sampled(trimer, box.points, "density")[0, 0, 0]
    assert sampled(trimer, plane.origin[None], "density")[0] == pytest.approx(at_origin, abs=1e-14)
