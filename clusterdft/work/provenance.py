"""What a result was made with: versions and platform."""

import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("clusterdft", "numpy", "scipy", "numba", "pyscf", "ase", "sqlalchemy")


def provenance():
    """Versions of python and of the packages that matter, and the platform, ready for JSON."""
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return {"versions": versions, "platform": platform.platform()}
