"""The shipped orbital sets: what they hold, what they refuse, and that the larger ones are better."""

import itertools

import numpy as np
import pytest

from clusterdft.basis.fitting import fitting_set
from clusterdft.basis.sets import BASIS_SETS, check_valence, load_basis, orbital_set
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.making.basis.sample_systems import reference_method, solve_in_shells, systems
from clusterdft.method import Method
from clusterdft.scf.method_file import load_method
from clusterdft.scf.solve_scf import solve_scf

VALENCE = {"Li": 1, "Na": 1, "K": 1, "Rb": 1, "Cs": 1, "Mg": 2, "Al": 3}
ALL = list(itertools.product(BASIS_SETS, VALENCE))


def table(symbol):
    """A tabulated pseudopotential that leaves the electrons of the sets."""
    return f"gth-pade-q{VALENCE[symbol]}"


@pytest.mark.parametrize(("name", "symbol"), ALL)
def test_every_set_has_every_element(name, symbol):
    entry = load_basis(symbol, name)
    assert entry.symbol == symbol
    assert entry.valence == VALENCE[symbol]
    check_valence(symbol, name, VALENCE[symbol])


@pytest.mark.parametrize(("name", "symbol"), ALL)
def test_the_size_is_the_one_in_the_name(name, symbol):
    momenta = [momentum for momentum, _ in orbital_set(symbol, name)]
    counts = [f"{momenta.count(k)}{letter}" for k, letter in enumerate("spd") if k in momenta]
    assert name.endswith("".join(counts))


@pytest.mark.parametrize(("name", "symbol"), ALL)
def test_exponents_are_positive_and_apart(name, symbol):
    shells = orbital_set(symbol, name)
    for momentum in range(3):
        exponents = sorted(a for l, a in shells if l == momentum)  # noqa: E741
        assert all(a > 0.005 for a in exponents)
        assert all(high / low > 1.59 for low, high in itertools.pairwise(exponents))


def test_sodium_of_the_paper():
    assert orbital_set("Na", "paper-3s2p") == (
        (0, 0.030466),
        (0, 0.086586),
        (0, 0.397668),
        (1, 0.090545),
        (1, 0.634653),
    )
    assert fitting_set("Na", "paper-3s2p", "default") == ((1, 0.05), (2, 0.1), (3, 0.2), (2, 0.4), (1, 0.8))
    assert [degree for degree, _ in fitting_set("Na", "paper-3s2p", "large")] == [2, 3, 3, 3, 3, 3, 2, 2]


def test_large_sodium_is_even_tempered():
    first = {0: (0.016, 2.15, 6), 1: (0.018, 2.35, 5), 2: (0.04, 2.4, 3)}
    expected = tuple((l, a * r**k) for l, (a, r, n) in first.items() for k in range(n))  # noqa: E741
    assert orbital_set("Na", "even-6s5p3d") == expected
    assert fitting_set("Na", "even-6s5p3d", "default")[0] == (1, 0.03)
    assert [degree for degree, _ in fitting_set("Na", "even-6s5p3d", "default")] == [1, 2, 3, 3, 2, 1]
    assert fitting_set("Na", "even-6s5p3d", "large")[-1] == (2, 0.02 * 2**8)


@pytest.mark.parametrize("symbol", VALENCE)
def test_larger_sets_have_lower_energies(symbol):
    fitting = fitting_set(symbol, "even-6s5p3d", "large")
    method = reference_method(table(symbol))
    atom, dimer = (
        [solve_in_shells(cluster, method, orbital_set(symbol, name), fitting).energy for name in BASIS_SETS]
        for cluster in systems(symbol)[:2]
    )
    small, middle, large = atom
    assert max(middle, large) < small
    assert large > small - 3e-3
    small, middle, large = dimer
    assert large < middle < small


def test_elements_stand_in_one_cluster():
    cluster = Cluster(symbols=("Na", "Cs"), positions=[[0, 0, 0], [0, 0, 7.2]])
    result = solve_scf(cluster, Method(pseudopotential="gth-pade-q1"))
    assert np.abs(result.forces).max() < 0.02


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('[Na]\nvalence = 1\nsource = "mine"\ns = [0.03, 0.09, 0.4]\np = [0.09, 0.6]\n')
    atom = Cluster(symbols=("Na",), positions=np.zeros((1, 3)))
    mine = solve_scf(atom, Method(pseudopotential="gth-pade-q1", basis=str(path)))
    shipped = solve_scf(atom, Method(pseudopotential="gth-pade-q1"))
    assert mine.energy == pytest.approx(shipped.energy, abs=1e-4)
    assert mine.energy != shipped.energy


def test_a_method_file_names_a_basis_file_beside_it(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('[Na]\nvalence = 1\nsource = "mine"\ns = [0.03]\n')
    (tmp_path / "method.toml").write_text('basis = "mine.toml"\n')
    method = load_method(tmp_path / "method.toml")
    assert method.basis == str(path)
    before = method.key
    path.write_text(path.read_text().replace("0.03", "0.04"))
    assert method.key != before


@pytest.mark.parametrize(
    ("symbol", "name", "told"),
    [
        ("Na", "paper-3s2", "there are paper-3s2p, opt-4s3p1d, even-6s5p3d; did you mean 'paper-3s2p'?"),
        ("Na", "sto-3g", "or give the path of a .toml file"),
        ("H", "paper-3s2p", "no functions for H; it has Al, Cs, K, Li, Mg, Na, Rb"),
        ("Na", "no/such.toml", "cannot read the basis file no/such.toml"),
    ],
)
def test_unknown_names(symbol, name, told):
    with pytest.raises(InputError) as error:
        orbital_set(symbol, name)
    assert told in str(error.value)


def test_a_file_without_the_element(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('[Na]\nvalence = 1\nsource = "mine"\ns = [0.03]\n')
    with pytest.raises(InputError, match=r"no functions for K; it has Na, so add a table \[K\]"):
        orbital_set("K", str(path))


def test_valence_is_checked():
    with pytest.raises(InputError, match="describes 1 valence electron of Na, the pseudopotential leaves 9"):
        check_valence("Na", "paper-3s2p", 9)
    with pytest.raises(InputError, match=r"2 valence electrons of Mg.* leaves 10; take one for 2"):
        check_valence("Mg", "even-6s5p3d", 10)
