"""Spectroscopic constants of a dimer of one element."""

import numpy as np

from clusterdft.errors import InputError
from clusterdft.making.quality.dimer_curve import dimer_constants
from clusterdft.study.target import OTHER_SPIN
from clusterdft.units import HARTREE_CM1, HARTREE_EV


def dimer_curve_of(target):
    """Bond length, dissociation energy and frequency from a fitted curve, as in `pseudo.dimer_constants`.

    Raises
    ------
    InputError
        not a dimer of one element, or the curve is not that of the isomer's spin
    """
    cluster = target.cluster
    if cluster.natom != 2 or len(set(cluster.symbols)) != 1:
        raise InputError("not a dimer of one element")
    length = float(np.linalg.norm(cluster.positions[1] - cluster.positions[0]))
    found = dimer_constants(
        cluster.symbols[0],
        target.method,
        charge=cluster.charge,
        n_unpaired=cluster.n_unpaired,
        start=length,
    )
    spin = abs(target.isomer.n_unpaired)
    if abs(found.n_unpaired - spin) > OTHER_SPIN:
        raise InputError(
            f"the energy curve has {found.n_unpaired:.2f} unpaired electrons, the isomer {spin:.2f}; "
            "search this cluster with its spin fixed"
        )
    return {
        "bond_length_bohr": found.re,
        "dissociation_energy_ev": found.de * HARTREE_EV,
        "frequency_cm1": found.we * HARTREE_CM1,
        "n_unpaired": found.n_unpaired,
    }
