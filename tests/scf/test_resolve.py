"""The estimate of memory, against what calculations took."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.scf.resolve import check_memory, estimated_memory, resolve
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.surfaces.kohn_sham import KohnShamSpec

SODIUM = resolve(Method(), ("Na",))

# peak resident bytes of one calculation in a process of its own, (atoms, basis)
MEASURED = {
    (2, "paper-3s2p"): 2.10e8,
    (20, "paper-3s2p"): 2.40e8,
    (40, "paper-3s2p"): 3.19e8,
    (20, "even-6s5p3d"): 5.35e8,
}


@pytest.mark.parametrize(("natom", "basis"), MEASURED)
def test_estimate_is_enough_and_not_far_off(natom, basis):
    estimate = estimated_memory(("Na",) * natom, resolve(Method(basis=basis), ("Na",)))
    assert MEASURED[natom, basis] < estimate < 2.0 * MEASURED[natom, basis]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no VmHWM to read")
def test_a_calculation_stays_within_the_estimate():
    """VmHWM, for the ru_maxrss of a new process begins at that of the process that started it."""
    code = (
        "import re, numpy as np\n"
        "from clusterdft import Cluster, Method, solve_scf\n"
        "x = 6.0 * np.array([[i, j, k] for i in range(2) for j in range(2) for k in range(2)])\n"
        "solve_scf(Cluster(symbols=('Na',) * 8, positions=x), Method())\n"
        "print(re.search(r'VmHWM:\\s*(\\d+) kB', open('/proc/self/status').read())[1])"
    )
    for _ in range(2):  # the first run may compile, which takes more memory than the calculation
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 1024 * int(done.stdout) < estimated_memory(("Na",) * 8, SODIUM)


def test_what_does_not_fit_is_refused(monkeypatch):
    monkeypatch.setattr("clusterdft.scf.resolve.physical_memory", lambda: 16e9)
    check_memory(("Na",) * 55, SODIUM)
    with pytest.raises(InputError, match="about 155 GB of memory, this computer has 16"):
        check_memory(("Na",) * 1000, SODIUM)
    line = np.zeros((1000, 3))
    line[:, 0] = 6.0 * np.arange(1000)
    with pytest.raises(InputError, match="fewer atoms"):
        KohnShamSpec(Method()).check(Cluster(symbols=("Na",) * 1000, positions=line))
    monkeypatch.setattr("clusterdft.scf.resolve.physical_memory", lambda: None)
    check_memory(("Na",) * 1000, SODIUM)


def test_the_same_names_mean_the_same_object():
    resolved = resolve(Method(), ("K", "Na", "Na"))
    assert resolve(Method(), ("Na", "K")) is resolved
    assert set(resolved.pseudopotentials) == {"Na", "K"}
    assert resolve(Method(tolerance=1e-8), ("Na", "K")) is not resolved


@pytest.mark.parametrize("field", ["pseudopotential", "basis"])
def test_an_overwritten_file_is_another_calculation(tmp_path, field):
    """Not the energy that the file gave before; and with the first content the first energy again."""
    path, shipped = tmp_path / "mine.toml", files("clusterdft_pseudopotentials")
    names = {
        "pseudopotential": ("bhs/lda/Na-q1.toml", "bhs-core/lda/Na-q1.toml"),
        "basis": ("basis/paper-3s2p/Na.toml", "basis/opt-4s3p1d/Na.toml"),
    }
    first, second = (shipped.joinpath(name).read_bytes() for name in names[field])
    pair = Cluster(symbols=("Na", "Na"), positions=[[0, 0, 0], [0, 0, 5.8]])
    method = Method(**{field: str(path)})
    energies = []
    for content in (first, second, first):
        path.write_bytes(content)
        atom = KohnShamSpec(method).atom_energy("Na")
        energies.append((solve_scf(pair, method).energy, atom))
    assert energies[0] == energies[2]
    assert min(abs(a - b) for a, b in zip(energies[0], energies[1], strict=True)) > 1e-5
    path.unlink()
    with pytest.raises(InputError, match="cannot read"):
        solve_scf(pair, method)


def test_what_does_not_go_together_is_refused():
    with pytest.raises(InputError, match="describes 1 valence electron of Na"):
        resolve(Method(pseudopotential="gth-pade-q9"), ("Na",))
    with pytest.raises(InputError, match="no bhs pseudopotential for Xe"):
        resolve(Method(), ("Na", "Xe"))
    with pytest.raises(InputError, match="unknown functional"):
        resolve(Method(functional="pbee"), ("Na",))
