"""Pseudopotential reports as dicts ready for JSON."""

from typing import Any

from clusterdft.making.quality.dimer_curve import Dimer, DimerTest
from clusterdft.making.quality.energy_comparison import ConfigurationComparison
from clusterdft.making.quality.scattering import LogarithmicDerivatives, OrbitalComparison
from clusterdft.making.quality.transferability import TransferabilityReport
from clusterdft.units import HARTREE_CM1, HARTREE_EV


def transferability_values(report: TransferabilityReport) -> dict[str, Any]:
    """A TransferabilityReport with the names that other programs rely on; hartree, bohr and radian."""
    pseudopotential = report.pseudopotential
    return {
        "symbol": pseudopotential.symbol,
        "z_valence": pseudopotential.z_valence,
        "pseudopotential": pseudopotential.name,
        "relativity": report.relativity,
        "functional": report.functional,
        "radius_bohr": report.radius,
        "largest_energy_error_hartree": report.largest_energy_error,
        "largest_level_error_hartree": report.largest_level_error,
        "configurations": [_configuration(comparison) for comparison in report.configurations],
        "scattering": [_scattering(derivatives) for derivatives in report.scattering],
        "orbitals": [_orbital(orbital) for orbital in report.orbitals],
        "problems": list(report.problems),
    }


def dimer_values(test: DimerTest) -> dict[str, Any]:
    """A DimerTest: computed, all-electron and experimental constants of X2 and X2+, in eV, bohr and cm^-1.

    The names are those of pseudopotentials/reference/dimers.toml.
    """
    return {
        "basis": test.basis,
        "hamiltonian": test.hamiltonian,
        "computed": computed_constants(test),
        "all_electron": test.all_electron,
        "experiment": test.experiment,
    }


def computed_constants(test: DimerTest) -> dict[str, dict[str, float]]:
    """{species: constants} of what was computed, with the names and units of the reference file."""
    symbol, neutral, cation = test.symbol, test.neutral, test.cation
    return {
        symbol: {"ip_ev": test.atomic_ionization_energy * HARTREE_EV},
        f"{symbol}2": _well(neutral) | {"ip_ev": test.ionization_energy * HARTREE_EV},
        f"{symbol}2+": _well(cation),
    }


def _well(dimer: Dimer) -> dict[str, float]:
    return {"re_bohr": dimer.re, "de_ev": dimer.de * HARTREE_EV, "we_per_cm": dimer.we * HARTREE_CM1}


def _configuration(comparison: ConfigurationComparison) -> dict[str, Any]:
    return {
        "label": comparison.label,
        "configuration": comparison.text,
        "spin_polarized": comparison.spin_polarized,
        "energy_all_electron_hartree": comparison.all_electron,
        "energy_pseudo_hartree": comparison.pseudo,
        "levels": [
            {
                "shell": level.shell,
                "spin": level.spin,
                "all_electron_hartree": level.all_electron,
                "pseudo_hartree": level.pseudo,
            }
            for level in comparison.levels
        ],
        "left_out": comparison.left_out or None,
    }


def _scattering(derivatives: LogarithmicDerivatives) -> dict[str, Any]:
    return {
        "l": derivatives.l,
        "energy_hartree": derivatives.energy.tolist(),
        "all_electron_per_bohr": derivatives.all_electron.tolist(),
        "pseudo_per_bohr": derivatives.pseudo.tolist(),
        "rms_phase_radian": derivatives.rms_phase,
        "largest_phase_radian": derivatives.largest_phase,
    }


def _orbital(orbital: OrbitalComparison) -> dict[str, Any]:
    return {
        "shell": orbital.shell,
        "configuration": orbital.configuration,
        "eigenvalue_all_electron_hartree": orbital.eigenvalue_all_electron,
        "eigenvalue_pseudo_hartree": orbital.eigenvalue_pseudo,
        "norm_all_electron": orbital.norm_all_electron,
        "norm_pseudo": orbital.norm_pseudo,
    }
