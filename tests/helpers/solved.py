"""Solved clusters, and PySCF's molecule in the same basis."""

from functools import lru_cache

import numpy as np
from pyscf import gto, lib

from clusterdft.basis.sets import orbital_set
from clusterdft.cluster import Cluster
from clusterdft.method import Method
from clusterdft.scf.solve_scf import solve_scf

lib.num_threads(1)
TIGHT = Method(tolerance=1e-9, grid="ultra")
TRIMER = Cluster(symbols=("Na",) * 3, positions=[[0, 0, 0], [5.75, 0, 0], [0.9, 5.68, 0]])
SEPTAMER = Cluster(  # pentagonal bipyramid
    symbols=("Na",) * 7,
    positions=[
        *[[5.25 * np.cos(a), 5.25 * np.sin(a), 0] for a in 2 * np.pi * np.arange(5) / 5],
        [0, 0, 3.25],
        [0, 0, -3.25],
    ],
)
RHOMBUS = Cluster(
    symbols=("Na",) * 4, positions=[[2.73, 0, 0], [-2.73, 0, 0], [0, 5.6, 0], [0, -5.6, 0]], n_unpaired=0
)
MIXED = Cluster(symbols=("Na", "K", "Na"), positions=[[0, 0, 0], [6.6, 0, 0], [1.0, 5.9, 0.4]])


@lru_cache(maxsize=16)
def solved(cluster, method=TIGHT):
    return solve_scf(cluster, method)


def atom(symbol="Na"):
    return Cluster(symbols=(symbol,), positions=np.zeros((1, 3)))


ATOM = atom()


def molecule(result):
    """PySCF's Mole of a result, its basis functions in the same order."""
    cluster = result.cluster
    shells = {
        s: [[momentum, [a, 1.0]] for momentum, a in orbital_set(s, result.method.basis)]
        for s in set(cluster.symbols)
    }
    return gto.M(
        atom=[[s, tuple(r)] for s, r in zip(cluster.symbols, cluster.positions, strict=True)],
        unit="Bohr",
        basis=shells,
        pseudo="gth-pade-q1",
        charge=cluster.charge,
        spin=None,
        verbose=0,
    )
