"""Dipole moments and polarizabilities of the lowest isomers."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from clusterdft.properties.polarizability import polarizability
from clusterdft.scf.dipole import dipole_moment
from clusterdft.scf.resolve import resolve
from clusterdft.study.quantities.rows_and_curves import Row, picked, reason, row_of
from clusterdft.study.series import Entry, Series
from clusterdft.study.target import Target
from clusterdft.surfaces.kohn_sham import KohnShamSpec
from clusterdft.surfaces.surface import SurfaceSpec

D_MOMENTUM = 2  # angular momentum of d functions
NO_D_FUNCTIONS = (
    "the basis {basis} has no d functions: with such sets polarizabilities of sodium clusters come out "
    "28 to 50 % too small; take opt-4s3p1d or even-6s5p3d"
)


def dipole_of(target: Target) -> dict[str, Any]:
    """Dipole moment about the centre of the ionic charges, see `scf.dipole`."""
    moment = dipole_moment(target.scf())
    return {
        "dipole_electron_bohr": moment.tolist(),
        "dipole_length_electron_bohr": float(np.linalg.norm(moment)),
    }


def polarizability_of(target: Target) -> dict[str, Any]:
    """Static polarizability in finite fields, see `properties.polarizability`."""
    result = polarizability(target.scf().cluster, target.method)
    return {
        "mean_polarizability_bohr3": result.mean,
        "anisotropy_bohr3": result.anisotropy,
        "tensor_bohr3": result.tensor.tolist(),
        "error_bohr3": result.error,
    }


def response_rows(series: Series) -> list[Row]:
    """One row a cluster: dipole moment, mean polarizability and anisotropy."""
    return [_row(series, entry) for entry in series.clusters()]


def _row(series: Series, entry: Entry) -> Row:
    values = picked(series.computed_value(entry, "dipole"), ("dipole_length_electron_bohr",))
    kept = series.computed_value(entry, "polarizability")
    values |= picked(kept, ("mean_polarizability_bohr3", "anisotropy_bohr3"))
    mean = values["mean_polarizability_bohr3"]
    values["polarizability_per_atom_bohr3"] = None if mean is None else mean / entry.natom
    warning = "" if kept is None else _basis_warning(series.spec, entry.symbols)
    return row_of(
        entry, values, reason(series, entry, "dipole"), reason(series, entry, "polarizability"), warning
    )


def _basis_warning(spec: SurfaceSpec, symbols: Sequence[str]) -> str:
    """What is wrong with a polarizability in a basis without d functions; empty where it has some."""
    if not isinstance(spec, KohnShamSpec):
        return ""
    shells = resolve(spec.method, symbols).orbital_shells.values()
    lacks_d = any(max(momentum for momentum, _ in of_element) < D_MOMENTUM for of_element in shells)
    return NO_D_FUNCTIONS.format(basis=spec.method.basis) if lacks_d else ""
