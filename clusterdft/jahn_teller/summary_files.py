"""What the command `jahn-teller` leaves in its folder: summary.json and points.xyz."""

import io
from pathlib import Path

import numpy as np

from clusterdft.files.writing import to_json, write_text
from clusterdft.units import BOHR_ANGSTROM, HARTREE_EV
from clusterdft.work.provenance import provenance

SUMMARY, XYZ, STORE = "summary.json", "points.xyz", "store.sqlite"
TOLD = ("point_group", "state", "stabilisation_hartree", "n_equivalent", "n_imaginary", "found_by")


def write_jahn_teller_files(values, surface, folder):
    """Write the files into a folder, each replaced at once.

    Parameters
    ----------
    values : of `jahn_teller_values`
    surface : description of the surface, ready for JSON
    folder : path

    Raises
    ------
    StoreError
        a file cannot be written
    """
    folder = Path(folder)
    write_text(folder / SUMMARY, to_json({**values, "surface": surface, **provenance()}))
    write_text(folder / XYZ, points_xyz(values))


def points_xyz(values):
    """The symmetric geometry and the stationary points below it as extended XYZ, angstrom and eV."""
    from ase import Atoms
    from ase.io import write

    symmetric = {name: values[name] for name in ("point_group", "energy_hartree", "positions_bohr")}
    kinds = (("minimum", "minima"), ("saddle", "saddles"), ("uncertain", "uncertain"))
    points = [("symmetric", symmetric), *((kind, one) for kind, name in kinds for one in values[name])]
    frames = []
    for kind, one in points:
        frame = Atoms(values["symbols"], np.array(one["positions_bohr"]) * BOHR_ANGSTROM)
        frame.info = {name: one[name] for name in TOLD if one.get(name) is not None}
        frame.info |= {"kind": kind, "charge": values["charge"], "n_unpaired": values["n_unpaired"]}
        frame.info["energy"] = one["energy_hartree"] * HARTREE_EV
        frames.append(frame)
    text = io.StringIO()
    write(text, frames, format="extxyz")
    return text.getvalue()
