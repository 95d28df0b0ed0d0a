"""ASE's global optimisers on any of our surfaces, with every force call counted.

Imported by search.py. Each peer is a function (trace, surface, start, seed, kt_ev) that searches until
`trace` stops it; kt_ev is the energy scale of its moves. The trace is told what every relaxation ends in.
"""

import os
import tempfile
from contextlib import chdir
from functools import partial

import numpy as np
from ase import units
from ase.calculators.calculator import Calculator
from ase.data import atomic_numbers
from ase.optimize import BFGS

from clusterdft.ase_interface import to_atoms, to_cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.generate.random_cube import random_cube
from clusterdft.relaxation.relax import FMAX
from clusterdft.surfaces.surface import SurfacePoint
from clusterdft.units import BOHR_ANGSTROM, HARTREE_EV, HARTREE_PER_BOHR_EV_PER_ANGSTROM

FMAX_EV = FMAX * HARTREE_PER_BOHR_EV_PER_ANGSTROM
STEPS = 200  # of one relaxation, as ours
STIFFNESS = 2.0  # eV/angstrom^2, near that of a bond
REFUSED_ENERGY = 10.0  # hartree, of what the surface refuses


class Counted(Calculator):
    """A surface as an ASE calculator that tells a Trace of every point."""

    implemented_properties = ("energy", "forces")

    def __init__(self, surface, trace, charge):
        super().__init__()
        self._surface, self._charge, self.trace = surface, charge, trace
        self._restart = None

    def calculate(self, atoms=None, properties=("energy",), system_changes=()):
        """Energy and forces, as ASE wants them."""
        super().calculate(atoms, properties, system_changes)
        self.trace.called()
        point = self._point(atoms)
        self._restart = point.restart
        self.results = {
            "energy": point.energy * HARTREE_EV,
            "forces": np.array(point.forces) * HARTREE_PER_BOHR_EV_PER_ANGSTROM,
        }

    def _point(self, atoms):
        try:
            return self._surface.point(to_cluster(atoms, charge=self._charge), self._restart)
        except InputError:  # ASE's moves put atoms on top of one another
            return _pushing_apart(atoms.positions / BOHR_ANGSTROM)
        except ScfNotConverged:  # ends a relaxation, high up
            return SurfacePoint(energy=REFUSED_ENERGY, forces=np.zeros((len(atoms), 3)))

    def start_afresh(self):
        """The next point starts from atoms, as the first of each of our relaxations does."""
        self._restart = None

    def ended(self, atoms):
        """A relaxation ended at these atoms."""
        energy = atoms.get_potential_energy() / HARTREE_EV
        if energy < 0:
            self.trace.relaxed(to_cluster(atoms, charge=self._charge), energy)


def _pushing_apart(x):
    """A point that drives apart all pairs nearer than one bohr, 1 hartree/bohr each."""
    vector = x[:, None] - x[None]
    r = np.linalg.norm(vector, axis=2) + 1e-6
    overlap = np.maximum(1.0 - r, 0.0) * (1.0 - np.eye(len(x)))
    forces = np.sum((overlap > 0)[:, :, None] * vector / r[:, :, None], axis=1)
    return SurfacePoint(energy=REFUSED_ENERGY + 0.5 * float(overlap.sum()), forces=forces)


class Relaxer(BFGS):
    """ASE's BFGS with the stiffness of these surfaces, silent, with a limit of steps; it tells the Trace.

    From random starts on the Lennard-Jones surface ASE's L-BFGS can end in a cycle, and its BFGSLineSearch
    in a line search that never returns.
    """

    def __init__(self, atoms, logfile=None, **keywords):
        super().__init__(atoms, logfile=None, **{"alpha": STIFFNESS, **keywords})
        self._relaxed = getattr(atoms, "atoms", atoms)

    def run(self, fmax=FMAX_EV, steps=STEPS):
        """Whether it converged; the end goes to the Trace."""
        self._relaxed.calc.start_afresh()
        converged = super().run(fmax=fmax, steps=steps)
        self._relaxed.calc.ended(self._relaxed)
        return converged


def _atoms(trace, surface, start):
    atoms = to_atoms(start)
    atoms.info.clear()
    atoms.calc = Counted(surface, trace, start.charge)
    return atoms


