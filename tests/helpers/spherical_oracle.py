"""Spherical unpolarised Kohn-Sham atoms from PySCF in a large even-tempered basis."""

# ruff: noqa: E741 - the angular momentum is called l

import numpy as np
from pyscf import gto, lib
from pyscf.scf.atom_ks import AtomSphAverageRKS

from clusterdft.atom import ground_configuration

lib.num_threads(1)


def spherical_atom(symbol, xc="lda,pz"):
    """Energy (hartree) and {shell name: eigenvalue} of the ground configuration, electrons evenly over m."""
    configuration = ground_configuration(symbol)
    highest = max(shell.l for shell in configuration.shells)
    basis = [
        [l, [a, 1.0]]
        for l in range(highest + 1)
        for a in even_tempered(
            0.012 if l < 2 else 0.03, (5e3 if l == 0 else 60.0) * configuration.z ** (2 if l == 0 else 1.4)
        )
    ]
    mol = gto.M(atom=[[symbol, (0, 0, 0)]], basis={symbol: basis}, spin=configuration.z % 2, verbose=0)
    mf = AtomSphAverageRKS(mol)
    mf.atomic_configuration = by_momentum(configuration)
    mf.xc, mf.conv_tol, mf.max_cycle = xc, 1e-9, 200
    mf.grids.atom_grid = (250, 26)  # a spherical density needs radii, not directions
    mf.grids.prune = None
    mf.kernel()
    assert mf.converged
    return mf.e_tot, levels(mf, configuration)


def even_tempered(smallest, largest, ratio=1.8):
    """Exponents, bohr^-2."""
    count = int(np.ceil(np.log(largest / smallest) / np.log(ratio)))
    return smallest * ratio ** np.arange(count + 1)


def by_momentum(configuration):
    """PySCF's table of configurations: electrons of each l at the place of the element."""
    electrons = [int(sum(s.electrons for s in configuration.shells if s.l == l)) for l in range(4)]
    return {configuration.z: electrons}


def levels(mf, configuration):
    """{shell name: eigenvalue}; orbitals come one l after the other, 2l+1 of each; shell n is level n - l."""
    momenta = [mf.mol.bas_angular(place) for place in range(mf.mol.nbas)]
    counts = [momenta.count(l) for l in range(4)]
    found = {}
    for shell in configuration.shells:
        width = [counts[l] * (2 * l + 1) for l in range(shell.l + 1)]
        energies = mf.mo_energy[sum(width[:-1]) : sum(width)]
        found[shell.name] = energies[:: 2 * shell.l + 1][shell.n - shell.l - 1]
    return found
