"""The nonlocal pseudopotential against quadrature, libecp, PySCF's GTH integrals and finite differences."""

import numpy as np
import pytest
from pyscf import gto
from pyscf.gto.pp_int import get_gth_pp

from clusterdft.basis.shells import orbital_shells
from clusterdft.errors import InputError
from clusterdft.integrals import nonlocal_potential
from clusterdft.integrals.nonlocal_potential import nonlocal_gradient, nonlocal_matrix
from clusterdft.pseudo import Pseudopotential, Semilocal, Separable, load_pseudopotential

PAPER = [(0, 0.030466), (0, 0.086586), (0, 0.397668), (1, 0.090545), (1, 0.634653)]
WITH_D = [*PAPER, (2, 0.15), (2, 0.7)]


def up_to_f():
    """A made-up element with both kinds of channels, l = 0..3."""
    rng = np.random.default_rng(8)
    separable = [Separable(l=k, radius=0.6 + 0.2 * k, h=np.array([[1.1, -0.3], [-0.3, 0.4]])) for k in (0, 2)]
    semilocal = [
        Semilocal(l=k, exponent=[0.6, 1.4], a=rng.normal(size=2), b=rng.normal(size=2)) for k in (1, 3)
    ]
    return Pseudopotential(
        symbol="Na", z_valence=1, name="test", source="test", core_alpha=[1.0], core_c=[1.0],
        channels=(*separable, *semilocal),
    )  # fmt: skip


def positions_of(natom, seed=0, spread=3.5):
    """Random positions; the second atom all but sits on the first."""
    positions = np.random.default_rng(seed).normal(size=(natom, 3)) * spread
    positions[1] = positions[0] + [1e-7, 0.0, -3e-8]
    return positions


def molecule(positions, basis, **more):
    return gto.M(
        atom=[("Na", r) for r in positions], unit="B", spin=len(positions) % 2, verbose=0,
        basis={"Na": [[momentum, [a, 1]] for momentum, a in basis]}, **more,
    )  # fmt: skip


def shells_of(natom, basis):
    return orbital_shells(["Na"] * natom, {"Na": basis})


def real_harmonics(momentum, u):
    """Orthonormal real harmonics of the unit vectors u, through PySCF's own table."""
    cartesian = np.stack(
        [
            u[:, 0] ** i * u[:, 1] ** j * u[:, 2] ** (momentum - i - j)
            for i in range(momentum, -1, -1)
            for j in range(momentum - i, -1, -1)
        ],
        axis=1,
    )
    return cartesian @ gto.cart2sph(momentum, normalized=None)


def by_quadrature(positions, basis, pseudopotential, nr=70, ntheta=34):
    """The matrix by brute force: product quadrature on spheres about each ion, orbitals from PySCF."""
    mol = molecule(positions, basis)
    x, w = np.polynomial.legendre.leggauss(ntheta)
    phi = np.pi * np.arange(2 * ntheta) / ntheta
    s = np.sqrt(1 - x**2)
    u = np.stack([np.outer(s, np.cos(phi)), np.outer(s, np.sin(phi)), np.outer(x, np.ones_like(phi))], -1)
    u, w = u.reshape(-1, 3), np.repeat(w, 2 * ntheta) * np.pi / ntheta
    t, wr = np.polynomial.legendre.leggauss(nr)
    r, wr = 4.4 * (t + 1), 4.4 * wr
    matrix = np.zeros((mol.nao, mol.nao))
    for centre in positions:
        ao = mol.eval_gto("GTOval_sph", (centre + r[:, None, None] * u).reshape(-1, 3))
        ao = ao.reshape(nr, -1, mol.nao)
        for channel in pseudopotential.channels:
            y = real_harmonics(channel.l, u) * w[:, None]
            projected = np.tensordot(ao, y, axes=(1, 0)).transpose(2, 1, 0) * np.sqrt(wr * r**2)
            if isinstance(channel, Semilocal):
                matrix += np.einsum(
                    "mar,r,mbr->ab", projected, channel.potential(r), projected, optimize=True
                )
            else:
                overlap = projected @ (channel.projectors(r) * np.sqrt(wr * r**2)).T
                matrix += np.einsum("mai,ij,mbj->ab", overlap, channel.h, overlap, optimize=True)
    return matrix


