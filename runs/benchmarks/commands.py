"""Wall time of the commands that a new user runs first, with and without compiled kernels at hand.

python runs/benchmarks/commands.py
"""

import os
import subprocess
import sys
import tempfile
import time


def seconds(words, folder, cache):
    """Wall time of a clusterdft command in a folder, with Numba's kernels kept in `cache`."""
    before = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "clusterdft", *words],
        cwd=folder,
        env=os.environ | {"NUMBA_CACHE_DIR": cache},
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - before


def main():
    """Times the start of the program, and a search before and after compilation."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
        print(f"clusterdft --help: {seconds(['--help'], folder, cache):.2f} s")
        for what in ("compilation included", "kernels compiled"):
            out = tempfile.mkdtemp(dir=folder)
            taken = seconds(["search", "Na4", "--out", out, "--quiet"], folder, cache)
            print(f"clusterdft search Na4, {what}: {taken:.1f} s")


if __name__ == "__main__":
    main()
