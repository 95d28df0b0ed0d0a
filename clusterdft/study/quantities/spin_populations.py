"""Isotropic spin populations, as electron spin resonance measures them."""

from clusterdft.properties.populations import spin_populations


def spin_populations_of(target):
    """Spin density at each nucleus over that of the free atom, as in `properties.spin_populations`."""
    found = spin_populations(target.scf())
    return {
        "isotropic": found.values.tolist(),
        "groups": [
            {"element": group.symbol, "isotropic": group.value, "atoms": list(group.atoms)}
            for group in found.groups
        ],
        "atom_spin_density_per_bohr3": dict(found.atom_spin_density),
    }
