"""A study file: TOML -> Study. Every mistake of a file is reported at once, with the path of its key."""

from collections.abc import Iterable
from math import inf
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.files.toml import read_toml
from clusterdft.generate import GENERATORS
from clusterdft.geometry.formula import formula_of
from clusterdft.isomer_search.strategies import STRATEGIES
from clusterdft.relaxation import RELAXERS
from clusterdft.scf.method_file import method_of
from clusterdft.schema import Each, Table, between, flag, read, text, unknown_key, whole
from clusterdft.study import PROPERTIES
from clusterdft.study.map_plans import map_plans
from clusterdft.study.plan import ClusterPlan, Study
from clusterdft.study.start_geometries import seeds_of
from clusterdft.study.values import (
    choice,
    elements,
    formulas,
    several,
    sizes,
    texts,
    unpaired,
    whole_numbers,
)
from clusterdft.surfaces import CLASSICAL_SURFACES
from clusterdft.surfaces.kohn_sham import KohnShamSpec
from clusterdft.surfaces.surface import SurfaceSpec
from clusterdft.units import HARTREE_EV, HARTREE_PER_BOHR_EV_PER_ANGSTROM

Symbols: TypeAlias = tuple[str, ...]
FILE_TABLES = ("study", "surface", "method", "search", "clusters", "variants", "maps")
STUDY = {
    "name": text(),
    "element": elements,
    "sizes": sizes,
    "formulas": formulas,
    "charges": whole_numbers,
    "unpaired": unpaired,
    "properties": several(PROPERTIES),
    "references": texts,
}
SEARCH = {
    "starts": whole(1),
    "confidence": between(0, 1, 0.95),
    "max_total_calls": whole(1),
    "max_time_s": between(0, inf, 600),
    "seed": whole(0),
    "generator": choice(GENERATORS),
    "strategy": choice(STRATEGIES),
    "geometries": texts,
    "relaxer": choice(RELAXERS),
    "fmax_ev_per_angstrom": between(0, inf, 0.01),
    "max_calls": whole(1),
    "check_within_ev": between(0, inf, 0.3),
    "check": flag,
}
FACTORS = {  # keys with units, and what `search` takes instead
    "max_time_s": ("max_time", 1.0),
    "fmax_ev_per_angstrom": ("fmax", 1.0 / HARTREE_PER_BOHR_EV_PER_ANGSTROM),
    "check_within_ev": ("check_within", 1.0 / HARTREE_EV),
}
CLUSTER = Table(SEARCH | {"unpaired": unpaired})
CLUSTERS = Each(lambda name: CLUSTER, advice="give tables such as [clusters.Na13]")


def load_study(path: str | Path) -> Study:
    """The Study of a file.

    Parameters
    ----------
    path : path
        Of a TOML file with the tables study, method (or surface), search and clusters.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        All mistakes in one message.
    """
    table = read_toml(str(path), "study file")
    problems = [unknown_key(key, FILE_TABLES) for key in table if key not in FILE_TABLES]
    study = read(table.get("study", {}), Table(STUDY), "study", problems)
    search = read(table.get("search", {}), Table(SEARCH), "search", problems)
    special = read(table.get("clusters", {}), CLUSTERS, "clusters", problems)
    spec, variants = _spec(table, path, problems), _variants(table, path, problems)
    folder = str(Path(path).resolve().parent)
    compositions = _compositions(study, table.get("study", {}), problems)
    charges = study.get("charges", (0,))
    clusters: list[ClusterPlan] = []
    for symbols in compositions:
        for charge in charges:
            clusters += _cluster(symbols, charge, study, search, special, folder, problems)
    _check_special(special, compositions, charges, problems)
    if spec is not None:
        _check_clusters(clusters, spec, problems)
    maps = map_plans(table.get("maps", {}), {plan.name: len(plan.symbols) for plan in clusters}, problems)
    if problems or spec is None:
        raise InputError(f"{path}: " + "; ".join(dict.fromkeys(problems)))
    return Study(
        name=study.get("name", Path(path).stem),
        spec=spec,
        clusters=tuple(sorted(clusters, key=lambda plan: len(plan.symbols))),
        charges=charges,
        elements=tuple(dict.fromkeys(symbol for symbols in compositions for symbol in symbols)),
        properties=study.get("properties", tuple(PROPERTIES)),
        references=study.get("references", ()),
        folder=folder,
        variants=variants,
        maps=maps,
    )


def _spec(table: dict[str, Any], path: str | Path, problems: list[str]) -> SurfaceSpec | None:
    """The SurfaceSpec, or None where something is wrong with it."""
    if "surface" in table:
        if "method" in table:
            problems.append("surface: a classical surface has no electronic structure; drop it or [method]")
        values = read(table["surface"], Table({"name": choice(CLASSICAL_SURFACES)}), "surface", problems)
        if isinstance(table["surface"], dict) and "name" not in table["surface"]:
            problems.append(f"surface: give its name, one of {', '.join(CLASSICAL_SURFACES)}")
        spec: SurfaceSpec | None = CLASSICAL_SURFACES.pick(values["name"])() if "name" in values else None
        return spec
    given = table.get("method", {})
    if not isinstance(given, dict):
        problems.append(f"method is {given!r}; give a table [method]")
        return None
    method, mistakes = method_of(given, path)
    problems += [f"method: {mistake}" for mistake in mistakes]
    return None if method is None else KohnShamSpec(method)


