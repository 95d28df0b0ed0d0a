"""Compilation ahead of a search."""

import subprocess
import sys

import pytest

from clusterdft.scf import warm_up as ahead

EVERYTHING = """
from dataclasses import replace
import numpy as np
from numba.core.dispatcher import Dispatcher
from clusterdft.cluster import Cluster
from clusterdft.method import Method
from clusterdft.scf import warm_up as ahead
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.integrals import interaction, pairs
from clusterdft.xc import fitted_kernels, perdew_zunger

def signatures():
    modules = (interaction, pairs, fitted_kernels, perdew_zunger)
    kernels = [k for m in modules for k in vars(m).values() if isinstance(k, Dispatcher)]
    return {(k.py_func.__module__, k.py_func.__name__, str(s)) for k in kernels for s in k.signatures}

ahead.compile_xc()
ahead.compile_integrals()
before = signatures()
pair = Cluster(symbols=("Na", "Na"), positions=np.array([[0, 0, 0], [6.0, 0.1, 0.2]]), charge=1)
solve_scf(pair, Method())
solve_scf(replace(pair, charge=0, n_unpaired=0), Method(pseudopotential="gth-pade-q1"))
assert signatures() == before, signatures() - before
"""


def test_a_search_compiles_nothing_more():
    subprocess.run([sys.executable, "-c", EVERYTHING], check=True)


@pytest.fixture
def counted(monkeypatch):
    """The parts that are compiled here, and those given to another process."""
    here, elsewhere = [], []

    def start(command, **_):
        elsewhere.extend(command[3:])
        raise OSError("no processes left")

    monkeypatch.setattr(subprocess, "Popen", start)
    parts = {name: lambda name=name: here.append(name) for name in ("xc", "integrals")}
    monkeypatch.setattr(ahead, "PARTS", parts)
    return here, elsewhere


def test_nothing_is_started_when_allis_compiled(counted, monkeypatch):
    monkeypatch.setattr(ahead, "is_compiled", lambda name: True)
    ahead.compile_kernels()
    assert counted == ([], [])


def test_two_parts_at_a_time_and_no_failure_without_a_second_process(counted, monkeypatch):
    monkeypatch.setattr(ahead, "is_compiled", lambda name: False)
    ahead.compile_kernels()
    assert counted == (["integrals"], ["xc"])


def test_kept_kernels_are_found():
    for name, part in ahead.PARTS.items():
        part()
        assert ahead.is_compiled(name)


def test_an_unknown_cache_counts_as_cold(monkeypatch):
    monkeypatch.setattr(ahead, "last_kernel", lambda name: object())
    assert not ahead.is_compiled("xc")
