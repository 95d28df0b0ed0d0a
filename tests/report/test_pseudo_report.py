"""Tables, JSON values and figures of pseudopotential reports."""

import io
import json

import matplotlib.image
import numpy as np
import pytest
from rich.console import Console

from clusterdft.errors import InputError
from clusterdft.files.writing import to_json
from clusterdft.making.pseudopotential.shipped_files import shipped_files
from clusterdft.making.quality.dimer_curve import Dimer, DimerTest
from clusterdft.making.quality.transferability import transferability
from clusterdft.pseudo import load_pseudopotential
from clusterdft.report import pseudo_tables
from clusterdft.report.canvas import check_figure
from clusterdft.report.pseudo_figures import (
    draw_pseudopotential,
    draw_scattering,
    ground_densities,
)
from clusterdft.report.pseudo_values import dimer_values, transferability_values
from clusterdft.units import HARTREE_CM1, HARTREE_EV


@pytest.fixture(scope="module")
def report():
    return transferability(load_pseudopotential("Na", "bhs-core"), energies=np.linspace(-0.3, 0.2, 11))


@pytest.fixture
def dimers():
    def dimer(charge, re, de, we, energy):
        return Dimer(
            symbol="K",
            charge=charge,
            re=re,
            de=de / HARTREE_EV,
            we=we / HARTREE_CM1,
            energy=energy / HARTREE_EV,
            n_unpaired=float(charge),
        )

    return DimerTest(
        symbol="K",
        basis="some-basis",
        neutral=dimer(0, 7.2, 0.66, 92.0, -10.0),
        cation=dimer(1, 8.3, 0.87, 67.0, -5.7),
        atomic_ionization_energy=4.5 / HARTREE_EV,
        hamiltonian="scalar-relativistic",
        all_electron={"K": {"ip_ev": 4.547}, "K2": {"re_bohr": 7.235, "de_ev": 0.689, "we_per_cm": 95.1}},
        experiment={"K2": {"re_bohr": 7.415, "source": "a paper"}},
    )


def shown(table):
    console = Console(file=io.StringIO(), width=80, highlight=False)
    console.print(table)
    return console.file.getvalue()


def test_configuration_table_is_in_ev_and_fits_a_terminal(report):
    text = shown(pseudo_tables.configuration_table(report))
    ionised = report.configuration("ionised")
    line = next(line for line in text.splitlines() if line.startswith("  ionised"))
    assert f"{ionised.all_electron * HARTREE_EV:.4f}" in line
    assert f"{ionised.error * HARTREE_EV:+.4f}" in line
    assert "…" not in text


def test_scattering_table_shows_phases_and_norms(report):
    text = shown(pseudo_tables.scattering_table(report))
    for derivatives, orbital in zip(report.scattering, report.orbitals, strict=True):
        assert f"{derivatives.rms_phase:.4f}" in text
        assert f"{orbital.norm_pseudo:.5f}" in text
    assert "…" not in text


def test_dimer_table_tells_deviations_where_there_is_a_reference(dimers):
    lines = shown(pseudo_tables.dimer_table(dimers)).splitlines()
    k2 = next(place for place, line in enumerate(lines) if line.startswith("  K2  "))
    assert lines[k2].split() == ["K2", "computed", "7.200", "0.660", "92.0", "4.300"]
    assert lines[k2 + 2].split() == ["deviation", "-0.035", "-0.029", "-3.1", "-"]
    assert lines[k2 + 4].split() == ["deviation", "-0.215", "-", "-", "-"]
    cation = next(place for place, line in enumerate(lines) if line.startswith("  K2+"))
    assert lines[cation + 1].split() == ["all-electron", "-", "-", "-", "-"]


def test_shipped_table_names_each_file():
    text = shown(pseudo_tables.shipped_table(shipped_files()))
    assert "Na-q1.toml" in text
    assert "bhs-core" in text
    assert "…" not in text


def test_values_are_json_with_units_in_the_names(report, dimers):
    values = json.loads(to_json(transferability_values(report)))
    assert values["symbol"] == "Na"
    assert values["relativity"] == "scalar"
    ionised = next(entry for entry in values["configurations"] if entry["label"] == "ionised")
    assert ionised["energy_pseudo_hartree"] == report.configuration("ionised").pseudo
    assert ionised["left_out"] is None
    assert len(values["scattering"][2]["pseudo_per_bohr"]) == 11
    constants = json.loads(to_json(dimer_values(dimers)))["computed"]
    assert constants["K2"]["ip_ev"] == pytest.approx(4.3)
    assert constants["K2+"]["we_per_cm"] == pytest.approx(67.0)


def test_densities_hold_all_electrons(report):
    mesh = report.all_electron.mesh
    core, valence = ground_densities(report)
    shell = 4 * np.pi * mesh.r**2
    assert mesh.integrate(shell * valence) == pytest.approx(1, abs=1e-8)
    assert mesh.integrate(shell * core) == pytest.approx(10, abs=1e-3)
    outside = (mesh.r > 2.2) & (mesh.r < 4)
    partial = report.pseudopotential.partial_core(mesh.r)
    assert np.abs(partial - core)[outside].max() < 0.1 * core[outside].max()


@pytest.mark.parametrize("draw", [draw_pseudopotential, draw_scattering])
@pytest.mark.parametrize("ending", ["png", "svg"])
def test_figures_are_drawn(report, draw, ending, tmp_path):
    path = tmp_path / f"figure.{ending}"
    draw(report, path)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]  # nothing half-written beside it
    if ending == "png":
        pixels = matplotlib.image.imread(path)[..., :3]
        assert pixels.shape[1] > 1000
        assert 0.02 < np.mean(pixels.min(axis=2) < 0.9) < 0.5  # neither empty nor filled
    else:
        assert "electron" in path.read_text(encoding="utf-8") or path.stat().st_size > 10_000


@pytest.mark.parametrize("name", ["figure.gif", "figure", "missing/figure.png", "."])
def test_figures_that_cannot_be_written_are_refused_early(name, tmp_path):
    with pytest.raises(InputError, match="figure"):
        check_figure(tmp_path / name)
