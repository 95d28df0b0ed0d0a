"""What searches of a series of clusters found, ready for tables: read from their summaries."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from clusterdft.cluster import Cluster, cluster_from
from clusterdft.errors import InputError
from clusterdft.geometry.formula import formula_of
from clusterdft.symmetry.point_group import oriented

NOTHING: Mapping = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, eq=False)
class FoundIsomer:
    """An isomer of a search.

    Attributes
    ----------
    cluster : geometry along the axes of its point group, charge, and the spin that was asked for
    energy, n_unpaired : hartree, electrons; the latter None for a free atom
    n_hits : starts that ended there
    point_group : symbol, or None where the search did not tell
    verdict, verdict_reason : "minimum", "saddle" or "uncertain", as the search checked; empty if it did not
    frequencies_cm1 : of the check, imaginary ones negative, or None
    infrared_km_per_mol : of the check, absorption of each mode, or None
    """

    cluster: Cluster
    energy: float
    n_unpaired: float | None
    n_hits: int
    point_group: str | None = None
    verdict: str = ""
    verdict_reason: str = ""
    frequencies_cm1: tuple[float, ...] | None = None
    infrared_km_per_mol: tuple[float, ...] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """One cluster of a series.

    Attributes
    ----------
    symbols, charge : what it is
    isomers : FoundIsomer, the lowest first; none where nothing relaxed
    reason : why there are none; empty otherwise
    search : dict, what is told of the search: starts, confidence, calls, failures
    folder : where its files are, or None
    """

    symbols: tuple[str, ...]
    charge: int
    isomers: tuple[FoundIsomer, ...]
    reason: str = ""
    search: Mapping = field(default_factory=lambda: NOTHING)
    folder: str | None = None

    @property
    def name(self):
        """Such as Na4, Na4+ or Na4-."""
        return formula_of(self.symbols, self.charge)

    @property
    def formula(self):
        """Without the charge."""
        return formula_of(self.symbols)

    @property
    def element(self):
        """The only element, or None in a mixed cluster."""
        return self.symbols[0] if len(set(self.symbols)) == 1 else None

    @property
    def natom(self):
        return len(self.symbols)

    @property
    def energy(self):
        """Of the lowest isomer, hartree, or None."""
        return self.isomers[0].energy if self.isomers else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """Clusters on one surface, with what was computed of them.

    Attributes
    ----------
    entries : Entry, by elements, size and charge
    spec : SurfaceSpec of all of them
    solved : {(name of the cluster, name of the property): dict}; a dict with the one key "reason" where the
        cluster does not have the property
    maps : {name of the figure: dict}, as `solve_maps` gives them
    """

    entries: tuple[Entry, ...]
    spec: Any
    solved: Mapping = field(default_factory=lambda: NOTHING)
    maps: Mapping = field(default_factory=lambda: NOTHING)

    def clusters(self, *, atoms=False):
        """The entries, atoms only if asked for."""
        return [entry for entry in self.entries if atoms or entry.natom > 1]

    def given(self, entry, name):
        """A property's dict without reason, or None."""
        value = self.solved.get((entry.name, name))
        return None if value is None or value.keys() == {"reason"} else value

    def reason(self, entry, name):
        """Why a cluster has no such property, a sentence."""
        if not entry.isomers:
            return entry.reason
        return self.solved.get((entry.name, name), {}).get("reason", f"{name} was not asked for")

    def energies_of_element(self, element):
        """{(atoms, charge): hartree} of the lowest isomers of one element's clusters and atoms."""
        return {
            (entry.natom, entry.charge): entry.energy
            for entry in self.entries
            if entry.element == element and entry.isomers
        }

    def energies_of_formula(self, formula):
        """{(atoms, charge): hartree} of the lowest isomers of one composition."""
        return {
            (entry.natom, entry.charge): entry.energy
            for entry in self.entries
            if entry.formula == formula and entry.isomers
        }

    def charges_of_formula(self, formula):
        """Charges of one composition that were searched, ascending."""
        return tuple(sorted(entry.charge for entry in self.entries if entry.formula == formula))

    def find(self, formula, charge):
        """The entry of a composition and charge, or None."""
        return next((e for e in self.entries if e.formula == formula and e.charge == charge), None)


def in_order(entries):
    """Entries by elements, size and charge: neutral, then cations, then anions."""

    def place(entry):
        return sorted(set(entry.symbols)), entry.natom, entry.formula, entry.charge < 0, abs(entry.charge)

    return tuple(sorted(entries, key=place))


def entry_of(summary, folder=None):
    """The Entry of a search's summary, as `report.search_files.summary` gives it.

    Raises
    ------
    InputError
        it is not the summary of a search
    """
    try:
        inputs = summary["inputs"]
        asked = inputs["n_unpaired"]
        isomers = tuple(_isomer(item, asked) for item in summary["isomers"])
        failures = [failure["reason"] for failure in summary["failures"]]
        return Entry(
            symbols=tuple(inputs["symbols"]),
            charge=inputs["charge"],
            isomers=isomers,
            reason="" if isomers else _why_nothing(failures),
            search={
                "starts_finished": summary["starts_finished"],
                "stopped": summary["stopped"],
                "confidence": summary["confidence"],
                "independent_hits_of_lowest": summary["independent_hits_of_lowest"],
                "n_force_calls": summary["n_force_calls"],
                "cpu_seconds": summary["cpu_seconds"],
                "failures": failures,
            },
            folder=None if folder is None else str(folder),
        )
    except (KeyError, TypeError, IndexError) as error:
        raise InputError(f"{folder} holds no summary of a search ({error!r} is missing)") from None


def read_summary(path):
    """The dict of a summary.json, or None where there is no such file.

    Raises
    ------
    InputError
        it is no JSON, or no dict
    """
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError:
        return None
    except ValueError as error:
        raise InputError(f"{path} is no summary: {error}; run the search once more") from None
    if not isinstance(found, dict):
        raise InputError(f"{path} is no summary: it holds {found!r:.40}; run the search once more")
    return found


def _isomer(item, asked):
    cluster = cluster_from({**item, "n_unpaired": None if asked == "auto" else asked})
    frequencies, absorption = item.get("frequencies_per_cm"), item.get("infrared_km_per_mol")
    return FoundIsomer(
        cluster=oriented(cluster),
        energy=item["energy_hartree"],
        n_unpaired=item["n_unpaired"],
        n_hits=item["n_hits"],
        point_group=item.get("point_group"),
        verdict=item.get("vibrations") or "",
        verdict_reason=item.get("vibrations_remark") or "",
        frequencies_cm1=None if frequencies is None else tuple(frequencies),
        infrared_km_per_mol=None if absorption is None else tuple(absorption),
    )


def _why_nothing(failures):
    """The reason why a search found nothing, from those of its starts."""
    if not failures:
        return "no start was finished"
    return f"none of {len(failures)} starts relaxed: {failures[0]}"
