"""How far a pseudopotential can be trusted away from the atoms that it was made from."""

from dataclasses import dataclass, replace

from ase.data import atomic_numbers, covalent_radii

from clusterdft.arrays import Floats
from clusterdft.atom import Atom
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.making.quality.energy_comparison import (
    PSEUDO,
    AtomPair,
    ConfigurationComparison,
    compare_configurations,
)
from clusterdft.making.quality.scattering import (
    SCATTERING_ENERGIES,
    SCATTERING_MOMENTA,
    LogarithmicDerivatives,
    OrbitalComparison,
    compare_orbital,
    compare_scattering,
)
from clusterdft.making.quality.valence_configurations import (
    lowest_shells,
    reference_configuration,
    valence_configurations,
)
from clusterdft.pseudo.potential import Pseudopotential, Separable
from clusterdft.units import BOHR_ANGSTROM

# beyond these a pseudopotential has a problem: energies and levels in hartree, phases in radian
LARGEST_ENERGY_ERROR, LARGEST_LEVEL_ERROR = 7.5e-3, 5e-3
LARGEST_RMS_PHASE, LARGEST_NORM_ERROR = 0.2, 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class TransferabilityReport:
    """A pseudopotential beside the all-electron atom.

    Attributes
    ----------
    pseudopotential : Pseudopotential
    relativity : "none" or "scalar"
        Of the all-electron atom.
    functional : str
    radius : bohr
        Of the logarithmic derivatives and norms.
    configurations : tuple of ConfigurationComparison
        The ground state first.
    scattering : tuple of LogarithmicDerivatives
        Of l = 0, 1, 2.
    orbitals : tuple of OrbitalComparison
        Of the lowest s, p and d, where bound.
    all_electron, pseudo : Atom
        The unpolarised ground state.
    """

    pseudopotential: Pseudopotential
    relativity: str
    functional: str
    radius: float
    configurations: tuple[ConfigurationComparison, ...]
    scattering: tuple[LogarithmicDerivatives, ...]
    orbitals: tuple[OrbitalComparison, ...]
    all_electron: Atom
    pseudo: Atom

    @property
    def largest_energy_error(self) -> float:
        """Of the excitation and ionization energies, hartree."""
        return max((abs(c.error) for c in self.configurations if c.error is not None), default=0.0)

    @property
    def largest_level_error(self) -> float:
        """Of the eigenvalues, hartree."""
        return max((abs(level.error) for c in self.configurations for level in c.levels), default=0.0)

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences, one for each error that is too large to trust the pseudopotential."""
        symbol = self.pseudopotential.symbol
        sentences = []
        if self.largest_energy_error > LARGEST_ENERGY_ERROR:
            sentences.append(
                f"excitation energies of {symbol} are wrong by up to {self.largest_energy_error:.1e} hartree"
            )
        if self.largest_level_error > LARGEST_LEVEL_ERROR:
            sentences.append(f"levels of {symbol} are wrong by up to {self.largest_level_error:.1e} hartree")
        for scattering in self.scattering:
            if scattering.rms_phase > LARGEST_RMS_PHASE:
                sentences.append(
                    f"l = {scattering.l} electrons scatter differently, by "
                    f"{scattering.rms_phase:.2f} radian in the mean"
                )
        for orbital in self.orbitals:
            if abs(orbital.norm_error) > LARGEST_NORM_ERROR:
                sentences.append(
                    f"the norm of {orbital.shell} inside {self.radius:.2f} bohr is wrong "
                    f"by {orbital.norm_error:+.1e}"
                )
        sentences += [
            f"{c.text} is left out: {c.left_out}"
            for c in self.configurations
            if c.left_out.startswith(PSEUDO)
        ]
        return tuple(sentences)

    def configuration(self, label: str) -> ConfigurationComparison:
        """The configuration of a label.

        Returns
        -------
        ConfigurationComparison

        Raises
        ------
        InputError
            There is none.
        """
        for comparison in self.configurations:
            if comparison.label == label:
                return comparison
        labels = ", ".join(comparison.label for comparison in self.configurations)
        raise InputError(f"no configuration is called {label!r}; there are {labels}")


def transferability(
    pseudopotential: Pseudopotential,
    *,
    relativity: str = "scalar",
    functional: str = "lda-pz",
    radius: float | None = None,
    energies: Floats = SCATTERING_ENERGIES,
) -> TransferabilityReport:
    """Compares a pseudo-atom with the all-electron atom.

    Parameters
    ----------
    pseudopotential : Pseudopotential
        Semilocal.
    relativity : "none" or "scalar"
        What the pseudopotential was made from.
    functional : str
        Of the pseudopotential.
    radius : bohr or None
        Where orbitals are compared; None for the covalent radius, half a bond.
    energies : (n,) hartree
        Of the logarithmic derivatives.

    Returns
    -------
    TransferabilityReport

    Raises
    ------
    InputError
        A separable pseudopotential, or one that does not bind the ground state.

    References
    ----------
    Bachelet, Hamann, Schlueter, Phys. Rev. B 26, 4199 (1982), section IV
    """
    check_semilocal(pseudopotential)
    symbol, z_valence = pseudopotential.symbol, pseudopotential.z_valence
    if radius is None:
        radius = float(covalent_radii[atomic_numbers[symbol]] / BOHR_ANGSTROM)
    atoms = AtomPair(pseudopotential, relativity, functional)
    states = valence_configurations(symbol, z_valence)
    configurations = compare_configurations(atoms, states)
    unpolarised = replace(states[0], spin_polarized=False)
    all_electron, pseudo = atoms.all_electron(unpolarised), atoms.pseudo(unpolarised)
    return TransferabilityReport(
        pseudopotential=pseudopotential,
        relativity=relativity,
        functional=functional,
        radius=radius,
        configurations=configurations,
        scattering=compare_scattering(
            pseudopotential, all_electron, pseudo, radius=radius, energies=energies
        ),
        orbitals=_compare_orbitals(atoms, radius),
        all_electron=all_electron,
        pseudo=pseudo,
    )


def check_semilocal(pseudopotential: Pseudopotential) -> None:
    """Refuse a separable pseudopotential, whose channels are no functions of r.

    Raises
    ------
    InputError
        It is separable.
    """
    if any(isinstance(channel, Separable) for channel in pseudopotential.channels):
        raise InputError(
            f"the pseudopotential {pseudopotential.name} of {pseudopotential.symbol} is separable (GTH); "
            "only semilocal ones can be tested or drawn: give a .toml file, bhs or bhs-core"
        )


def _compare_orbitals(atoms: AtomPair, radius: float) -> tuple[OrbitalComparison, ...]:
    """Orbitals of s, p and d; one that either atom does not bind is missing."""
    symbol, z_valence = atoms.pseudopotential.symbol, atoms.pseudopotential.z_valence
    outcome = []
    for l in SCATTERING_MOMENTA:  # noqa: E741
        state = reference_configuration(symbol, z_valence, l)
        wanted = lowest_shells(symbol, z_valence)[l]
        shell = next(shell for shell in state.shells if (shell.n, shell.l) == wanted)
        try:
            all_electron, pseudo = atoms.all_electron(state), atoms.pseudo(state)
        except (InputError, ScfNotConverged):
            continue
        outcome.append(compare_orbital(atoms.pseudopotential, all_electron, pseudo, shell, radius=radius))
    return tuple(outcome)
