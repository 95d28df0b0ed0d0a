"""Relaxing random starts to 0.01 eV/angstrom: force calls and CPU seconds, ours and PySCF with ASE's BFGS.

python runs/benchmarks/relax_random.py --starts 20 --peer-starts 3
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import statistics
import time

from clusterdft.generate.random_cube import random_cube
from clusterdft.method import Method
from clusterdft.relaxation.relax import FMAX, relax
from clusterdft.surfaces.kohn_sham import KohnShamSurface
from clusterdft.units import BOHR_ANGSTROM, HARTREE_PER_BOHR_EV_PER_ANGSTROM

METHOD = Method(pseudopotential="gth-pade-q1")


def ours(start):
    """Force calls, CPU seconds, energy, and how it ended."""
    before = time.process_time()
    outcome = relax(start, KohnShamSurface(method=METHOD))
    return outcome.n_force_calls, time.process_time() - before, outcome.energy, outcome.reason


def peer(start, max_calls=150):
    """The same with tuned PySCF and ASE's BFGS as it comes."""
    import numpy as np
    import tuned_pyscf
    from ase import Atoms
    from ase.calculators.calculator import Calculator
    from ase.optimize import BFGS

    class PySCF(Calculator):
        """Tuned PySCF as a calculator, each SCF from the density before."""

        implemented_properties = ("energy", "forces")
        calls, dm = 0, None

        def calculate(self, atoms=None, properties=("energy",), system_changes=()):
            """Energy and forces, counted."""
            super().calculate(atoms, properties, system_changes)
            energy, forces, self.dm, _ = tuned_pyscf.step(atoms.positions / BOHR_ANGSTROM, self.dm)
            self.calls += 1
            self.results = {
                "energy": energy,
                "forces": np.array(forces) * HARTREE_PER_BOHR_EV_PER_ANGSTROM,
            }

    before = time.process_time()
    atoms = Atoms(start.symbols, positions=start.positions * BOHR_ANGSTROM, calculator=PySCF())
    done = BFGS(atoms, logfile=None).run(fmax=FMAX * HARTREE_PER_BOHR_EV_PER_ANGSTROM, steps=max_calls)
    energy = atoms.calc.results["energy"]
    return atoms.calc.calls, time.process_time() - before, energy, "" if done else "not relaxed"


def report(name, rows):
    """Prints the medians of force calls and CPU seconds, and returns them."""
    calls, seconds = (statistics.median(row[k] for row in rows) for k in (0, 1))
    failed = sum(bool(row[3]) for row in rows)
    print(
        f"{name}: median {calls:g} force calls, {seconds:.2f} CPU s; {failed} of {len(rows)} failed; "
        f"calls {sorted(row[0] for row in rows)}; lowest {min(row[2] for row in rows):.6f} hartree"
    )
    return calls, seconds


def main():
    """Relaxes the same starts with both programs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--atoms", type=int, default=8)
    parser.add_argument("--starts", type=int, default=20)
    parser.add_argument("--peer-starts", type=int, default=0)
    arguments = parser.parse_args()
    symbols = ("Na",) * arguments.atoms
    ours(random_cube(symbols[:3], seed=0, index=0))  # compiles
    mine = report(
        "clusterdft", [ours(random_cube(symbols, seed=0, index=i)) for i in range(arguments.starts)]
    )
    if arguments.peer_starts:
        rows = [peer(random_cube(symbols, seed=0, index=i)) for i in range(arguments.peer_starts)]
        theirs = report("PySCF with ASE's BFGS", rows)
        print(f"ratios: force calls {theirs[0] / mine[0]:.1f}, CPU time {theirs[1] / mine[1]:.1f}")


if __name__ == "__main__":
    main()
