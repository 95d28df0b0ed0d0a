"""Dimers with the shipped core-corrected pseudopotentials, held against all-electron LSD."""

import pytest

from clusterdft import Method
from clusterdft.making.pseudopotential.file_text import file_text
from clusterdft.making.pseudopotential.make import make_pseudopotential
from clusterdft.making.pseudopotential.recipe import changed_recipe, default_recipe
from clusterdft.making.quality.dimer_curve import dimer_constants, dimer_test, reference_dimers
from clusterdft.units import HARTREE_CM1, HARTREE_EV

BASIS = "even-6s5p3d"
# K to Cs: no f functions, worth 0.01 eV; the frozen core does the rest
TOLERANCES = {  # bond length (bohr), dissociation energy (eV), frequency (cm^-1), ionization potentials (eV)
    "Na2": (0.03, 0.010, 2.0),
    "Na2+": (0.04, 0.020, 2.0),
    "K2": (0.10, 0.030, 5.0),
    "K2+": (0.10, 0.025, 5.0),
    "Li2": (0.03, 0.015, 5.0),
    "Li2+": (0.03, 0.015, 5.0),
    "Rb2": (0.12, 0.025, 5.0),
    "Rb2+": (0.12, 0.025, 5.0),
    "Cs2": (0.18, 0.025, 5.0),
    "Cs2+": (0.18, 0.025, 5.0),
}
IP = {"Li": 0.01, "Na": 0.02, "K": 0.02, "Rb": 0.02, "Cs": 0.02}


@pytest.mark.parametrize(
    "symbol", ["Na", "K", *(pytest.param(s, marks=pytest.mark.slow) for s in ("Li", "Rb", "Cs"))]
)
def test_dimer_is_that_of_all_electron_theory(symbol):
    relativity = "none" if symbol == "Li" else "scalar"
    test = dimer_test(symbol, Method(pseudopotential="bhs-core", basis=BASIS), relativity=relativity)
    for name, dimer in ((f"{symbol}2", test.neutral), (f"{symbol}2+", test.cation)):
        reference, (length, energy, frequency) = test.all_electron[name], TOLERANCES[name]
        assert dimer.re == pytest.approx(reference["re_bohr"], abs=length)
        assert dimer.de * HARTREE_EV == pytest.approx(reference["de_ev"], abs=energy)
        assert dimer.we * HARTREE_CM1 == pytest.approx(reference["we_per_cm"], abs=frequency)
    atom = reference_dimers()["all-electron"][test.hamiltonian][symbol]
    assert test.atomic_ionization_energy * HARTREE_EV == pytest.approx(atom["ip_ev"], abs=IP[symbol])
    assert test.ionization_energy * HARTREE_EV == pytest.approx(
        test.all_electron[f"{symbol}2"]["ip_ev"], abs=IP[symbol]
    )


def test_sodium_and_potassium_lie_near_other_all_electron_values():
    """Non-relativistic LSD with other, smaller all-electron sets."""
    stated = {
        "Na2": (5.669, 0.03, 0.893, 0.01, 163.1, 2.0),
        "Na2+": (6.726, 0.04, 1.060, 0.02, 109.2, 2.0),
        "K2": (7.279, 0.10, 0.677, 0.02, 93.7, 5.0),
    }
    for name, (re, dre, de, dde, we, dwe) in stated.items():
        symbol, charge = name.rstrip("2+"), int(name.endswith("+"))
        method = Method(pseudopotential="bhs-core", basis=BASIS)
        dimer = dimer_constants(symbol, method, charge=charge, start=re)
        assert dimer.re == pytest.approx(re, abs=dre)
        assert dimer.de * HARTREE_EV == pytest.approx(de, abs=dde)
        assert dimer.we * HARTREE_CM1 == pytest.approx(we, abs=dwe)


@pytest.mark.slow
def test_bond_length_does_not_depend_on_the_reference_configuration(tmp_path):
    """0.02 bohr with a partial core; without one the same four spread over more than 0.05 bohr."""
    references = ({0: "3s0.5"}, {0: "3s1"}, {0: "3s1", 1: "3p0.25"}, {0: "3s0.5 3p0.5", 1: "3s0.5 3p0.5"})
    spread = {}
    for corrected in (True, False):
        lengths = []
        for k, configurations in enumerate(references):
            recipe = changed_recipe(
                default_recipe("Na", core_correction=corrected), configurations=configurations
            )
            path = tmp_path / f"{corrected}-{k}.toml"
            path.write_text(file_text(make_pseudopotential(recipe), "test"))
            method = Method(pseudopotential=str(path), basis=BASIS)
            lengths.append(dimer_constants("Na", method, start=5.6).re)
        spread[corrected] = max(lengths) - min(lengths)
    assert spread[True] < 0.02
    assert spread[False] > 0.05
