"""Point group, state, orbitals and modes of a result as plain values."""

import numpy as np

from clusterdft.electronic_symmetry.level_irreps import orbital_irreps
from clusterdft.electronic_symmetry.mode_irreps import mode_irreps
from clusterdft.electronic_symmetry.parentage import parentage, shell_configuration
from clusterdft.electronic_symmetry.state import density_group, electronic_state

EMPTY_SETS = 6  # listed of each spin above the last one with electrons
HELD = 1e-6  # electrons


def electronic_values(result, group, vibrations=None):
    """The symmetry of an electronic structure, hartree, as plain values.

    Parameters
    ----------
    result : ScfResult with electrons
    group : PointGroup of its cluster
    vibrations : Vibrations of the cluster, or None

    Returns
    -------
    dict
        point_group; state; shells, such as {"1s": 2.0, "1p": 1.0}; orbitals; modes, where given

    Notes
    -----
    labels that depend on axes are those of the standard frame, see `standard_frame`
    """
    level_sets = orbital_irreps(result, group)
    parents = parentage(result, level_sets, group)
    values = {
        "point_group": group.name,
        "state": state_values(result, level_sets, group),
        "shells": _filling(parents),
        "orbitals": [_orbital_values(one) for one in _listed(parents)],
    }
    if vibrations is not None:
        values["modes"] = [_mode_values(one) for one in mode_irreps(group, vibrations)]
    return values


def state_and_shells(result, group):
    """The label of the electronic state, its configuration, and the filling of spherical shells.

    Parameters
    ----------
    result : ScfResult
    group : PointGroup of its cluster

    Returns
    -------
    dict
        state, such as "2E'", or None where a shell holds a fraction of an electron; configuration; shells;
        all None for a bare ion
    """
    if not np.any(result.occupation > HELD):
        return {"state": None, "configuration": None, "shells": None}
    level_sets = orbital_irreps(result, group)
    state = electronic_state(level_sets, group)
    shells = _filling(parentage(result, level_sets, group))
    return {"state": state.label, "configuration": state.configuration, "shells": shells}


def _filling(parents):
    return {name: round(electrons, 6) for name, electrons in shell_configuration(parents).items()}


def state_values(result, level_sets, group):
    """State in the group of the nuclei, and in that of the density where it is smaller.

    Returns
    -------
    dict
        label, configuration, n_unpaired, terms; density_group and label_in_density_group are None where
        one component of a level of a continuous group is occupied
    """
    state = electronic_state(level_sets, group)
    kept = density_group(result, group)
    component = None
    if kept is not None:
        sets = level_sets if kept is group else orbital_irreps(result, kept)
        component = electronic_state(sets, kept).label
    return {
        "label": state.label,
        "configuration": state.configuration,
        "n_unpaired": round(state.n_unpaired, 6),
        "terms": {term.label: term.count for term in state.terms},
        "density_group": None if kept is None else kept.name,
        "label_in_density_group": component,
    }


def _listed(parents):
    """Up to a few sets above the last with electrons, of each spin."""
    for spin in (0, 1):
        of_spin = [one for one in parents if one.level.spin == spin]
        last = max((k for k, one in enumerate(of_spin) if one.level.electrons > HELD), default=-1)
        yield from of_spin[: last + 1 + EMPTY_SETS]


def _orbital_values(parent):
    level = parent.level
    return {
        "label": level.label,
        "irrep": level.irrep,
        "spin": level.spin,
        "indices": list(level.indices),
        "energies_hartree": list(level.energies),
        "occupation": list(level.occupation),
        "purity": level.purity,
        "shell": parent.shell,
        "character": dict(zip(("s", "p", "d", "f", "higher"), parent.character.tolist(), strict=True)),
    }


def _mode_values(mode):
    return {
        "label": mode.label,
        "irrep": mode.irrep,
        "indices": list(mode.indices),
        "frequencies_hartree": list(mode.frequencies),
        "purity": mode.purity,
    }
