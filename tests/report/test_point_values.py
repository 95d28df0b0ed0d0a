"""One geometry for JSON: energies, both forces and their audit, or the reason why there are none."""

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.files.writing import to_json
from clusterdft.report.point_values import point_values, unconverged_values
from clusterdft.report.tables import point_table
from clusterdft.surfaces.classical import LennardJones
from clusterdft.surfaces.surface import SurfacePoint

PAIR = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 6.5]], charge=1)
FORCES = np.array([[0, 0, 0.01], [0, 0, -0.01]])
FOLLOWED = np.array([[0, 0, 0.014], [0, 0, -0.014]])
POINT = SurfacePoint(
    energy=-0.25,
    forces=FOLLOWED,
    n_unpaired=1.0,
    n_iterations=12,
    details={
        "energies": {"kinetic": 0.1, "field": 0.0, "local": -0.35},
        "zero_width_energy": -0.2499,
        "total_forces": FORCES,
        "hellmann_feynman_forces": FOLLOWED,
    },
)


def cells_of(table):
    """{first column: second column} of rich's table."""
    first, second = (list(column.cells) for column in table.columns)
    return dict(zip(first, second, strict=True))


def test_forces_are_minus_the_gradient_whichever_were_followed():
    values = point_values(PAIR, POINT)
    assert values["forces_hartree_per_bohr"] == FORCES.tolist()
    assert values["hellmann_feynman_forces_hartree_per_bohr"] == FOLLOWED.tolist()
    audit = values["force_audit_hartree_per_bohr"]
    assert audit["largest"] == pytest.approx(0.004)
    assert audit["rms"] == pytest.approx(0.004 / np.sqrt(3))


def test_energies_and_counts():
    values = point_values(PAIR, POINT)
    assert values["energies"] == {"kinetic": 0.1, "field": 0.0, "local": -0.35}
    assert (values["energy_hartree"], values["zero_width_energy_hartree"]) == (-0.25, -0.2499)
    assert (values["n_unpaired"], values["n_iterations"], values["charge"]) == (1.0, 12, 1)
    assert values["converged"] is True
    to_json(values)


def test_a_surface_without_parts_has_one_energy_and_no_audit():
    values = point_values(PAIR, LennardJones().point(PAIR))
    assert values["energies"] == {"total": values["energy_hartree"]}
    assert values["force_audit_hartree_per_bohr"] is None
    assert values["hellmann_feynman_forces_hartree_per_bohr"] is None


def test_what_did_not_converge_has_the_same_names_and_a_reason():
    values = unconverged_values(PAIR, "200 iterations were not enough")
    assert values.keys() == point_values(PAIR, POINT).keys() | {"reason"}
    assert values["energy_hartree"] is None
    assert cells_of(point_table(values)) == {"converged": "no", "reason": "200 iterations were not enough"}


def test_the_table_leaves_out_terms_that_are_not_there():
    cells = cells_of(point_table(point_values(PAIR, POINT)))
    assert cells["energy"] == "-0.25000000 hartree"
    assert cells["  local"] == "-0.35000000 hartree"
    assert "  field" not in cells
    assert cells["largest force"] == "1.00e-02 hartree/bohr"
    assert cells["Hellmann-Feynman off by"].startswith("largest 4.0e-03, rms 2.3e-03")
