"""`relax` and `search` are functions to the user, whatever was imported before."""

import subprocess
import sys
from pathlib import Path

import pytest

BOTH = "from clusterdft import relax, search\n"
USE = "assert relax(start, surface).relaxed; assert search('Na2', spec=surface, starts=1).isomers"
MAKE = (
    "from clusterdft.cluster import Cluster; from clusterdft.surfaces.classical import Gupta\n"
    "surface = Gupta()\n"
    "start = Cluster(symbols=('Na', 'Na'), positions=[[0, 0, 0], [0, 0, 6]])\n"
)


@pytest.mark.parametrize(
    "code",
    [
        f"{BOTH}{MAKE}{USE}",
        f"{MAKE}{BOTH}{USE}",
        f"import clusterdft.isomer_search.driver, clusterdft.relaxation.relax\n{BOTH}{MAKE}{USE}",
        f"import clusterdft\n{MAKE}relax, search = clusterdft.relax, clusterdft.search\n{USE}",
    ],
    ids=["first", "last", "modules", "attributes"],
)
def test_relax_and_search_can_be_called(code):
    root = str(Path(__file__).parents[1])
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
