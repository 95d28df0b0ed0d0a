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
from dataclasses import dataclass

from sodium_clusters import compact, displaced, sodium

from clusterdft.method import Method
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.units import BOHR_ANGSTROM

SMEARED = 9  # clusters from this size on have Fermi smearing
WIDTH = 0.002  # hartree
SIGMA = 0.03 / BOHR_ANGSTROM  # bohr, of the displacements
PEER_PSEUDOPOTENTIAL = "gth-pade-q1"


@dataclass(frozen=True)
class Step:
    """One SCF with forces.

    Attributes
    ----------
    seconds : float
        CPU time.
    n_iterations : int
        Of the self-consistent field.
    energy_per_atom : float hartree
        Free energy per atom, without the entropy in our case.
    """

    seconds: float
    n_iterations: int
    energy_per_atom: float


class OurSteps:
    """Our SCF at one geometry after the other, each from the density before.

    Parameters
    ----------
    natom : int
        Size of the cluster, which decides whether it is smeared.
    pseudopotential : str
        As in Method.
    """

    name = "clusterdft"

    def __init__(self, natom, pseudopotential=PEER_PSEUDOPOTENTIAL):
        smeared = natom >= SMEARED
        self._method = Method(
            pseudopotential=pseudopotential,
            occupation="fermi" if smeared else "aufbau",
            width=WIDTH if smeared else 0.0,
            tolerance=1e-5,
        )
        self._restart = None

    def __call__(self, positions):
        """The Step at positions (n, 3) bohr."""
        before = time.process_time()
        result = solve_scf(sodium(positions), self._method, restart=self._restart)
        seconds = time.process_time() - before
        self._restart = result.fit_coefficients
        energy = (result.energy - result.energies["entropy"]) / len(positions)
        return Step(seconds, result.n_iterations, energy)


class PeerSteps:
    """The same with tuned PySCF."""

    name = "PySCF"

    def __init__(self, natom):
        self._width, self._dm = (WIDTH if natom >= SMEARED else 0.0), None

    def __call__(self, positions):
        """The Step at positions (n, 3) bohr."""
        import tuned_pyscf

        before = time.process_time()
        energy, _, self._dm, cycles = tuned_pyscf.step(positions, self._dm, self._width)
        return Step(time.process_time() - before, cycles, energy / len(positions))


def geometries(natom, n_steps):
    """A compact cluster of so many sodium atoms, and that many displaced copies; (n, 3) bohr each."""
    base = compact(natom)
    return [base, *displaced(base, n_steps, SIGMA)]


def compile_kernels(pseudopotential=PEER_PSEUDOPOTENTIAL):
    """Two steps of a dimer, so that what is measured afterwards needs no compilation."""
    steps = OurSteps(2, pseudopotential)
    for positions in geometries(2, 1):
        steps(positions)


def summary(program, steps):
    """Prints one row; returns the median of the steady steps, CPU seconds."""
    steady = statistics.median(step.seconds for step in steps[1:])
    iterations = [step.n_iterations for step in steps]
    head = f"  {program.name:10s} first {steps[0].seconds:8.3f} s   steady {steady:8.4f} s"
    print(f"{head}   {iterations} {steps[-1].energy_per_atom:.6f}")
    return steady


def main():
    """Measures what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[2, 8, 20])
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--alone", action="store_true", help="without the peer")
    parser.add_argument(
        "--pseudopotential", default=PEER_PSEUDOPOTENTIAL, help=f"ours; the peer has {PEER_PSEUDOPOTENTIAL}"
    )
    arguments = parser.parse_args()
    compile_kernels(arguments.pseudopotential)
    for natom in arguments.sizes:
        path = geometries(natom, arguments.steps)
        print(f"Na{natom}: CPU seconds, one thread")
        ours = OurSteps(natom, arguments.pseudopotential)
        steady = summary(ours, [ours(positions) for positions in path])
        if not arguments.alone:
            peer = PeerSteps(natom)
            print(f"  ratio {summary(peer, [peer(positions) for positions in path]) / steady:.1f}")
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
