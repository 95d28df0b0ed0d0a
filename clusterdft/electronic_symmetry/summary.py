"""State, shells, levels and modes of an electronic structure as plain values, ready for JSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from clusterdft.electronic_symmetry.level_irreps import LevelSet, orbital_irreps
from clusterdft.electronic_symmetry.mode_irreps import ModeSet, mode_irreps
from clusterdft.electronic_symmetry.parentage import Parentage, parentage, shell_configuration
from clusterdft.electronic_symmetry.state import density_group, electronic_state
from clusterdft.properties.vibrations import Vibrations
from clusterdft.scf.result import ScfResult
from clusterdft.symmetry.point_group import PointGroup

N_EMPTY_SETS = 6  # listed of each spin above the last one with electrons
OCCUPIED_LIMIT = 1e-6  # electrons; a level with fewer is empty


def electronic_values(
    result: ScfResult, group: PointGroup, vibrations: Vibrations | None = None
) -> dict[str, Any]:
    """The symmetry of an electronic structure, and of its vibrations.

    Parameters
    ----------
    result : ScfResult
        With electrons.
    group : PointGroup
        Of its cluster.
    vibrations : Vibrations or None
        Of the cluster.

    Returns
    -------
    dict
        state; electrons of spherical shells, such as {"1s": 2.0, "1p": 1.0}; levels, and modes where given

    Notes
    -----
    Labels that depend on axes are those of the standard frame, see `standard_frame`.
    """
    level_sets = orbital_irreps(result, group)
    parents = parentage(result, level_sets, group)
    values = {
        "state": _state_values(result, level_sets, group),
        "shells": _filling(parents),
        "orbitals": [_orbital_values(parent) for parent in _listed(parents)],
    }
    if vibrations is not None:
        values["modes"] = [_mode_values(modes) for modes in mode_irreps(group, vibrations)]
    return values


def state_and_shells(result: ScfResult, group: PointGroup) -> dict[str, Any]:
    """The label of the electronic state, its configuration, and the filling of spherical shells.

    Parameters
    ----------
    result : ScfResult
    group : PointGroup
        Of its cluster.

    Returns
    -------
    dict
        state, such as "2E'", or None where a shell holds a fraction of an electron; configuration; shells;
        all None for a bare ion
    """
    if not np.any(result.occupation > OCCUPIED_LIMIT):
        return {"state": None, "configuration": None, "shells": None}
    level_sets = orbital_irreps(result, group)
    state = electronic_state(level_sets, group)
    shells = _filling(parentage(result, level_sets, group))
    return {"state": state.label, "configuration": state.configuration, "shells": shells}


def _filling(parents: Iterable[Parentage]) -> dict[str, float]:
    return {name: round(electrons, 6) for name, electrons in shell_configuration(parents).items()}


def _state_values(result: ScfResult, level_sets: Sequence[LevelSet], group: PointGroup) -> dict[str, Any]:
    """State in the group of the nuclei, and in that of the density where it is smaller.

    density_group and label_in_density_group are None where one component of a level of a continuous group is
    occupied.
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


def _listed(parents: Sequence[Parentage]) -> Iterator[Parentage]:
    """Up to a few sets above the last with electrons, of each spin."""
    for spin in (0, 1):
        of_spin = [parent for parent in parents if parent.level.spin == spin]
        filled = (k for k, parent in enumerate(of_spin) if parent.level.electrons > OCCUPIED_LIMIT)
        yield from of_spin[: max(filled, default=-1) + 1 + N_EMPTY_SETS]


def _orbital_values(parent: Parentage) -> dict[str, Any]:
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


def _mode_values(modes: ModeSet) -> dict[str, Any]:
    return {
        "label": modes.label,
        "irrep": modes.irrep,
        "indices": list(modes.indices),
        "frequencies_hartree": list(modes.frequencies),
        "purity": modes.purity,
    }
