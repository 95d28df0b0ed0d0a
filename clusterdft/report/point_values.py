"""One geometry as a dict ready for JSON: what `scf` and `relax` give."""

from typing import Any

import numpy as np

from clusterdft.cluster import Cluster, geometry_values
from clusterdft.surfaces.surface import SurfacePoint


def point_values(cluster: Cluster, point: SurfacePoint) -> dict[str, Any]:
    """A SurfacePoint with the names that other programs rely on, ready for JSON.

    The forces are minus the gradient of the energy, whichever ones a relaxation follows, and stand beside
    the Hellmann-Feynman ones with the audit of their difference, where the surface has both.
    """
    details = point.details
    forces = np.asarray(details.get("total_forces", point.forces))
    hellmann_feynman = details.get("hellmann_feynman_forces")
    audit = None
    if hellmann_feynman is not None:
        difference = np.asarray(hellmann_feynman) - forces
        audit = {
            "largest": float(np.max(np.abs(difference))),
            "rms": float(np.sqrt(np.mean(difference**2))),
        }
    return {
        **geometry_values(cluster),
        "converged": True,
        "energy_hartree": float(point.energy),
        "zero_width_energy_hartree": float(details.get("zero_width_energy", point.energy)),
        "energies": {
            name: float(value) for name, value in details.get("energies", {"total": point.energy}).items()
        },
        "forces_hartree_per_bohr": forces.tolist(),
        "hellmann_feynman_forces_hartree_per_bohr": (
            None if hellmann_feynman is None else np.asarray(hellmann_feynman).tolist()
        ),
        "force_audit_hartree_per_bohr": audit,
        "n_unpaired": float(point.n_unpaired),
        "n_iterations": int(point.n_iterations),
    }


def unconverged_values(cluster: Cluster, reason: str) -> dict[str, Any]:
    """The same where nothing converged: no energy is given."""
    return {
        **geometry_values(cluster),
        "converged": False,
        "reason": reason,
        "energy_hartree": None,
        "zero_width_energy_hartree": None,
        "energies": None,
        "forces_hartree_per_bohr": None,
        "hellmann_feynman_forces_hartree_per_bohr": None,
        "force_audit_hartree_per_bohr": None,
        "n_unpaired": None,
        "n_iterations": None,
    }
