"""Kohn-Sham energies and forces from PySCF: exact Coulomb, orbital density, fine grid."""

import numpy as np
from pyscf import dft, gto, lib

from clusterdft.basis.sets import orbital_set

lib.num_threads(1)


def unrestricted(cluster, unpaired, *, basis="paper-3s2p", xc="lda,pz", grid_level=3):
    """A converged UKS object with GTH-PADE-q1, the lower of two solutions for a singlet."""
    mol = molecule(cluster, unpaired, basis)
    usual = converged(mol, xc, grid_level, None)
    if unpaired:
        return usual
    apart = converged(mol, xc, grid_level, spins_apart(usual))
    return min(usual, apart, key=lambda mf: mf.e_tot)


def molecule(cluster, unpaired, basis):
    """PySCF's Mole of a cluster."""
    symbols = set(cluster.symbols)
    shells = {s: [[momentum, [a, 1.0]] for momentum, a in orbital_set(s, basis)] for s in symbols}
    return gto.M(
        atom=[[s, tuple(r)] for s, r in zip(cluster.symbols, cluster.positions, strict=True)],
        unit="Bohr",
        basis=shells,
        pseudo="gth-pade-q1",
        charge=cluster.charge,
        spin=unpaired,
        verbose=0,
    )


def converged(mol, xc, grid_level, dm):
    """UKS from a density matrix, or from PySCF's own guess."""
    mf = dft.UKS(mol)
    mf.xc, mf.grids.level, mf.conv_tol = xc, grid_level, 1e-10
    mf.kernel(dm0=dm)
    if not mf.converged:
        mf = mf.newton()
        mf.kernel(mf.mo_coeff, mf.mo_occ)
    assert mf.converged
    return mf


def spins_apart(mf):
    """Density matrices with the frontier orbitals of the two spins turned against each other."""
    filled = int(mf.mo_occ[0].sum())
    matrices = []
    for sign, orbitals in zip((1, -1), mf.mo_coeff, strict=True):
        frontier = (orbitals[:, filled - 1] + sign * orbitals[:, filled]) / np.sqrt(2)
        occupied = np.column_stack([orbitals[:, : filled - 1], frontier])
        matrices.append(occupied @ occupied.T)
    return np.array(matrices)


def forces(mf):
    """(natom, 3) hartree/bohr, grid response included."""
    gradient = mf.nuc_grad_method()
    gradient.grid_response = True
    return -np.asarray(gradient.kernel())
