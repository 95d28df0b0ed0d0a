"""Unscreening: what the valence electrons add to the ionic potential."""

from clusterdft.atom.radial_problem import hartree_potential
from clusterdft.xc import get_functional


def screening_potential(mesh, density, partial_core):
    """Hartree and exchange-correlation potential of an unpolarised valence density.

        v = v_H[n] + v_xc[n + n_c]

    With n_c = 0 this is linear unscreening: v_xc[n + core] - v_xc[n], which depends on n, is left in the ion.

    Parameters
    ----------
    mesh : RadialMesh
    density, partial_core : (n,) bohr^-3

    Returns
    -------
    (n,) hartree

    References
    ----------
    Louie, Froyen, Cohen, Phys. Rev. B 26, 1738 (1982), eq. (6)
    """
    _, v, _ = get_functional("lda-pz").evaluate((density + partial_core)[None])
    return hartree_potential(mesh, density) + v[0]
