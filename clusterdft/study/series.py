"""What searches of a series of clusters found, ready for tables: read from their summaries."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any

from clusterdft.cluster import Cluster, cluster_from
from clusterdft.errors import InputError
from clusterdft.geometry.formula import formula_of
from clusterdft.surfaces.surface import SurfaceSpec
from clusterdft.symmetry.point_group import oriented

NO_VALUES: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, eq=False)
class FoundIsomer:
    """An isomer of a search.

    Attributes
    ----------
    cluster : Cluster
        Geometry along the axes of its point group, charge, and the spin that was asked for.
    energy : hartree
        Of the minimum.
    n_unpaired : electrons
        As the search ended; None for a free atom.
    n_hits : int
        Starts that ended there.
    point_group : str
        Symbol, or None where the search has none.
    verdict, verdict_reason : str
        "minimum", "saddle" or "uncertain", as the search checked; empty if it did not.
    frequencies_cm1 : (nmode,) cm^-1
        Of the check, imaginary ones negative, or None.
    infrared_km_per_mol : (nmode,) km/mol
        Absorption of each mode by the check, or None.
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
    symbols : (natom,)
        Chemical symbols.
    charge : elementary charges
        Positive for cations.
    isomers : tuple of FoundIsomer
        The lowest first; none where nothing relaxed.
    reason : str
        Why there are none; empty otherwise.
    search : mapping
        Starts, confidence, calls and failures of its search.
    folder : str
        Where its files are, or None.
    """

    symbols: tuple[str, ...]
    charge: int
    isomers: tuple[FoundIsomer, ...]
    reason: str = ""
    search: Mapping[str, Any] = field(default_factory=lambda: NO_VALUES)
    folder: str | None = None

    @property
    def name(self) -> str:
        """Such as Na4, Na4+ or Na4-."""
        return formula_of(self.symbols, self.charge)

    @property
    def formula(self) -> str:
        """Without the charge."""
        return formula_of(self.symbols)

    @property
    def element(self) -> str | None:
        """The only element, or None in a mixed cluster."""
        return self.symbols[0] if len(set(self.symbols)) == 1 else None

    @property
    def natom(self) -> int:
        """Number of atoms."""
        return len(self.symbols)

    @property
    def energy(self) -> float | None:
        """Of the lowest isomer, hartree, or None."""
        return self.isomers[0].energy if self.isomers else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """Clusters on one surface, with what was computed of them.

    Attributes
    ----------
    entries : tuple of Entry
        By elements, size and charge.
    spec : SurfaceSpec
        Of all of them.
    solved : mapping
        From (name of the cluster, name of the property) to a dict; one with the one key "reason" where the
        cluster does not have the property.
    maps : mapping
        From name of the figure to a dict, as `solve_maps` gives them.
    """

    entries: tuple[Entry, ...]
    spec: SurfaceSpec
    solved: Mapping[tuple[str, str], dict[str, Any]] = field(default_factory=lambda: NO_VALUES)
    maps: Mapping[str, dict[str, Any]] = field(default_factory=lambda: NO_VALUES)

    def clusters(self, *, atoms: bool = False) -> list[Entry]:
        """The entries, atoms only if asked for."""
        return [entry for entry in self.entries if atoms or entry.natom > 1]

    def computed_value(self, entry: Entry, name: str) -> dict[str, Any] | None:
        """A property's dict without reason, or None."""
        value = self.solved.get((entry.name, name))
        return None if value is None or value.keys() == {"reason"} else value

    def reason(self, entry: Entry, name: str) -> str:
        """Why a cluster has no such property, a sentence."""
        if not entry.isomers:
            return entry.reason
        return str(self.solved.get((entry.name, name), {}).get("reason", f"{name} was not asked for"))

    def energies_of_element(self, element: str) -> dict[tuple[int, int], float]:
        """{(atoms, charge): hartree} of the lowest isomers of one element's clusters and atoms."""
        return {
            (entry.natom, entry.charge): entry.isomers[0].energy
            for entry in self.entries
            if entry.element == element and entry.isomers
        }

    def energies_of_formula(self, formula: str) -> dict[tuple[int, int], float]:
        """{(atoms, charge): hartree} of the lowest isomers of one composition."""
        return {
            (entry.natom, entry.charge): entry.isomers[0].energy
            for entry in self.entries
            if entry.formula == formula and entry.isomers
        }

    def charges_of_formula(self, formula: str) -> tuple[int, ...]:
        """Charges of one composition that were searched, ascending."""
        return tuple(sorted(entry.charge for entry in self.entries if entry.formula == formula))

    def find(self, formula: str, charge: int) -> Entry | None:
        """The entry of a composition and charge, or None."""
        return next((e for e in self.entries if e.formula == formula and e.charge == charge), None)


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries by elements, size and charge: neutral, then cations, then anions."""

    def rank(entry: Entry) -> tuple[list[str], int, str, bool, int]:
        return sorted(set(entry.symbols)), entry.natom, entry.formula, entry.charge < 0, abs(entry.charge)

    return tuple(sorted(entries, key=rank))


def entry_of(summary: Mapping[str, Any], folder: str | PathLike[str] | None = None) -> Entry:
    """The Entry of a search.

    Parameters
    ----------
    summary : mapping
        As `report.search_files.summary` gives it.
    folder : path
        Where the search's files are, or None.

    Returns
    -------
    Entry

    Raises
    ------
    InputError
        It is not the summary of a search.
    """
    try:
        inputs = summary["inputs"]
        n_unpaired = inputs["n_unpaired"]
        isomers = tuple(_isomer(item, n_unpaired) for item in summary["isomers"])
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


def read_summary(path: str | PathLike[str]) -> dict[str, Any] | None:
    """The content of a summary.json.

    Parameters
    ----------
    path : path
        Of the file.

    Returns
    -------
    dict
        None where there is no such file.

    Raises
    ------
    InputError
        It is no JSON, or no dict.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError:
        return None
    except ValueError as error:
        raise InputError(f"{path} is no summary: {error}; run the search once more") from None
    if not isinstance(content, dict):
        raise InputError(f"{path} is no summary: it holds {content!r:.40}; run the search once more")
    return content


def _isomer(item: Mapping[str, Any], n_unpaired: str | int) -> FoundIsomer:
    cluster = cluster_from({**item, "n_unpaired": None if n_unpaired == "auto" else n_unpaired})
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


def _why_nothing(failures: list[str]) -> str:
    """The reason why a search found nothing, from those of its starts."""
    if not failures:
        return "no start was finished"
    return f"none of {len(failures)} starts relaxed: {failures[0]}"
