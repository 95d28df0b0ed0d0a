"""Shares of the isomers in thermal equilibrium, in the harmonic approximation."""

from collections.abc import Sequence

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.errors import InputError
from clusterdft.geometry.shape import shape
from clusterdft.groups.operations import determinants
from clusterdft.properties.thermal import multiplicity, thermal_weights
from clusterdft.study.quantities.rows_and_curves import Row, row_of
from clusterdft.study.series import Entry, FoundIsomer, Series
from clusterdft.symmetry.point_group import find_point_group
from clusterdft.units import BOLTZMANN_HARTREE_PER_KELVIN, HARTREE_CM1, HARTREE_EV

TEMPERATURES = (50, 100, 200, 300, 500)  # kelvin
MOST_UNKNOWN = 1e-3  # summed Boltzmann factors of isomers without vibrations; beyond, no share is known


def thermal_rows(series: Series) -> list[Row]:
    """One row an isomer whose vibrations the search has computed and found to be those of a minimum.

        sum_u exp(-(E_u - E_0) / kT) <= 1e-3,   u: isomers not examined or uncertain,  E_0: lowest minimum

    Shares at a temperature where this does not hold are left empty. Harmonic prefactors of isomers of one
    cluster differ by a factor of a few, of Na5 to Na13+ by 18 at most (over a highly symmetric lowest one):
    what is left out shares less than two percent. Saddle points are no isomers and are left out.
    """
    return [line for entry in series.clusters() for line in _rows(entry)]


def _rows(entry: Entry) -> list[Row]:
    numbered = list(enumerate(entry.isomers, start=1))
    minima = [(number, isomer) for number, isomer in numbered if _is_minimum(isomer)]
    if not minima:
        return [row_of(entry, {"isomer": None}, entry.reason or "no isomer is known to be a minimum")]
    try:
        weights = _weights([isomer for _, isomer in minima])
    except InputError as error:
        return [row_of(entry, {"isomer": None}, str(error))]
    hidden, remark = _unknown(entry, minima[0][1].energy)
    return [
        row_of(
            entry,
            {
                "isomer": number,
                "energy_above_lowest_ev": (isomer.energy - entry.isomers[0].energy) * HARTREE_EV,
                **{
                    f"share_{t}_k": None if t in hidden else float(share)
                    for t, share in zip(TEMPERATURES, shares, strict=True)
                },
            },
            _saddles(entry),
            remark,
        )
        for (number, isomer), shares in zip(minima, weights.T, strict=True)
    ]


def _is_minimum(isomer: FoundIsomer) -> bool:
    return isomer.verdict == "minimum" and min(isomer.frequencies_cm1 or (0.0,)) > 0


def _unknown(entry: Entry, lowest: float) -> tuple[list[int], str]:
    """Temperatures at which isomers that are neither minima nor saddle points would share, and a remark."""
    unknown = [isomer for isomer in entry.isomers if not (_is_minimum(isomer) or isomer.verdict == "saddle")]
    if not unknown:
        return [], ""
    above = np.array([max(isomer.energy - lowest, 0.0) for isomer in unknown])
    kt = BOLTZMANN_HARTREE_PER_KELVIN * np.array(TEMPERATURES)
    factors = np.exp(-above / kt[:, None]).sum(axis=1)
    hidden = [t for t, factor in zip(TEMPERATURES, factors, strict=True) if factor > MOST_UNKNOWN]
    subject = f"{_counted(len(unknown), 'isomer')} whose vibrations are not known"
    if not hidden:
        return [], f"without {subject}, too high in energy to share much"
    advice = "" if all(isomer.verdict for isomer in unknown) else "; run the search with --check 1"
    return hidden, f"{subject} would share from {hidden[0]} K on{advice}"


def _saddles(entry: Entry) -> str:
    number = sum(isomer.verdict == "saddle" for isomer in entry.isomers)
    return f"without {_counted(number, 'saddle point')}" if number else ""


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _weights(isomers: Sequence[FoundIsomer]) -> Floats:
    """(ntemperature, nisomer) shares."""
    groups = [find_point_group(isomer.cluster) for isomer in isomers]
    return thermal_weights(
        TEMPERATURES,
        energies=[isomer.energy for isomer in isomers],
        frequencies=[np.array(isomer.frequencies_cm1) / HARTREE_CM1 for isomer in isomers],
        moments_of_inertia=[shape(isomer.cluster).moments_of_inertia for isomer in isomers],
        symmetry_numbers=[group.symmetry_number for group in groups],
        multiplicities=[multiplicity(isomer.n_unpaired or 0.0) for isomer in isomers],
        mirror_images=[1 if np.any(determinants(group.standard) < 0) else 2 for group in groups],
    )
