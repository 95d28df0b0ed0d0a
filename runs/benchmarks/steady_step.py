"""CPU time of one SCF with forces inside a relaxation, ours against tuned PySCF: prints the ratio.

Atoms are displaced by 0.03 angstrom (sigma) and each program starts from its previous density. One thread.

    python runs/benchmarks/steady_step.py 2 8 20        (sizes; add --alone to skip the peer, as for 55)
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import resource
import statistics
import time

from clusters import compact, displaced, sodium

from clusterdft.method import Method
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.units import BOHR_ANGSTROM

SMEARED = 9  # clusters from this size on have Fermi smearing
WIDTH = 0.002


def ours(geometries, smeared, pseudopotential):
    """Seconds of each geometry after the first, iterations, last energy per atom."""
    method = Method(
        pseudopotential=pseudopotential,
        occupation="fermi" if smeared else "aufbau",
        width=WIDTH if smeared else 0.0,
        tolerance=1e-5,
    )
    restart, rows = None, []
    for positions in geometries:
        before = time.process_time()
        result = solve_scf(sodium(positions), method, restart=restart)
        rows.append((time.process_time() - before, result.n_iterations))
        restart = result.fit_coefficients
    return rows, (result.energy - result.energies["entropy"]) / len(positions)


def peer(geometries, smeared):
    """The same with PySCF."""
    import tuned_pyscf

    dm, rows = None, []
    for positions in geometries:
        before = time.process_time()
        energy, _, dm, cycles = tuned_pyscf.step(positions, dm, WIDTH if smeared else 0.0)
        rows.append((time.process_time() - before, cycles))
    return rows, energy / len(positions)


def summary(name, rows, energy):
    """One printed row; returns the median of the steady steps."""
    steady = statistics.median(seconds for seconds, _ in rows[1:])
    iterations = [count for _, count in rows]
    print(f"  {name:10s} first {rows[0][0]:8.3f} s   steady {steady:8.4f} s   {iterations} {energy:.6f}")
    return steady


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[2, 8, 20])
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--alone", action="store_true", help="without the peer")
    parser.add_argument("--pseudopotential", default="gth-pade-q1", help="ours; the peer has gth-pade-q1")
    arguments = parser.parse_args()
    ours([compact(2), compact(2)], False, arguments.pseudopotential)  # compiles
    for n in arguments.sizes:
        base = compact(n)
        geometries = [base, *displaced(base, arguments.steps, 0.03 / BOHR_ANGSTROM)]
        print(f"Na{n}: CPU seconds, one thread")
        mine = summary("clusterdft", *ours(geometries, n >= SMEARED, arguments.pseudopotential))
        if not arguments.alone:
            print(f"  ratio {summary('PySCF', *peer(geometries, n >= SMEARED)) / mine:.1f}")
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
