"""GTH tables: our reader against PySCF's own."""

import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest
from pyscf.gto.basis import load_pseudo
from pyscf.lib.exceptions import BasisNotFoundError

from clusterdft.errors import InputError
from clusterdft.pseudo import load_pseudopotential
from clusterdft.pseudo.gth import gth_names, read_gth

SYMBOLS = (
    "H",
    "Li",
    "C",
    "Na",
    "Mg",
    "Al",
    "Si",
    "K",
    "Ti",
    "Fe",
    "Cu",
    "Rb",
    "Ag",
    "Cs",
    "Gd",
    "Pt",
    "Au",
    "Pb",
)


def check_against_pyscf(potential, table):
    """All numbers to the last bit, but for powers of r_loc."""
    electrons, r_loc, _, local, _, *projectors = table
    assert potential.z_valence == sum(electrons)
    assert potential.core_alpha.tolist() == [0.5 / r_loc**2]
    powers = r_loc ** (2 * np.arange(len(local)))
    np.testing.assert_allclose(potential.local_coefficient.ravel() * powers, local, rtol=1e-15)
    expected = [(k, radius, h) for k, (radius, n, h) in enumerate(projectors) if n]
    assert [(channel.l, channel.radius) for channel in potential.channels] == [(k, r) for k, r, _ in expected]
    for channel, (_, _, h) in zip(potential.channels, expected, strict=True):
        np.testing.assert_array_equal(channel.h, h)


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_tables_are_those_of_pyscf(symbol):
    """Every table with its number of electrons that PySCF finds under one of our names."""
    compared = 0
    for name in gth_names(symbol):
        with suppress(BasisNotFoundError):
            table = load_pseudo(name.upper().replace("-Q", "-q"), symbol)
            if "-q" in name:
                check_against_pyscf(read_gth(symbol, name), table)
                compared += 1
    assert compared >= 6


def test_the_default_of_an_element_has_no_number_of_electrons():
    check_against_pyscf(read_gth("H", "gth-pade"), load_pseudo("GTH-PADE", "H"))


def test_tables_of_hartree_fock_have_names_of_their_own_in_pyscf():
    check_against_pyscf(read_gth("K", "gth2-hf-q1"), load_pseudo("gth-hf-rev-q1", "K"))


def test_names_are_read_in_either_case():
    assert (
        load_pseudopotential("Na", "GTH-PADE-q1").core_alpha
        == load_pseudopotential("Na", "gth-pade-q1").core_alpha
    )


def test_a_table_the_element_lacks_is_refused_with_those_there_are():
    with pytest.raises(
        InputError, match=r"no gth-pade-q4 pseudopotential for Na; there are .*gth-pade-q1, gth-pade-q9"
    ):
        load_pseudopotential("Na", "gth-pade-q4")
    assert "gth-pade-q1" in gth_names("Na")


def test_pyscf_is_not_imported_for_a_table():
    code = (
        "import sys; from clusterdft.pseudo import load_pseudopotential; "
        "load_pseudopotential('Na', 'gth-pade-q1'); sys.exit('pyscf' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
