"""Compile the kernels before they are needed: half of them here, half in a second process.

    python -m clusterdft.scf.warm_up integrals|xc

Numba keeps what it has compiled in a folder that all processes share, so that this is for first runs.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

from clusterdft.basis.shells import fit_shells, orbital_shells
from clusterdft.work.environment import ONE_THREAD

COMPILE_TIMEOUT = 120.0  # seconds that the second process may take


def compile_kernels() -> None:
    """Compiles all kernels that a search with the fitted density needs; at once done where they are kept."""
    missing = [name for name in PARTS if not is_compiled(name)]
    if not missing:
        return
    *elsewhere, here = missing
    with _second_process(elsewhere):
        PARTS[here]()


def compile_xc() -> None:
    """Density and potential on a grid."""
    from clusterdft.xc.fitted_density import project_potential
    from clusterdft.xc.perdew_zunger import perdew_zunger

    _, v, _ = perdew_zunger().evaluate(np.ones((1, 1)))
    fit, positions = fit_shells(["Na"], {"Na": [(1, 0.1)]}), np.zeros((1, 3))
    project_potential(fit, positions, positions, v)


def compile_integrals() -> None:
    """Orbital pairs, and the Coulomb interaction."""
    from clusterdft.integrals.coulomb import fit_moments, fit_potential
    from clusterdft.integrals.pairs import make_pairs

    fit, positions = fit_shells(["Na"], {"Na": [(0, 0.1)]}), np.zeros((1, 3))
    pairs = make_pairs(orbital_shells(["Na"], {"Na": [(0, 0.1)]}), positions)
    moments = fit_moments(pairs, np.ones((1, 1, 1)), fit, positions)
    fit_potential(pairs, moments, fit, positions)


PARTS: dict[str, Callable[[], None]] = {"xc": compile_xc, "integrals": compile_integrals}


def last_kernel(name: str) -> Any:
    """The kernel of a part that is compiled, and kept, after the others."""
    if name == "xc":
        from clusterdft.xc.fitted_kernels import grid_kernel

        return grid_kernel
    from clusterdft.integrals.pairs import matrix_kernel

    return matrix_kernel


def is_compiled(name: str) -> bool:
    """Whether Numba's folder holds a part's last kernel, made from the present source."""
    try:
        return bool(last_kernel(name)._cache._cache_file._load_index())
    except (AttributeError, OSError):  # another Numba, an unreadable folder: loading is cheap
        return False


@contextmanager
def _second_process(parts: Sequence[str]) -> Iterator[None]:
    """Compiles parts in another process meanwhile; should that fail, they are compiled on first use."""
    if not parts:
        yield
        return
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    process: subprocess.Popen[bytes] | None = None
    with suppress(OSError):
        process = subprocess.Popen(
            [sys.executable, "-m", "clusterdft.scf.warm_up", *parts],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
        )
    try:
        yield
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(COMPILE_TIMEOUT)
    finally:
        if process is not None:
            process.kill()
            process.wait()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        PARTS[name]()
