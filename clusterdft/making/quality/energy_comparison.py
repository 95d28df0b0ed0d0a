"""Total energies and levels of valence configurations, all-electron and with a pseudopotential."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from ase.data import atomic_numbers

from clusterdft.atom import Atom, Configuration, core_shells, logarithmic_mesh, solve_atom, solve_pseudo_atom
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.making.quality.valence_configurations import ValenceConfiguration
from clusterdft.pseudo.potential import Pseudopotential
from clusterdft.xc import get_functional

ALL_ELECTRON, PSEUDO = "all-electron atom", "pseudo-atom"  # which of the two could not be solved


@dataclass(frozen=True, kw_only=True)
class LevelComparison:
    """One occupied level.

    Attributes
    ----------
    shell : str
        Such as "3s".
    spin : "up", "down" or "both"
    all_electron, pseudo : hartree
        Eigenvalues.
    """

    shell: str
    spin: str
    all_electron: float
    pseudo: float

    @property
    def error(self) -> float:
        """Pseudo minus all-electron, hartree."""
        return self.pseudo - self.all_electron


@dataclass(frozen=True, kw_only=True)
class ConfigurationComparison:
    """One valence configuration.

    Attributes
    ----------
    label, text : str
        As in ValenceConfiguration.
    spin_polarized : bool
    all_electron, pseudo : hartree or None
        Total energy above the spin-polarised ground state; None if left out.
    levels : tuple of LevelComparison
    left_out : str
        The reason, empty where both atoms were solved.
    """

    label: str
    text: str
    spin_polarized: bool
    all_electron: float | None = None
    pseudo: float | None = None
    levels: tuple[LevelComparison, ...] = ()
    left_out: str = ""

    @property
    def error(self) -> float | None:
        """Pseudo minus all-electron, hartree; None if left out."""
        if self.pseudo is None or self.all_electron is None:
            return None
        return self.pseudo - self.all_electron


# energies of the all-electron and of the pseudo-atom, hartree, and their levels
_Solved: TypeAlias = tuple[tuple[float, float], tuple[LevelComparison, ...]]


class AtomPair:
    """A valence configuration with all electrons and with a pseudopotential, on the same mesh.

    Parameters
    ----------
    pseudopotential : Pseudopotential
        Semilocal.
    relativity : "none" or "scalar"
        Of the all-electron atom.
    functional : str
    """

    def __init__(self, pseudopotential: Pseudopotential, relativity: str, functional: str) -> None:
        self.pseudopotential, self.functional = pseudopotential, functional
        self.relativity = relativity
        self.core = core_shells(pseudopotential.symbol, pseudopotential.z_valence)
        self.mesh = logarithmic_mesh(atomic_numbers[pseudopotential.symbol])

    def all_electron(self, state: ValenceConfiguration) -> Atom:
        """The atom with all its electrons.

        Returns
        -------
        Atom
        """
        return solve_atom(
            Configuration(self.pseudopotential.symbol, (*self.core, *state.shells)),
            functional=self.functional,
            spin_polarized=state.spin_polarized,
            relativity=self.relativity,
            mesh=self.mesh,
        )

    def pseudo(self, state: ValenceConfiguration) -> Atom:
        """The pseudo-atom of a state with electrons.

        Returns
        -------
        Atom
        """
        return solve_pseudo_atom(
            self.pseudopotential,
            Configuration(self.pseudopotential.symbol, state.shells),
            functional=self.functional,
            spin_polarized=state.spin_polarized,
            mesh=self.mesh,
        )

    def bare_ion_energy(self) -> float:
        """E_xc of the partial core alone: what is left of a pseudo-atom without electrons.

        Returns
        -------
        hartree
        """
        density = self.pseudopotential.partial_core(self.mesh.r)
        energy_density, _, _ = get_functional(self.functional).evaluate(density[None])
        return float(self.mesh.integrate(4 * np.pi * self.mesh.r**2 * energy_density))


def compare_configurations(
    atoms: AtomPair, states: Sequence[ValenceConfiguration]
) -> tuple[ConfigurationComparison, ...]:
    """Each state in both atoms, energies from the first one.

    Parameters
    ----------
    atoms : AtomPair
    states : sequence of ValenceConfiguration
        The ground state first.

    Returns
    -------
    tuple of ConfigurationComparison

    Raises
    ------
    InputError
        The ground state cannot be solved.
    """
    solved = [_solve_both(atoms, state) for state in states]
    if isinstance(solved[0], str):
        raise InputError(f"the ground state {states[0].text} could not be solved: {solved[0]}")
    ground, _ = solved[0]
    outcome = []
    for state, pair in zip(states, solved, strict=True):
        comparison = ConfigurationComparison(
            label=state.label, text=state.text, spin_polarized=state.spin_polarized
        )
        if isinstance(pair, str):
            outcome.append(replace(comparison, left_out=pair))
            continue
        (all_electron, pseudo), levels = pair
        outcome.append(
            replace(
                comparison, all_electron=all_electron - ground[0], pseudo=pseudo - ground[1], levels=levels
            )
        )
    return tuple(outcome)


def _solve_both(atoms: AtomPair, state: ValenceConfiguration) -> _Solved | str:
    """((all-electron, pseudo) total energies, levels), or the reason why not."""
    try:
        all_electron = atoms.all_electron(state)
    except (InputError, ScfNotConverged) as error:
        return f"{ALL_ELECTRON}: {error}"
    try:
        if not state.shells:
            return (all_electron.energy, atoms.bare_ion_energy()), ()
        pseudo = atoms.pseudo(state)
    except (InputError, ScfNotConverged) as error:
        return f"{PSEUDO}: {error}"
    return (all_electron.energy, pseudo.energy), _levels(state, all_electron, pseudo)


def _levels(state: ValenceConfiguration, all_electron: Atom, pseudo: Atom) -> tuple[LevelComparison, ...]:
    """Each occupied level in both atoms."""
    levels = []
    for shell in state.shells:
        spins = (("up", shell.up), ("down", shell.down)) if state.spin_polarized else (("both", 1.0),)
        for spin, (name, electrons) in enumerate(spins):
            if electrons > 0:
                levels.append(
                    LevelComparison(
                        shell=shell.name,
                        spin=name,
                        all_electron=float(
                            all_electron.eigenvalue[spin, all_electron.shell_index(shell.name)]
                        ),
                        pseudo=float(pseudo.eigenvalue[spin, pseudo.shell_index(shell.name)]),
                    )
                )
    return tuple(levels)