def basin_hopping(trace, surface, start, seed, *, kt_ev, step=1.0, relaxer=Relaxer):
    """ASE's BasinHopping; temperature and step as tuned in the literature for Lennard-Jones clusters."""
    from ase.optimize.basin import BasinHopping

    np.random.seed(seed)  # noqa: NPY002 - ASE draws from the global generator
    atoms = _atoms(trace, surface, start)
    with BasinHopping(
        atoms,
        temperature=kt_ev,
        dr=step,
        fmax=FMAX_EV,
        optimizer=relaxer,
        logfile=None,
        trajectory=None,
        local_minima_trajectory=None,
    ) as hops:
        hops.run(10**9)


def minima_hopping(trace, surface, start, seed, *, kt_ev):
    """ASE's MinimaHopping, first temperature and energy threshold on the scale of the surface."""
    from ase.optimize.minimahopping import MinimaHopping

    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        MinimaHopping(
            _atoms(trace, surface, start),
            T0=kt_ev / units.kB,
            Ediff0=2.0 * kt_ev,
            timestep=4.0,
            fmax=FMAX_EV,
            optimizer=Relaxer,
            rng=np.random.RandomState(seed),
        )(totalsteps=10**9)


def genetic(trace, surface, start, seed, *, kt_ev=None, size=12):
    """The genetic algorithm of the tutorial of ase-ga (pip install ase-ga), which was a part of ASE."""
    from ase_ga.cutandsplicepairing import CutAndSplicePairing
    from ase_ga.data import DataConnection, PrepareDB
    from ase_ga.population import Population
    from ase_ga.standard_comparators import InteratomicDistanceComparator
    from ase_ga.standardmutations import MirrorMutation, RattleMutation
    from ase_ga.utilities import closest_distances_generator

    rng = np.random.RandomState(seed)
    slab = _atoms(trace, surface, start)[:0]
    slab.set_cell(40.0 * np.eye(3))
    numbers = [atomic_numbers[symbol] for symbol in start.symbols]
    closest = closest_distances_generator(atom_numbers=sorted(set(numbers)), ratio_of_covalent_radii=0.7)
    n = start.natom

    def relaxed(atoms):
        atoms.pbc = False
        atoms.calc = Counted(surface, trace, start.charge)
        Relaxer(atoms).run()
        atoms.center()
        atoms.info.setdefault("key_value_pairs", {})["raw_score"] = -atoms.get_potential_energy()
        return atoms

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "ga.db")
        prepared = PrepareDB(db_file_name=path, simulation_cell=slab, stoichiometry=numbers)
        for index in range(size):
            atoms = to_atoms(random_cube(start.symbols, seed=seed, index=index))
            atoms.info.clear()
            atoms.set_cell(slab.cell)
            atoms.center()
            prepared.add_unrelaxed_candidate(atoms)
        database = DataConnection(path)
        while database.get_number_of_unrelaxed_candidates():
            database.add_relaxed_step(relaxed(database.get_an_unrelaxed_candidate()))
        same = InteratomicDistanceComparator(
            n_top=n, pair_cor_cum_diff=0.015, pair_cor_max=0.7, dE=0.02, mic=False
        )
        population = Population(data_connection=database, population_size=size, comparator=same, rng=rng)
        pairing = CutAndSplicePairing(slab, n, closest, rng=rng)
        mutations = [RattleMutation(closest, n, rng=rng), MirrorMutation(closest, n, rng=rng)]
        while True:
            parents = population.get_two_candidates()
            child, words = pairing.get_new_individual(parents)
            if child is None:
                continue
            database.add_unrelaxed_candidate(child, description=words)
            if rng.random_sample() < 0.3:
                mutant, words = mutations[rng.randint(2)].get_new_individual([child])
                if mutant is not None:
                    database.add_unrelaxed_step(mutant, words)
                    child = mutant
            database.add_relaxed_step(relaxed(child))
            population.update()


PEERS = {
    "ASE BasinHopping": basin_hopping,
    "ASE MinimaHopping": minima_hopping,
    "ASE genetic": genetic,
    "ASE BasinHopping as it comes": partial(
        basin_hopping, relaxer=partial(Relaxer, alpha=70.0)
    ),  # BFGS as it comes
}
