"""The optimiser of exponents: analytic optima, slopes, a shipped set found again, the command."""

import numpy as np
import pytest

from clusterdft.basis.set_files import read_basis
from clusterdft.basis.sets import orbital_set
from clusterdft.errors import InputError
from clusterdft.making.basis.optimize import EnergyPerAtom, main, minimize_exponents, optimize_basis
from clusterdft.making.basis.sample_systems import energy_nearby, reference_method, solve_in_shells, systems
from clusterdft.making.basis.template import SMALLEST_RATIO, Template

METHOD = reference_method("gth-pade-q1")
FITTING = tuple((2, 0.03 * 2.0**k) for k in range(6))


def hydrogen_energy(exponents):
    """Lowest energy of hydrogen in s Gaussians, hartree: H c = E S c in closed form."""
    a = np.array([exponent for _, exponent in exponents])
    norm = (2 * np.outer(a, a) / np.pi**2 * 2) ** 0.75
    total = a[:, None] + a
    overlap = norm * (np.pi / total) ** 1.5
    kinetic = 3 * np.outer(a, a) / total * overlap
    attraction = -norm * 2 * np.pi / total
    values = np.linalg.eigvals(np.linalg.solve(overlap, kinetic + attraction))
    return float(np.min(values.real))


def test_one_gaussian_for_hydrogen():
    template = Template(counts=(1,))
    found = minimize_exponents(hydrogen_energy, template, np.log([0.5]), tolerance=1e-8)
    assert found.exponents[0][1] == pytest.approx(8 / (9 * np.pi), rel=1e-5)
    assert found.value == pytest.approx(-4 / (3 * np.pi), abs=1e-10)


def test_three_gaussians_for_hydrogen():
    # the published optimum of three Gaussians, energy -0.496979 hartree
    template = Template(counts=(3,))
    found = minimize_exponents(hydrogen_energy, template, np.log([0.1, 3.0, 5.0]), tolerance=1e-8)
    assert [a for _, a in found.exponents] == pytest.approx([0.1514, 0.6813, 4.5004], rel=1e-3)
    assert found.value == pytest.approx(-0.496979, abs=1e-6)
    assert found.slope < 2e-6


def test_a_bound_keeps_exponents_apart():
    template = Template(counts=(2,))
    found = minimize_exponents(
        lambda shells: (shells[0][1] - 1) ** 2 + (shells[1][1] - 1) ** 2, template, np.log([0.5, 3.0])
    )
    (_, low), (_, high) = found.exponents
    assert high / low == pytest.approx(SMALLEST_RATIO, rel=1e-6)
    assert low == pytest.approx((1 + SMALLEST_RATIO) / (1 + SMALLEST_RATIO**2), rel=1e-3)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_slopes_without_self_consistency_are_those_of_the_energy(index):
    cluster = systems("Na")[index]
    exponents = np.array([a for _, a in orbital_set("Na", "paper-3s2p")])

    def shells(step):
        return tuple((l, a) for l, a in zip((0, 0, 0, 1, 1), exponents * np.exp(step), strict=True))  # noqa: E741

    solution = solve_in_shells(cluster, METHOD, shells(0), FITTING)
    for direction in np.eye(5):
        steps = shells(0.002 * direction), shells(-0.002 * direction)
        exact = [solve_in_shells(cluster, METHOD, shell, FITTING, solution).energy for shell in steps]
        nearby = [energy_nearby(cluster, METHOD, shell, FITTING, solution) for shell in steps]
        assert nearby[0] - nearby[1] == pytest.approx(exact[0] - exact[1], abs=2e-9)
        assert nearby[0] >= exact[0] - 1e-10
    assert energy_nearby(cluster, METHOD, shells(0), FITTING, solution) == pytest.approx(
        solution.energy, abs=1e-10
    )


def test_systems_are_possible():
    for symbol, z_valence in {"Li": 1, "Cs": 1, "Mg": 2, "Al": 3}.items():
        for cluster in systems(symbol):
            electrons = z_valence * cluster.natom - cluster.charge
            assert (electrons - cluster.n_unpaired) % 2 == 0
            assert 0 <= cluster.n_unpaired <= electrons
    assert len(systems("Mg")) == 5


def test_the_objective_counts_every_system_by_its_atoms():
    clusters = systems("Na")[:3]
    objective = EnergyPerAtom(clusters, METHOD, 1.0)
    shells = orbital_set("Na", "paper-3s2p")
    energies = [solve_in_shells(c, METHOD, shells, objective.fitting).energy for c in clusters]
    assert objective(shells) == pytest.approx(energies[0] + energies[1] / 2 + energies[2] / 2, abs=1e-9)
    assert objective.nearby(shells) == pytest.approx(objective(shells), abs=1e-9)


@pytest.mark.parametrize(
    ("symbol", "name", "told"), [("H", "paper-3s2p", "element 'H'"), ("Na", "sto", "set 'sto'")]
)
def test_unknown_things_are_named(symbol, name, told):
    with pytest.raises(InputError, match=told):
        optimize_basis(symbol, "gth-pade-q1", name)


def test_the_command_tells_mistakes_in_one_sentence():
    with pytest.raises(SystemExit, match="Error: no exponents are optimised for the element 'H'"):
        main(["H", "--pseudopotential", "gth-pade-q1", "--set", "paper-3s2p"])


@pytest.mark.slow
def test_a_shipped_set_is_found_again(capsys, tmp_path):
    main(["Li", "--pseudopotential", "bhs-core", "--set", "paper-3s2p"])
    path = tmp_path / "Li.toml"
    path.write_text(capsys.readouterr().out)
    found = read_basis(path)["Li"]
    shipped = orbital_set("Li", "paper-3s2p")
    assert [l for l, _ in found.shells] == [l for l, _ in shipped]  # noqa: E741
    assert [a for _, a in found.shells] == pytest.approx([a for _, a in shipped], rel=0.01)
    assert "--set paper-3s2p" in found.source
