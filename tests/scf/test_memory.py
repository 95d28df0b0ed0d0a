"""The estimate of memory, against what calculations took."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.scf import memory
from clusterdft.scf.memory import check_memory, estimated_memory
from clusterdft.surfaces.kohn_sham import KohnShamSpec

# peak resident bytes of one calculation in a process of its own, (atoms, basis)
MEASURED = {
    (2, "paper-3s2p"): 2.10e8,
    (20, "paper-3s2p"): 2.40e8,
    (40, "paper-3s2p"): 3.19e8,
    (20, "even-6s5p3d"): 5.35e8,
}


@pytest.mark.parametrize(("natom", "basis"), MEASURED)
def test_estimate_is_enough_and_not_far_off(natom, basis):
    estimate = estimated_memory(("Na",) * natom, Method(basis=basis))
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
    assert 1024 * int(done.stdout) < estimated_memory(("Na",) * 8, Method())


def test_what_does_not_fit_is_refused(monkeypatch):
    monkeypatch.setattr(memory, "_memory", lambda: 16e9)
    check_memory(("Na",) * 55, Method())
    with pytest.raises(InputError, match="about 155 GB of memory, this computer has 16"):
        check_memory(("Na",) * 1000, Method())
    line = np.zeros((1000, 3))
    line[:, 0] = 6.0 * np.arange(1000)
    with pytest.raises(InputError, match="fewer atoms"):
        KohnShamSpec(Method()).check(Cluster(symbols=("Na",) * 1000, positions=line))
    monkeypatch.setattr(memory, "_memory", lambda: None)
    check_memory(("Na",) * 1000, Method())