@pytest.mark.parametrize(
    ("pseudopotential", "natom"),
    [(load_pseudopotential("Na", "bhs"), 4), (load_pseudopotential("Na", "gth-pade-q1"), 3), (up_to_f(), 3)],
    ids=["bhs", "gth", "l0-l3"],
)
def test_matrix_is_the_integral(pseudopotential, natom):
    positions = positions_of(natom)
    matrix = nonlocal_matrix(shells_of(natom, WITH_D), positions, [pseudopotential] * natom)
    np.testing.assert_allclose(matrix, by_quadrature(positions, WITH_D, pseudopotential), rtol=0, atol=1e-9)
    np.testing.assert_array_equal(matrix, matrix.T)


def test_matrix_against_libecp():
    """libecp's own radial quadrature is good to a few 1e-7 only."""
    sodium, positions = load_pseudopotential("Na", "bhs"), positions_of(5, seed=4)
    by_l = []
    for channel in sodium.channels:
        powers = [[] for _ in range(6)]
        powers[2] = [[float(e), float(a)] for e, a in zip(channel.exponent, channel.a, strict=True)]
        powers[4] = [[float(e), float(b)] for e, b in zip(channel.exponent, channel.b, strict=True)]
        by_l.append([channel.l, powers])
    mol = molecule(positions, WITH_D, ecp={"Na": [10, [[-1, []], *by_l]]})
    matrix = nonlocal_matrix(shells_of(5, WITH_D), positions, [sodium] * 5)
    np.testing.assert_allclose(matrix, mol.intor("ECPscalar"), rtol=0, atol=2e-6)


@pytest.mark.parametrize("name", ["gth-pade-q1", "gth-pbe-q1", "gth-pade-q9"])
def test_matrix_against_pyscf_gth(name):
    """PySCF gives local and nonlocal part together; a table without projectors has the former alone."""
    positions = positions_of(4, seed=5)
    spelling = name.upper().replace("-Q", "-q")
    table = gto.basis.load_pseudo(spelling, "Na")
    full, local = (molecule(positions, WITH_D, pseudo={"Na": t}) for t in (table, [*table[:4], 0]))
    pseudopotentials = [load_pseudopotential("Na", name)] * 4
    matrix = nonlocal_matrix(shells_of(4, WITH_D), positions, pseudopotentials)
    np.testing.assert_allclose(matrix, get_gth_pp(full) - get_gth_pp(local), rtol=0, atol=1e-9)


def mixed_case(seed=1):
    """Two elements, one of them without channels on some atoms, d functions, a random symmetric dm."""
    natom = 4
    bare = Pseudopotential(symbol="Na", z_valence=1, name="", source="", core_alpha=[1.0], core_c=[1.0])
    kinds = [load_pseudopotential("Na", "bhs"), up_to_f(), bare, load_pseudopotential("Na", "gth-pade-q1")]
    shells = shells_of(natom, WITH_D)
    dm = np.random.default_rng(seed).normal(size=(shells.nao, shells.nao))
    return shells, positions_of(natom, seed, spread=2.5), kinds, dm + dm.T


def differences(energy, positions, step=2e-3):
    """Six-point derivative of energy(positions)."""
    slope = np.zeros_like(positions)
    for index in np.ndindex(*positions.shape):
        for k, weight in ((1, 0.75), (2, -0.15), (3, 1 / 60)):
            for sign in (1, -1):
                moved = positions.copy()
                moved[index] += sign * k * step
                slope[index] += sign * weight * energy(moved) / step
    return slope


def test_gradient_is_the_derivative():
    shells, positions, kinds, dm = mixed_case()
    orbital, operator = nonlocal_gradient(shells, positions, kinds, dm)
    expected = differences(lambda r: np.sum(dm * nonlocal_matrix(shells, r, kinds)), positions)
    np.testing.assert_allclose(orbital + operator, expected, rtol=0, atol=1e-8)
    assert np.abs(expected).max() > 1


def test_gradient_is_split_into_orbitals_and_operator():
    """Ions without orbitals beside orbitals without ions: each part moves alone."""
    shells, positions, kinds, dm = mixed_case()
    bare = kinds[2]
    positions = np.concatenate([positions, positions + 0.4])  # atoms 0..3 carry orbitals, 4..7 the ions
    split = [bare] * 4 + kinds
    orbital, operator = nonlocal_gradient(shells, positions, split, dm)
    expected = differences(lambda r: np.sum(dm * nonlocal_matrix(shells, r, split)), positions)
    np.testing.assert_allclose(orbital[:4], expected[:4], rtol=0, atol=1e-8)
    np.testing.assert_allclose(operator[4:], expected[4:], rtol=0, atol=1e-8)
    np.testing.assert_array_equal(orbital[4:], 0)
    np.testing.assert_array_equal(operator[:4], 0)


