"""clusterdft: geometries of small metal clusters from first principles."""

from importlib import import_module
from typing import Any

_HOME = {
    "Cluster": "clusterdft.cluster",
    "Method": "clusterdft.method",
    "load_method": "clusterdft.scf.method_file",
    "ClusterDftError": "clusterdft.errors",
    "InputError": "clusterdft.errors",
    "ScfNotConverged": "clusterdft.errors",
    "StoreError": "clusterdft.errors",
    "ScfResult": "clusterdft.scf.result",
    "solve_scf": "clusterdft.scf.solve_scf",
    "KohnShamSpec": "clusterdft.surfaces.kohn_sham",
    "relax": "clusterdft.relaxation.relax",
    "RelaxOutcome": "clusterdft.relaxation.relax",
    "search": "clusterdft.report.search_run",
    "SearchResult": "clusterdft.isomer_search.search_result",
    "ClusterDFT": "clusterdft.ase_interface",
    "to_atoms": "clusterdft.ase_interface",
    "to_cluster": "clusterdft.ase_interface",
    "load_pseudopotential": "clusterdft.pseudo",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Imports a public name on first use, so that `import clusterdft` and the command line start at once."""
    if name not in _HOME:
        raise AttributeError(f"module 'clusterdft' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
