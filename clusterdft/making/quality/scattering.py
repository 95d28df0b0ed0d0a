"""How a pseudopotential scatters electrons, beside the atom that it stands for."""

from dataclasses import dataclass

import numpy as np

from clusterdft.arrays import Floats, frozen_array
from clusterdft.atom import Atom, RadialMesh, Shell, logarithmic_derivative, solve_outward
from clusterdft.pseudo.potential import Pseudopotential

SCATTERING_ENERGIES = np.linspace(-0.3, 0.2, 101)  # hartree
SCATTERING_MOMENTA = (0, 1, 2)  # of s, p and d


@dataclass(frozen=True, kw_only=True, eq=False)
class LogarithmicDerivatives:
    """d ln R / dr of all-electron atom and pseudo-atom in the screening of the ground state.

    Attributes
    ----------
    l : int
        Angular momentum.
    radius : bohr
    energy : (n,) hartree
    all_electron, pseudo : (n,) bohr^-1
    """

    l: int  # noqa: E741 - the angular momentum is called l
    radius: float
    energy: Floats
    all_electron: Floats
    pseudo: Floats

    def __post_init__(self) -> None:
        for name in ("energy", "all_electron", "pseudo"):
            object.__setattr__(self, name, frozen_array(getattr(self, name), -1))

    @property
    def phase_difference(self) -> Floats:
        """Difference of the phases (n,), radian, between -pi/2 and pi/2.

            arctan(r L_pseudo) - arctan(r L_all-electron),   L = d ln R / dr, modulo pi

        Where L has a pole, the phase is smooth.
        """
        phases = np.arctan(self.radius * self.pseudo) - np.arctan(self.radius * self.all_electron)
        difference: Floats = (phases + np.pi / 2) % np.pi - np.pi / 2
        return difference

    @property
    def rms_phase(self) -> float:
        """Root mean square of the phase difference, radian."""
        return float(np.sqrt(np.mean(self.phase_difference**2)))

    @property
    def largest_phase(self) -> float:
        """Largest phase difference, radian."""
        return float(np.abs(self.phase_difference).max())


def compare_scattering(
    pseudopotential: Pseudopotential,
    all_electron: Atom,
    pseudo: Atom,
    *,
    radius: float,
    energies: Floats = SCATTERING_ENERGIES,
) -> tuple[LogarithmicDerivatives, ...]:
    """Logarithmic derivatives of s, p and d.

    Parameters
    ----------
    pseudopotential : Pseudopotential
        Semilocal.
    all_electron, pseudo : Atom
        Unpolarised, in the same configuration.
    radius : bohr
    energies : (n,) hartree

    Returns
    -------
    tuple of LogarithmicDerivatives
        Of l = 0, 1, 2.
    """
    mesh = all_electron.mesh
    outcome = []
    for l in SCATTERING_MOMENTA:  # noqa: E741
        screened = pseudopotential.potential(l, mesh.r) + pseudo.potential[0]
        outcome.append(
            LogarithmicDerivatives(
                l=l,
                radius=radius,
                energy=energies,
                all_electron=logarithmic_derivative(
                    mesh,
                    all_electron.potential[0],
                    l=l,
                    energies=energies,
                    radius=radius,
                    relativity=all_electron.relativity,
                    z=float(all_electron.configuration.z),
                ),
                pseudo=logarithmic_derivative(mesh, screened, l=l, energies=energies, radius=radius, z=0.0),
            )
        )
    return tuple(outcome)


@dataclass(frozen=True, kw_only=True, eq=False)
class OrbitalComparison:
    """A valence orbital of the all-electron atom and of the pseudo-atom, in one configuration.

    Attributes
    ----------
    shell : str
        Such as "3p".
    l : int
        Angular momentum.
    configuration : str
        Text of the valence configuration.
    r : (n,) bohr
    all_electron, pseudo : (n,)
        P = r R with unit norm, positive in the tail.
    eigenvalue_all_electron, eigenvalue_pseudo : hartree
        Each atom self-consistent.
    radius : bohr
    norm_all_electron : float
        int_0^radius P^2 dr.
    norm_pseudo : float
        The same of the pseudopotential's solution at the all-electron eigenvalue, with the all-electron
        value of P at the radius.
    """

    shell: str
    l: int  # noqa: E741 - the angular momentum is called l
    configuration: str
    r: Floats
    all_electron: Floats
    pseudo: Floats
    eigenvalue_all_electron: float
    eigenvalue_pseudo: float
    radius: float
    norm_all_electron: float
    norm_pseudo: float

    def __post_init__(self) -> None:
        for name in ("r", "all_electron", "pseudo"):
            object.__setattr__(self, name, frozen_array(getattr(self, name), -1))

    @property
    def norm_error(self) -> float:
        """Norm of the pseudo-orbital inside the radius minus the all-electron one."""
        return self.norm_pseudo - self.norm_all_electron


def compare_orbital(
    pseudopotential: Pseudopotential, all_electron: Atom, pseudo: Atom, shell: Shell, *, radius: float
) -> OrbitalComparison:
    """The orbital of one valence shell in both atoms.

    Parameters
    ----------
    pseudopotential : Pseudopotential
        Semilocal.
    all_electron, pseudo : Atom
        Unpolarised, in the same configuration.
    shell : Shell
        Of both.
    radius : bohr

    Returns
    -------
    OrbitalComparison
    """
    mesh = all_electron.mesh
    index, pseudo_index = all_electron.shell_index(shell.name), pseudo.shell_index(shell.name)
    energy = float(all_electron.eigenvalue[0, index])
    reference = _normalised(mesh, all_electron.orbital[0, index])
    screened = pseudopotential.potential(shell.l, mesh.r) + pseudo.potential[0]
    outward = solve_outward(mesh, screened, l=shell.l, energy=energy, z=0.0, radius=1.2 * radius)
    outward = outward * (mesh.interpolate(reference, radius) / mesh.interpolate(outward, radius))
    return OrbitalComparison(
        shell=shell.name,
        l=shell.l,
        configuration=pseudo.configuration.text,
        r=mesh.r,
        all_electron=reference,
        pseudo=_normalised(mesh, pseudo.orbital[0, pseudo_index]),
        eigenvalue_all_electron=energy,
        eigenvalue_pseudo=float(pseudo.eigenvalue[0, pseudo_index]),
        radius=radius,
        norm_all_electron=_norm_inside(mesh, reference, radius),
        norm_pseudo=_norm_inside(mesh, outward, radius),
    )


def _norm_inside(mesh: RadialMesh, orbital: Floats, radius: float) -> float:
    return mesh.interpolate(mesh.cumulative(orbital**2), radius)


def _normalised(mesh: RadialMesh, orbital: Floats) -> Floats:
    """Unit norm, positive where the orbital is seen last."""
    last = np.flatnonzero(np.abs(orbital) > 1e-3 * np.abs(orbital).max())[-1]
    p: Floats = np.sign(orbital[last]) * orbital / np.sqrt(mesh.integrate(orbital**2))
    return p
