"""Isotropic spin populations, as electron spin resonance measures them."""

import numpy as np

from clusterdft.errors import InputError
from clusterdft.properties.populations import equivalent_nuclei, spin_populations
from clusterdft.symmetry.point_group import find_point_group

ALIKE = (
    0.05  # populations of nuclei that a symmetry of the geometry exchanges differ by less, or it is broken
)


def spin_populations_of(target):
    """Spin density at each nucleus over the free atom's, as in `properties.spin_populations`.

    Equivalent nuclei are those that the point group exchanges; the last hundredths of a bohr of a relaxation
    would tell them apart otherwise.
    """
    found = spin_populations(target.scf())
    return {
        "isotropic": found.values.tolist(),
        "groups": grouped(target.cluster, found.values),
        "atom_spin_density_per_bohr3": dict(found.atom_spin_density),
    }


def grouped(cluster, values):
    """Groups of equivalent nuclei, the largest mean first.

    Parameters
    ----------
    cluster : Cluster
    values : (natom,) spin populations

    Returns
    -------
    list of {"element", "isotropic": mean, "atoms": indices}
    """
    orbits = _orbits(cluster)
    if any(np.ptp(values[list(orbit)]) > ALIKE for orbit in orbits):
        orbits = [group.atoms for group in equivalent_nuclei(cluster.symbols, values)]
    groups = [
        {
            "element": cluster.symbols[orbit[0]],
            "isotropic": float(np.mean(values[list(orbit)])),
            "atoms": [int(atom) for atom in orbit],
        }
        for orbit in orbits
    ]
    return sorted(groups, key=lambda group: -group["isotropic"])


def _orbits(cluster):
    """Atoms that the point group exchanges; every atom on its own where there is none to be found."""
    try:
        return find_point_group(cluster).equivalent_atoms
    except InputError:
        return [(atom,) for atom in range(cluster.natom)]
