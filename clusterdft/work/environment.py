"""The process that computes: its threads, and what a result was made with."""

import platform
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

ONE_THREAD = {
    name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
}  # variables of the environment in which a process starts that is to have one thread
ONE_PROCESS_NATOM = 3  # atoms; work on so few ends before worker processes have started
PACKAGES = ("clusterdft", "numpy", "scipy", "numba", "pyscf", "ase", "sqlalchemy")


def one_thread() -> AbstractContextManager[Any]:
    """Context in which BLAS and OpenMP libraries use one thread.

    The matrices are small, and parallel work is spread over whole relaxations; spinning idle threads cost up
    to tenfold.
    """
    limits: AbstractContextManager[Any] = _controller().limit(limits=1)
    return limits


@lru_cache(maxsize=1)
def _controller() -> "ThreadpoolController":
    """All thread pools (BLAS, OpenMP) of the libraries that are loaded by now."""
    from threadpoolctl import ThreadpoolController  # not for `clusterdft --help`

    return ThreadpoolController()


def provenance() -> dict[str, Any]:
    """Versions of python and of the packages that matter, and the platform, ready for JSON."""
    from importlib.metadata import PackageNotFoundError, version  # a fifth of the time that --help takes

    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return {"versions": versions, "platform": platform.platform()}
