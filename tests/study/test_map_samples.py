"""Maps of a study: planes by rule, mistakes of the tables, and what is kept and drawn."""

import numpy as np
import pytest
from studying import STUDY_FILE, entry, series

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.report.maps import map_on_plane
from clusterdft.study import TABLES
from clusterdft.study.map_planes import main_axis, plane_of
from clusterdft.study.map_samples import maps_of, solve_maps
from clusterdft.study.output_files import draw_figures
from clusterdft.study.plan import MapPlan
from clusterdft.study.series import Series
from clusterdft.study.study_file import load_study
from clusterdft.study.target import solved
from clusterdft.surfaces.kohn_sham import KohnShamSpec
from clusterdft.work.store import open_store

TRIANGLE = np.array([[0, 0, 0], [5.75, 0, 0], [0.9, 5.68, 0]])
CHAIN = Cluster(symbols=("Na",) * 3, positions=6.0 * np.outer(np.arange(3), [0, 0, 1]))


def plan(**more):
    given = {"name": "one", "cluster": "Na3", "what": ("density",), "plane": "principal"}
    return MapPlan(**(given | {"step": None, "orbital": None, "spin": 0} | more))


def written(folder, text):
    path = folder / "study.toml"
    path.write_text(STUDY_FILE + text)
    return path


def test_what_a_table_asks_for(tmp_path):
    text = """
        [maps.figure-1]
        cluster = "Na3+"
        what = ["density", "orbital"]
        plane = [0, 2, 1]
        step = 0.002
        orbital = 1
        spin = "down"
        [maps.figure-2]
        cluster = "Na4"
    """
    one, two = load_study(written(tmp_path, text)).maps
    assert one == plan(
        name="figure-1",
        cluster="Na3+",
        what=("density", "orbital"),
        plane=(0, 2, 1),
        step=0.002,
        orbital=1,
        spin=1,
    )
    assert two == plan(name="figure-2", cluster="Na4")


def test_all_mistakes_at_once(tmp_path):
    text = """
        [maps.levels]
        cluster = "Na2"
        [maps.a]
        cluster = "Na5"
        what = "charge"
        plane = [0, 1]
        step = 0
        colour = "red"
        [maps.b]
        orbital = 1
    """
    with pytest.raises(InputError) as raised:
        load_study(written(tmp_path, text))
    said = str(raised.value)
    for words in (
        "maps.levels",
        "Na5",
        "'charge'",
        "[0, 1]",
        "maps.a.step",
        "colour",
        "maps.b: give the cluster",
    ):
        assert words in said
    assert "orbital and spin belong" in said


def test_the_main_axis_is_the_odd_one_out():
    ring = [[np.cos(a), np.sin(a), 0] for a in 2 * np.pi * np.arange(5) / 5]
    oblate = np.array([*ring, [0, 0, 0.6], [0, 0, -0.6]])
    prolate = np.array([*ring, [0, 0, 3.0], [0, 0, -3.0]])
    for positions in (oblate, prolate):
        assert abs(main_axis(positions)) == pytest.approx([0, 0, 1], abs=1e-9)


def test_a_line_has_no_plane_along_its_axis():
    with pytest.raises(InputError, match="on a line"):
        plane_of(CHAIN, "axial")
    plane, words = plane_of(CHAIN, "principal")
    assert np.abs(plane.coordinates_of(CHAIN.positions)[:, 2]).max() < 1e-9
    assert "all atoms" in words


def test_maps_are_computed_once_and_drawn(tmp_path):
    method = Method(grid="coarse")
    cluster = Cluster(symbols=("Na",) * 3, positions=TRIANGLE)
    result = solved(cluster, method)
    one = entry("Na3", 0, result.energy, positions=TRIANGLE, n_unpaired=1.0)
    sodium = Series(entries=(one, entry("Na4", 0, None)), spec=KohnShamSpec(method))
    plans = [plan(what=("density", "spin-density"), step=0.001), plan(name="none", cluster="Na4")]
    told = []
    for _ in range(2):
        with open_store(tmp_path / "kept.sqlite") as store:
            store.begin({"contents": "properties of clusters"})
            found = solve_maps(sodium, plans, store, progress=told.append)
    assert told == ["map one: computed"]
    assert found["none"] == {"reason": "none of 4 starts relaxed"}
    kept = maps_of(cluster, found["one"])
    for shown, what in zip(kept, plans[0].what, strict=True):
        fresh = map_on_plane(result, plane_of(cluster, "principal")[0], what, step=0.001)
        assert np.abs(shown.values - fresh.values).max() < 1e-8
        assert shown.levels == pytest.approx(fresh.levels)
        assert shown.title == fresh.title
    sodium = Series(entries=sodium.entries, spec=sodium.spec, maps=found)
    tables = {name: TABLES[name](sodium) for name in TABLES}
    missing = draw_figures(sodium, tables, [], tmp_path)
    assert "one" not in missing
    assert missing["none"] == "none of 4 starts relaxed"
    assert (tmp_path / "one.png").stat().st_size > 20_000


def test_a_surface_without_electrons_has_no_maps(tmp_path):
    with open_store(tmp_path / "kept.sqlite") as store:
        store.begin({"contents": "properties of clusters"})
        found = solve_maps(series(entry("Na3", 0, -1.0, positions=TRIANGLE)), [plan()], store)
    assert "no electrons" in found["one"]["reason"]
