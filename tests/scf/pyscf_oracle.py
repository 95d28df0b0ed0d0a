"""Kohn-Sham energies and forces from PySCF: exact Coulomb, orbital density, fine grid."""

import numpy as np
from pyscf import dft, gto, lib

from clusterdft.basis.sets import orbital_set

lib.num_threads(1)


def unrestricted(cluster, unpaired, *, basis="paper-3s2p", xc="lda,pz", grid_level=3, dm=None):
    """A converged UKS object with the GTH-PADE-q1 pseudopotential."""
    symbols = set(cluster.symbols)
    shells = {s: [[momentum, [a, 1.0]] for momentum, a in orbital_set(s, basis)] for s in symbols}
    mol = gto.M(
        atom=[[s, tuple(r)] for s, r in zip(cluster.symbols, cluster.positions, strict=True)],
        unit="Bohr",
        basis=shells,
        pseudo="gth-pade-q1",
        charge=cluster.charge,
        spin=unpaired,
        verbose=0,
    )
    mf = dft.UKS(mol)
    mf.xc, mf.grids.level, mf.conv_tol = xc, grid_level, 1e-10
    mf.kernel(dm0=dm)
    if not mf.converged:
        mf = mf.newton()
        mf.kernel(mf.mo_coeff, mf.mo_occ)
    assert mf.converged
    return mf


def forces(mf):
    """(natom, 3) hartree/bohr, grid response included."""
    gradient = mf.nuc_grad_method()
    gradient.grid_response = True
    return -np.asarray(gradient.kernel())
