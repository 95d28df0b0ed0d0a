"""One geometry as a dict ready for JSON: what `scf` and `relax` give."""

import numpy as np


def point_values(
    cluster, *, energy, free_energy, energies, forces, hellmann_feynman_forces, n_unpaired, n_iterations
):
    """A converged point with the names that other programs rely on.

    Parameters
    ----------
    cluster : Cluster
    energy, free_energy : hartree; free_energy may be None
    energies : dict of terms, hartree
    forces, hellmann_feynman_forces : (natom, 3) hartree/bohr; the latter may be None
    n_unpaired, n_iterations : N_up - N_down, SCF iterations
    """
    audit = None
    if hellmann_feynman_forces is not None:
        difference = np.asarray(hellmann_feynman_forces) - np.asarray(forces)
        audit = {
            "largest": float(np.max(np.abs(difference))),
            "rms": float(np.sqrt(np.mean(difference**2))),
        }
    return {
        **geometry_values(cluster),
        "converged": True,
        "energy_hartree": float(energy),
        "free_energy_hartree": None if free_energy is None else float(free_energy),
        "energies": {name: float(value) for name, value in energies.items()},
        "forces_hartree_per_bohr": np.asarray(forces).tolist(),
        "hellmann_feynman_forces_hartree_per_bohr": (
            None if hellmann_feynman_forces is None else np.asarray(hellmann_feynman_forces).tolist()
        ),
        "force_audit_hartree_per_bohr": audit,
        "n_unpaired": float(n_unpaired),
        "n_iterations": int(n_iterations),
    }


def surface_point_values(cluster, point):
    """The same for a SurfacePoint."""
    return point_values(
        cluster,
        energy=point.energy,
        free_energy=point.details.get("free_energy"),
        energies=point.details.get("energies", {"total": point.energy}),
        forces=point.forces,
        hellmann_feynman_forces=point.details.get("hellmann_feynman_forces"),
        n_unpaired=point.n_unpaired,
        n_iterations=point.n_iterations,
    )


def unconverged_values(cluster, reason):
    """The same where nothing converged: no energy is given."""
    return {
        **geometry_values(cluster),
        "converged": False,
        "reason": reason,
        "energy_hartree": None,
        "free_energy_hartree": None,
        "energies": None,
        "forces_hartree_per_bohr": None,
        "hellmann_feynman_forces_hartree_per_bohr": None,
        "force_audit_hartree_per_bohr": None,
        "n_unpaired": None,
        "n_iterations": None,
    }


def geometry_values(cluster):
    """Species, positions and charge."""
    return {
        "symbols": list(cluster.symbols),
        "positions_bohr": np.asarray(cluster.positions).tolist(),
        "charge": cluster.charge,
    }
