"""Tables of series whose energies are known: every number follows by adding and subtracting."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from studying import entry, rows_of, series

from clusterdft.errors import InputError
from clusterdft.geometry.distances import distances as distances_in
from clusterdft.making.quality.dimer_curve import Dimer
from clusterdft.method import Method
from clusterdft.study import TABLES
from clusterdft.study.quantities import dimers
from clusterdft.study.quantities.bonds_and_shape import distances_of, shape_of
from clusterdft.study.quantities.channels import channels_of
from clusterdft.study.quantities.spin_populations import equivalent_groups
from clusterdft.study.series import in_order
from clusterdft.study.solving import target_of
from clusterdft.surfaces.kohn_sham import KohnShamSpec
from clusterdft.units import HARTREE_EV

EV = 1 / HARTREE_EV
ATOM, ION = -0.2, -0.01  # hartree
# atomization energies per atom, eV, as printed in tables V of the 1985 paper
NEUTRAL = {2: 0.45, 3: 0.43, 4: 0.61, 5: 0.64}
CATION = {2: 0.52, 3: 0.86, 4: 0.82, 5: 0.88}


def paper_series(without=()):
    entries = [entry("Na", 0, ATOM), entry("Na", 1, ION)]
    entries += [entry(f"Na{n}", 0, n * ATOM - n * e * EV) for n, e in NEUTRAL.items()]
    entries += [entry(f"Na{n}", 1, (n - 1) * ATOM + ION - n * e * EV) for n, e in CATION.items()]
    return series(*(one for one in entries if one.name not in without))


def table(name, of):
    return rows_of(TABLES[name](of))


def test_atomization_gives_back_the_energies_per_atom():
    rows = table("atomization", paper_series())
    for n, value in NEUTRAL.items():
        assert rows[f"Na{n}"]["atomization_per_atom_ev"] == pytest.approx(value, abs=1e-10)
    for n, value in CATION.items():
        assert rows[f"Na{n}+"]["atomization_per_atom_ev"] == pytest.approx(value, abs=1e-10)
    assert rows["Na3"]["second_difference_ev"] == pytest.approx(2 * 3 * 0.43 - 4 * 0.61 - 2 * 0.45, abs=1e-10)


@pytest.mark.parametrize("path", [("Na + Na4+", "Na + Na3+", "Na + Na2+"), ("Na2 + Na3+", "Na + Na2+")])
def test_atomization_is_the_sum_along_any_path(path):
    found = paper_series()
    rows, total = table("atomization", found), 0.0
    name = "Na5+"
    for step in path:
        channels, missing, _ = channels_of(found, found.find(name[:3], 1))
        assert not missing
        total += {c["channel"]: c["energy_ev"] for c in channels}[step]
        left, name = step.split(" + ")
        total += 0.0 if left == "Na" else rows[left]["atomization_energy_ev"]
    total += rows[name]["atomization_energy_ev"]
    assert total == pytest.approx(rows["Na5+"]["atomization_energy_ev"], abs=1e-9)


def test_the_papers_value_of_na5_plus_is_the_dimer_channel():
    row = table("dissociation", paper_series())["Na5+"]
    assert row["lowest_channel"] == "Na2 + Na3+"
    assert row["dissociation_energy_ev"] == pytest.approx(5 * 0.88 - 2 * 0.45 - 3 * 0.86, abs=1e-10)
    assert row["next_channel"] == "Na + Na4+"
    assert row["next_channel_energy_ev"] == pytest.approx(1.12, abs=1e-10)


def test_fragments_of_one_size_are_named_neutral_first():
    assert table("dissociation", paper_series())["Na2+"]["lowest_channel"] == "Na + Na+"


def test_without_a_fragment_there_is_no_lowest_channel_but_the_known_ones_are_told():
    found = paper_series(without=("Na3",))
    row = table("dissociation", found)["Na4"]
    assert row["dissociation_energy_ev"] is None
    assert row["lowest_channel"] is None
    assert row["remark"] == "the lowest channel is not known without Na3"
    channels, missing, _ = channels_of(found, found.find("Na4", 0))
    assert missing == ["Na3"]
    assert channels[0]["channel"] == "Na2 + Na2"


def test_adiabatic_potentials_and_their_difference_to_the_atom():
    rows = table("ionization", paper_series())
    assert rows["Na"]["adiabatic_ip_ev"] == pytest.approx((ION - ATOM) / EV)
    for n in NEUTRAL:
        expected = n * (NEUTRAL[n] - CATION[n])
        assert rows[f"Na{n}"]["adiabatic_ip_minus_atom_ev"] == pytest.approx(expected, abs=1e-9)
    assert "Na3+" not in rows


def test_vertical_potentials_both_ways():
    solved = {
        ("Na2", "vertical-ionization"): {"charge": 1, "energy_hartree": -0.15},
        ("Na2+", "vertical-attachment"): {"charge": 0, "energy_hartree": -0.40},
    }
    found = series(
        entry("Na", 0, ATOM),
        entry("Na", 1, ION),
        entry("Na2", 0, -0.42),
        entry("Na2", 1, -0.17),
        solved=solved,
    )
    row = table("ionization", found)["Na2"]
    assert row["vertical_ip_ev"] == pytest.approx((-0.15 + 0.42) / EV)
    assert row["adiabatic_ip_ev"] == pytest.approx((-0.17 + 0.42) / EV)
    assert row["vertical_ip_from_ion_ev"] == pytest.approx((-0.17 + 0.40) / EV)


def test_an_ionization_potential_without_the_other_charge_is_left_out_with_the_reason():
    row = table("ionization", paper_series(without=("Na3+",)))["Na3"]
    assert row["adiabatic_ip_ev"] is None
    assert "adiabatic_ip: no energy of charge +1" in row["remark"]


def test_electron_affinities_where_anions_were_searched():
    entries = (
        entry("Na", 0, ATOM),
        entry("Na", -1, ATOM - 0.02),
        entry("Na2", 0, -0.42),
        entry("Na2", -1, -0.44),
    )
    rows = table("ionization", series(*entries))
    assert rows["Na2"]["adiabatic_ea_ev"] == pytest.approx(0.02 / EV)
    assert rows["Na2-"]["adiabatic_ip_ev"] == pytest.approx(0.02 / EV)
    assert "adiabatic_ea_ev" not in table("ionization", paper_series())["Na2"]


def test_the_sphere_model_stands_beside():
    row = table("ionization", paper_series())["Na2"]
    radius = 3.93 * 2 ** (1 / 3)
    assert row["sphere_ip_image_force_ev"] == pytest.approx(2.75 + 3 / 8 / radius / EV)
    assert row["sphere_ip_classical_ev"] == pytest.approx(2.75 + 1 / 2 / radius / EV)


def test_a_search_that_found_nothing_is_a_row_with_its_reason():
    found = series(entry("Na", 0, ATOM), entry("Na3", 0, None))
    for name in TABLES:
        rows = table(name, found)
        if "Na3" in rows:
            assert "none of 4 starts relaxed" in rows["Na3"]["remark"], name
    assert table("atomization", found)["Na3"]["atomization_per_atom_ev"] is None


def test_a_property_that_was_not_asked_for_says_so():
    assert table("levels", series(entry("Na2", 0, -0.42)))["Na2"]["remark"] == "levels was not asked for"


def test_every_table_has_one_row_a_cluster_where_there_is_one_isomer():
    found = paper_series()
    for name in TABLES:
        clusters = [row["cluster"] for row in TABLES[name](found)]
        assert len(clusters) == len(set(clusters)), name
        assert all(set(row) >= {"cluster", "remark"} for row in TABLES[name](found))


def test_distances_and_shape_do_not_depend_on_place_orientation_or_order():
    rng = np.random.default_rng(5)
    x = 6.5 * rng.normal(size=(6, 3)) + 2.0 * np.arange(6)[:, None]
    turned = Rotation.random(random_state=3).apply(x)[rng.permutation(6)] + [3.0, -1.0, 2.0]
    one, other = (target_of(e, series(e)) for e in (entry("Na6", 0, -1.0, positions=p) for p in (x, turned)))
    for function, names in (
        (distances_of, ("shortest_bohr", "mean_bohr", "spread_bohr", "lengths_bohr")),
        (shape_of, ("beta", "gamma_degrees")),
    ):
        a, b = function(one), function(other)
        for name in names:
            assert np.allclose(a[name], b[name], rtol=0, atol=1e-6)
    assert distances_of(one)["pairs"] == len(distances_in(one.cluster).lengths)


def test_spin_populations_come_in_groups_with_the_other_populations_of_the_same_nuclei():
    solved = {
        ("Na3", "spin-populations"): {
            "isotropic": [0.47, -0.06, 0.49],
            "groups": [
                {"element": "Na", "isotropic": 0.48, "atoms": [0, 2]},
                {"element": "Na", "isotropic": -0.06, "atoms": [1]},
            ],
        },
        ("Na3", "populations"): {"mulliken_spin": [0.5, -0.1, 0.6], "loewdin_spin": [0.4, 0.2, 0.4]},
        ("Na2", "spin-populations"): {"reason": "a singlet has no spin populations"},
    }
    rows = table("spin_populations", series(entry("Na3", 0, -0.6), entry("Na2", 0, -0.4), solved=solved))
    assert rows["Na3"]["isotropic"] == [[0.48, 2], [-0.06, 1]]
    assert np.allclose(rows["Na3"]["mulliken_spin"], [[0.55, 2], [-0.1, 1]])
    assert rows["Na2"]["isotropic"] is None
    assert "singlet" in rows["Na2"]["remark"]


def test_intensities_stand_beside_the_frequencies():
    bright = {"kind": "minimum", "reason": "", "frequencies_cm1": [50.0, 90.0], "zero_point_energy_ev": 0.01}
    solved = {
        ("Na3", "vibrations"): bright | {"infrared_km_per_mol": [1.5, 0.0]},
        ("Na4", "vibrations"): bright | {"infrared_km_per_mol": None},
    }
    rows = table("vibrations", series(entry("Na3", 0, -0.6), entry("Na4", 0, -0.8), solved=solved))
    assert rows["Na3"]["infrared_km_per_mol"] == [1.5, 0.0]
    assert rows["Na3"]["remark"] == ""
    assert rows["Na4"]["infrared_km_per_mol"] is None
    assert "no intensities" in rows["Na4"]["remark"]


@pytest.mark.parametrize(("basis", "lacks"), [("paper-3s2p", True), ("opt-4s3p1d", False)])
def test_polarizabilities_without_d_functions_are_marked(basis, lacks):
    solved = {
        ("Na3", "dipole"): {"dipole_length_electron_bohr": 0.1},
        ("Na3", "polarizability"): {"mean_polarizability_bohr3": 450.0, "anisotropy_bohr3": 100.0},
    }
    found = series(entry("Na3", 0, -0.6), entry("Na2", 0, -0.4), solved=solved)
    found = replace(found, spec=KohnShamSpec(Method(basis=basis)))
    rows = table("response", found)
    assert rows["Na3"]["polarizability_per_atom_bohr3"] == 150
    assert ("28 to 50 % too small" in rows["Na3"]["remark"]) == lacks
    assert "too small" not in rows["Na2"]["remark"]


def test_order_of_clusters():
    names = [
        e.name
        for e in in_order([entry("Na3", -1, 0), entry("Na3", 1, 0), entry("Na2", 1, 0), entry("Na3", 0, 0)])
    ]
    assert names == ["Na2+", "Na3", "Na3+", "Na3-"]


def test_a_second_difference_without_a_neighbour_says_which():
    rows = table("atomization", paper_series())
    assert rows["Na3"]["remark"] == ""
    for name, lacking in (("Na5", "Na6"), ("Na5+", "Na6+")):
        assert rows[name]["second_difference_ev"] is None
        assert rows[name]["remark"] == f"the second difference is not known without {lacking}"
    alone = series(entry("Na", 0, ATOM), entry("Na3", 0, -0.7))
    assert table("atomization", alone)["Na3"]["remark"].endswith("without Na2 and Na4")
    mixed = table("atomization", series(entry("Na2K", 0, -0.6)))["Na2K"]
    assert "second differences are told of clusters of one element" in mixed["remark"]


def test_isomers_that_were_not_examined_say_so():
    soft = {"verdict": "uncertain", "verdict_reason": "too flat"}
    known = entry("Na3", 0, -0.6, verdict="minimum"), entry("Na4", 0, -0.8, **soft), entry("Na5", 0, -1.0)
    rows = table("isomers", series(*known))
    assert rows["Na3"]["remark"] == ""
    assert rows["Na4"]["remark"] == "too flat"
    assert rows["Na5"]["vibrations"] is None
    assert rows["Na5"]["remark"] == "vibrations not examined"


def test_spins_of_other_populations_that_are_missing_have_a_reason():
    groups = [{"element": "Na", "isotropic": 0.5, "atoms": [0, 1]}]
    solved = {("Na2+", "spin-populations"): {"isotropic": [0.5, 0.5], "groups": groups}}
    row = table("spin_populations", series(entry("Na2", 1, -0.2), solved=solved))["Na2+"]
    assert row["mulliken_spin"] is None
    assert row["loewdin_spin"] is None
    assert row["remark"] == "populations was not asked for"


class Curve:
    """Stands for a Dimer's function: a curve with the spin that is asked for, 0 where it is free."""

    def __init__(self):
        self.asked = []

    def __call__(self, symbol, method, *, n_unpaired, **more):
        self.asked.append(n_unpaired)
        return Dimer(
            symbol=symbol, charge=0, re=9.5, de=0.001, we=1e-4, energy=-0.4, n_unpaired=float(n_unpaired or 0)
        )


