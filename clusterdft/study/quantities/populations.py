"""Charges and spins on the atoms, Mulliken's and Loewdin's."""

from clusterdft.properties.populations import populations


def populations_of(target):
    """Populations of every atom, as in `properties.populations`."""
    found = populations(target.scf())
    return {
        "mulliken_charge": found.mulliken_charge.tolist(),
        "mulliken_spin": found.mulliken_spin.tolist(),
        "loewdin_charge": found.loewdin_charge.tolist(),
        "loewdin_spin": found.loewdin_spin.tolist(),
    }