def _variants(table: dict[str, Any], path: str | Path, problems: list[str]) -> dict[str, SurfaceSpec]:
    """{name: SurfaceSpec} of the tables [variants.NAME], which say what differs from [method]."""
    given = table.get("variants", {})
    variants: dict[str, SurfaceSpec] = {}
    if not isinstance(given, dict) or not all(isinstance(values, dict) for values in given.values()):
        problems.append(f"variants is {given!r}; give tables such as [variants.core]")
        return {}
    if given and "surface" in table:
        problems.append("variants: a classical surface has no electronic structure to vary")
    for name, values in given.items():
        base = table.get("method", {})
        method, mistakes = method_of((base if isinstance(base, dict) else {}) | values, path)
        problems += [f"variants.{name}: {mistake}" for mistake in mistakes]
        if not name.isidentifier():
            problems.append(f"variants: {name!r} becomes the first part of columns; give a plain word")
        if method is not None:
            variants[name] = KohnShamSpec(method)
    return variants


def _compositions(study: dict[str, Any], written: Any, problems: list[str]) -> list[Symbols]:
    """Chemical symbols of all clusters of the study, single atoms left out."""
    if not isinstance(written, dict):
        return []  # a problem already
    if "element" not in written and "formulas" not in written:
        problems.append('study: give element = "Na" with sizes = "2-8", or formulas = ["Na4"]')
    if ("element" in written) != ("sizes" in written):
        problems.append("study: element and sizes go together; give both")
    pure = [(element,) * n for element in study.get("element", ()) for n in study.get("sizes", ())]
    compositions = [symbols for symbols in [*pure, *study.get("formulas", ())] if len(symbols) > 1]
    _check_once(compositions, problems)
    return compositions


def _check_once(compositions: Iterable[Symbols], problems: list[str]) -> None:
    """Compositions that are there twice, in whatever order their elements are written."""
    first: dict[Symbols, str] = {}
    for symbols in compositions:
        name, atoms = formula_of(symbols), tuple(sorted(symbols))
        if atoms in first:
            before = first[atoms]
            what = f"{name} is there twice" if before == name else f"{before} and {name} are the same"
            problems.append(f"study: {what}; give each cluster once, by element and sizes or by formulas")
        first.setdefault(atoms, name)


def _cluster(
    symbols: Symbols,
    charge: int,
    study: dict[str, Any],
    search: dict[str, Any],
    special: dict[str, dict[str, Any]],
    folder: str,
    problems: list[str],
) -> list[ClusterPlan]:
    """A list with the ClusterPlan of one cluster, empty where its geometries are wrong."""
    values = {"unpaired": study.get("unpaired", "auto")} | search
    for name in (formula_of(symbols), formula_of(symbols, charge)):
        values |= special.get(name, {})
    spin, geometries = values.pop("unpaired"), values.pop("geometries", ())
    n_unpaired = spin if isinstance(spin, int) else None
    where = f"{formula_of(symbols, charge)}: geometries"
    try:
        seeds = seeds_of(geometries, symbols, charge, n_unpaired, folder, seed=values.get("seed", 0))
    except InputError as error:
        problems.append(f"{where}: {error}")
        return []
    how = _arguments(values) | {"seeds": seeds} | ({"scan_spins": True} if spin == "scan" else {})
    return [ClusterPlan(symbols=symbols, charge=charge, n_unpaired=n_unpaired, search=how)]


def _arguments(values: dict[str, Any]) -> dict[str, Any]:
    """Keyword arguments of `search` for the values of a table."""
    arguments = {key: value for key, value in values.items() if key not in (*FACTORS, "check")}
    for key, (name, factor) in FACTORS.items():
        if key in values:
            arguments[name] = values[key] * factor
    return arguments if values.get("check", True) else arguments | {"check_within": None}


def _check_special(
    special: Iterable[str], compositions: Iterable[Symbols], charges: Iterable[int], problems: list[str]
) -> None:
    """Tables [clusters.NAME] of clusters that the study does not have."""
    names: set[str] = set()
    for symbols in compositions:
        names |= {formula_of(symbols), *(formula_of(symbols, charge) for charge in charges)}
    for name in special:
        if names and name not in names:
            problems.append(f"clusters: {unknown_key(name, sorted(names))}")


def _check_clusters(clusters: Iterable[ClusterPlan], spec: SurfaceSpec, problems: list[str]) -> None:
    """Charges, spins and elements that the surface does not take."""
    for plan in clusters:
        symbols, line = plan.symbols, np.zeros((len(plan.symbols), 3))
        line[:, 0] = 6.0 * np.arange(len(symbols))  # bohr; only the electrons are counted
        try:
            spec.check(
                Cluster(symbols=symbols, positions=line, charge=plan.charge, n_unpaired=plan.n_unpaired)
            )
        except InputError as error:
            problems.append(f"{plan.name}: {error}")
