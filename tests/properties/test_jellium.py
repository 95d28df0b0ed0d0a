"""The jellium sphere against a finite-difference solver of its own, and its closed shells."""

import numpy as np
import pytest
from pyscf.dft import libxc
from scipy.linalg import eigh_tridiagonal

from clusterdft.errors import InputError
from clusterdft.properties.jellium import LEVEL_ORDER, background_potential, solve_jellium

CLOSED = (2, 8, 18, 20, 34, 40, 58)


def finite_differences(n, shells, spacing, reach=40.0, radius_per_electron=4.0):
    """Energy and levels on an even mesh, second differences, libxc's functional, plain mixing."""
    r = spacing * np.arange(1, int(reach / spacing))
    radius = radius_per_electron * n ** (1 / 3)
    external = np.where(r < radius, -n / (2 * radius) * (3 - (r / radius) ** 2), -n / r)
    density = 1 / (1 + np.exp(r - radius))
    density *= n / (np.sum(4 * np.pi * r**2 * density) * spacing)
    for _ in range(300):
        shell = 4 * np.pi * r**2 * density * spacing
        held, outside = np.cumsum(shell) - 0.5 * shell, np.cumsum(shell / r) - 0.5 * shell / r
        hartree = held / r + outside[-1] - outside
        xc, vxc = libxc.eval_xc("lda,pz", density, spin=0)[:2]
        potential = external + hartree + vxc[0]
        levels, new = [], np.zeros(len(r))
        for momentum, place, electrons in shells:
            diagonal = spacing**-2 + potential + momentum * (momentum + 1) / (2 * r**2)
            off = np.full(len(r) - 1, -0.5 / spacing**2)
            energy, u = eigh_tridiagonal(diagonal, off, select="i", select_range=(place, place))
            levels.append(energy[0])
            new += electrons * u[:, 0] ** 2 / spacing / (4 * np.pi * r**2)
        if np.sum((new - density) ** 2 * r**2) < 1e-18:
            break
        density = density + 0.2 * (new - density)
    kinetic = np.dot([s[2] for s in shells], levels) - shell @ potential
    return kinetic + shell @ (external + 0.5 * hartree + xc) + 0.6 * n**2 / radius, levels


@pytest.mark.parametrize(
    ("n", "shells", "names"),
    [(2, [(0, 0, 2)], ["1s"]), (8, [(0, 0, 2), (1, 0, 6)], ["1s", "1p"])],
)
def test_against_finite_differences(n, shells, names):
    coarse, _ = finite_differences(n, shells, 0.08)
    energy, levels = finite_differences(n, shells, 0.04)
    ours = solve_jellium(n)
    assert ours.energy == pytest.approx(energy + (energy - coarse) / 3, abs=2e-6)
    found = {level.name: level.energy[0] for level in ours.levels}
    assert [found[name] for name in names] == pytest.approx(levels, abs=5e-6)


def test_eight_electrons():
    """Reference made with the finite differences above on two meshes."""
    sphere = solve_jellium(8)
    assert sphere.radius == pytest.approx(8.0)
    assert sphere.energy == pytest.approx(-0.53900, abs=2e-5)
    assert sum(sphere.energies.values()) == pytest.approx(sphere.energy, abs=1e-12)
    assert [level.energy[0] for level in sphere.levels[:2]] == pytest.approx([-0.16357, -0.11861], abs=1e-5)
    held = sphere.mesh.integrate(4 * np.pi * sphere.mesh.r**2 * sphere.density[0])
    assert held == pytest.approx(8, abs=1e-7)


def test_eight_electrons_of_another_program():
    """Octopus, a real-space code: its test finite_systems_3d/04-jellium, r_s = 4, Gunnarsson and Lundqvist.

    It has a mesh of 0.5 bohr in a sphere of 18 bohr; ours is radial and unboxed.
    """
    sphere = solve_jellium(8, functional="lda_x,lda_c_gl")
    assert sphere.energy == pytest.approx(-0.576520, abs=2e-4)
    assert [level.energy[0] for level in sphere.levels[:2]] == pytest.approx([-0.167698, -0.1226], abs=2e-4)


def test_background_is_a_uniform_sphere():
    r = np.linspace(0.1, 20, 2000)
    v = background_potential(r, 8.0, 8.0)
    charge = np.gradient(np.gradient(r * v, r), r) / (4 * np.pi * r)  # laplacian v = 4 pi n
    assert charge[100:700] == pytest.approx(8 / (4 / 3 * np.pi * 8**3), abs=1e-6)
    assert charge[900:1900] == pytest.approx(0, abs=1e-6)
    assert v[-1] == pytest.approx(-8 / 20)


def test_levels_are_derivatives_of_the_energy():
    """Janak's theorem at a fixed background: dE/dN is the highest level."""
    step = 0.02
    ends = [solve_jellium(7.5 + h, charge=0.5 - h) for h in (-step, step)]
    slope = (ends[1].energy - ends[0].energy) / (2 * step)
    level = solve_jellium(7.5, charge=0.5).levels[1]
    assert level.name == "1p"
    assert slope == pytest.approx(level.energy[0], abs=2e-6)


def test_closed_shells():
    whole = np.cumsum(
        [4 * momentum + 2 for _, momentum in LEVEL_ORDER]
    )  # shells that the order of filling ends
    gaps = {int(n): solve_jellium(n).gap for n in whole[whole <= 60]}
    closed = {n: gap for n, gap in gaps.items() if gap > 0}
    assert tuple(closed) == CLOSED
    assert min(closed.values()) > 0.005
    assert solve_jellium(9).gap == pytest.approx(0)


@pytest.mark.slow
def test_closed_shells_are_the_peaks_of_second_differences():
    energy = np.array([solve_jellium(n).energy for n in range(1, 62)])
    curvature = energy[2:] - 2 * energy[1:-1] + energy[:-2]  # of 2 to 60 electrons
    inner = curvature[1:-1]
    peaks = 3 + np.flatnonzero((inner > curvature[:-2]) & (inner > curvature[2:]))
    assert tuple(peaks) == CLOSED[1:]
    assert curvature[0] > curvature[1]
    assert set(2 + np.argsort(curvature)[-7:]) == set(CLOSED)


def test_spin_polarisation():
    closed, polarised = solve_jellium(8), solve_jellium(8, spin_polarized=True)
    assert polarised.energy == pytest.approx(closed.energy, abs=1e-7)
    five = solve_jellium(5, spin_polarized=True)
    assert five.levels[1].electrons == (3.0, 0.0)
    assert five.energy < solve_jellium(5).energy - 0.005
    assert five.levels[1].energy[0] < five.levels[1].energy[1] - 0.01


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"n_electrons": 0}, "give 1 to 138"),
        ({"n_electrons": 8, "charge": -9}, "background"),
        ({"n_electrons": 8, "charge": -4}, "bind"),
        ({"n_electrons": 8, "radius_per_electron": -1}, "above 0"),
    ],
)
def test_impossible_spheres(arguments, words):
    with pytest.raises(InputError, match=words):
        solve_jellium(**arguments)
