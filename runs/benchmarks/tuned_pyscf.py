"""The peer: PySCF as fast as we could make it, with the same basis and pseudopotential.

Unrestricted Kohn-Sham, LDA (Perdew-Zunger), GTH-PADE-q1, the 1985 paper's 3s2p, even-tempered 6s4p3d fitting
set built beforehand, grid level 0, convergence 1e-6, start from the density matrix of the previous geometry.
"""

import numpy as np
from pyscf import df, dft, gto, lib, scf

from clusterdft.basis.sets import orbital_set

lib.num_threads(1)


def molecule(positions):
    """PySCF's Mole of sodium atoms at positions (n, 3) bohr."""
    shells = [[momentum, [exponent, 1.0]] for momentum, exponent in orbital_set("Na", "paper-3s2p")]
    return gto.M(
        atom=[["Na", tuple(r)] for r in positions],
        unit="Bohr",
        basis={"Na": shells},
        pseudo="gth-pade-q1",
        spin=len(positions) % 2,
        verbose=0,
    )


def fitting_basis():
    """6s4p3d with exponents 0.06 * 2.2^k."""
    return [
        [momentum, [0.06 * 2.2**k, 1.0]] for momentum, count in ((0, 6), (1, 4), (2, 3)) for k in range(count)
    ]


def step(positions, dm=None, width=0.0, grid_level=0, conv_tol=1e-6):
    """One SCF with forces.

    Returns
    -------
    energy (hartree), forces (n, 3) hartree/bohr, density matrices for the next step, iterations
    """
    mol = molecule(positions)
    mf = dft.UKS(mol).density_fit(auxbasis={"Na": fitting_basis()})
    mf.xc, mf.grids.level, mf.conv_tol = "lda,pz", grid_level, conv_tol
    mf.with_df = df.DF(mol, auxbasis={"Na": fitting_basis()}).build()
    if width:
        mf = scf.addons.smearing_(mf, sigma=width, method="fermi")
    cycles = []
    mf.callback = lambda env: cycles.append(env["cycle"])
    energy = mf.kernel(dm0=dm)
    gradient = mf.nuc_grad_method().kernel()
    return energy, -np.asarray(gradient), mf.make_rdm1(), len(cycles)