def test_translation_leaves_all_alone():
    shells, positions, kinds, dm = mixed_case()
    shift = np.array([3.0, -1.0, 0.7])
    matrix = nonlocal_matrix(shells, positions, kinds)
    np.testing.assert_allclose(nonlocal_matrix(shells, positions + shift, kinds), matrix, rtol=0, atol=1e-11)
    total = sum(nonlocal_gradient(shells, positions, kinds, dm))
    np.testing.assert_allclose(total.sum(axis=0), 0.0, atol=1e-11)


def test_rotation_turns_the_gradient_and_keeps_the_spectrum():
    shells, positions, kinds, _ = mixed_case()
    turn = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    matrix = nonlocal_matrix(shells, positions, kinds)
    turned = nonlocal_matrix(shells, positions @ turn.T, kinds)
    np.testing.assert_allclose(np.linalg.eigvalsh(turned), np.linalg.eigvalsh(matrix), rtol=0, atol=1e-10)
    before = sum(nonlocal_gradient(shells, positions, kinds, matrix))
    after = sum(nonlocal_gradient(shells, positions @ turn.T, kinds, turned))
    np.testing.assert_allclose(after, before @ turn.T, rtol=0, atol=1e-10)


def test_torque_vanishes_for_an_invariant_density():
    shells, positions, kinds, _ = mixed_case()
    gradient = sum(nonlocal_gradient(shells, positions, kinds, nonlocal_matrix(shells, positions, kinds)))
    np.testing.assert_allclose(np.cross(positions, gradient).sum(axis=0), 0.0, atol=1e-10)


def test_permuted_atoms_give_permuted_blocks():
    shells, positions, kinds, _ = mixed_case()
    size, order = shells.nao // 4, [2, 0, 3, 1]
    functions = np.concatenate([np.arange(size) + size * atom for atom in order])
    matrix = nonlocal_matrix(shells, positions, kinds)
    permuted = nonlocal_matrix(shells, positions[order], [kinds[atom] for atom in order])
    np.testing.assert_allclose(permuted, matrix[np.ix_(functions, functions)], rtol=0, atol=1e-12)


def test_far_atoms_do_not_feel_each_other():
    sodium = load_pseudopotential("Na", "bhs")
    shells, apart = shells_of(2, PAPER), np.array([[0.0, 0, 0], [0, 80.0, 0]])
    matrix = nonlocal_matrix(shells, apart, [sodium] * 2)
    alone = nonlocal_matrix(shells_of(1, PAPER), apart[:1], [sodium])
    np.testing.assert_allclose(matrix, np.kron(np.eye(2), alone), rtol=0, atol=1e-13)
    np.testing.assert_allclose(nonlocal_gradient(shells, apart, [sodium] * 2, matrix), 0.0, atol=1e-11)


def test_blocks_of_ions_change_nothing(monkeypatch):
    shells, positions, kinds, dm = mixed_case()
    kinds = [kinds[0], kinds[1], kinds[0], kinds[0]]
    matrix, gradient = (
        nonlocal_matrix(shells, positions, kinds),
        nonlocal_gradient(shells, positions, kinds, dm),
    )
    monkeypatch.setattr(nonlocal_potential, "MOST_VALUES", 1)
    np.testing.assert_allclose(nonlocal_matrix(shells, positions, kinds), matrix, rtol=0, atol=1e-12)
    np.testing.assert_allclose(nonlocal_gradient(shells, positions, kinds, dm), gradient, rtol=0, atol=1e-11)


def test_no_channels_give_zero():
    shells, positions, kinds, dm = mixed_case()
    assert not nonlocal_matrix(shells, positions, [kinds[2]] * 4).any()
    assert not np.any(nonlocal_gradient(shells, positions, [kinds[2]] * 4, dm))


def test_f_orbitals_and_needle_functions_are_refused():
    sodium = load_pseudopotential("Na", "bhs")
    with pytest.raises(InputError, match="l = 3"):
        nonlocal_matrix(shells_of(1, [(3, 0.5)]), np.zeros((1, 3)), [sodium])
    with pytest.raises(InputError, match="too hard for basis exponents up to 100000"):
        nonlocal_matrix(shells_of(1, [(0, 1e5)]), np.zeros((1, 3)), [sodium])