@pytest.mark.parametrize(("asked", "found", "told"), [(2, 2.0, True), (None, 0.0, True), (None, -2.0, False)])
def test_the_curve_of_a_dimer_has_the_spin_of_the_isomer(monkeypatch, asked, found, told):
    curve = Curve()
    monkeypatch.setattr(dimers, "dimer_constants", curve)
    one = entry("Na2", 0, -0.4, n_unpaired=found)
    pair = replace(one.isomers[0], cluster=replace(one.isomers[0].cluster, n_unpaired=asked))
    spec = KohnShamSpec(Method())
    target = target_of(replace(one, isomers=(pair,)), replace(series(one), spec=spec))
    if told:
        assert dimers.dimer_curve_of(target)["n_unpaired"] == found
    else:
        with pytest.raises(InputError, match=r"0\.00 unpaired electrons, the isomer 2\.00"):
            dimers.dimer_curve_of(target)
    assert curve.asked == [asked]


def test_nuclei_that_a_symmetry_exchanges_are_one_group():
    x = np.array([[0, 0, 0], [5.75, 0.03, 0], [0.02, 5.74, 0]])  # an apex and two ends, with noise
    one = entry("Na3", 0, -0.6, positions=x).isomers[0].cluster
    groups = equivalent_groups(one, np.array([-0.07, 0.494, 0.480]))
    assert [group["atoms"] for group in groups] == [[1, 2], [0]]
    assert groups[0]["isotropic"] == pytest.approx(0.487)
    broken = equivalent_groups(one, np.array([-0.07, 0.9, 0.1]))
    assert [group["atoms"] for group in broken] == [[1], [2], [0]]
