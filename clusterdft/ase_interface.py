"""ASE in and out: Atoms to Cluster and back, and the calculator. Electronvolt and angstrom live here."""

import operator

from ase import Atoms
from ase.calculators.calculator import CalculationFailed, Calculator, all_changes

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.method import Method
from clusterdft.scf.method_file import load_method
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.units import BOHR_ANGSTROM, HARTREE_EV, HARTREE_PER_BOHR_EV_PER_ANGSTROM


def to_cluster(atoms, *, charge=0, n_unpaired=None):
    """Cluster of ASE Atoms.

    Parameters
    ----------
    atoms : ase.Atoms, not periodic, positions in angstrom
    charge, n_unpaired : as in Cluster

    Raises
    ------
    InputError
        periodic atoms
    """
    if atoms.pbc.any():
        raise InputError("the atoms are periodic; clusters are not: set atoms.pbc = False")
    return Cluster(
        symbols=tuple(atoms.get_chemical_symbols()),
        positions=atoms.get_positions() / BOHR_ANGSTROM,
        charge=charge,
        n_unpaired=n_unpaired,
    )


def to_atoms(cluster):
    """ASE Atoms of a Cluster, with "charge" and "n_unpaired" in atoms.info."""
    atoms = Atoms(cluster.symbols, positions=cluster.positions * BOHR_ANGSTROM)
    atoms.info["charge"] = cluster.charge
    if cluster.n_unpaired is not None:
        atoms.info["n_unpaired"] = cluster.n_unpaired
    return atoms


class ClusterDFT(Calculator):
    """ASE calculator: local-spin-density energies and forces of metal clusters.

    Charge and spin are declared here and nowhere else: initial charges and magnetic moments on the atoms
    are refused where they contradict them, never ignored. They cannot be changed afterwards: make a new
    calculator instead.

    Parameters
    ----------
    charge : elementary charges, positive for cations
    unpaired : number of unpaired electrons, or "auto" for the spin as an outcome
    method : Method, or None to build one from the keywords
    keywords : fields of Method, such as pseudopotential, basis, functional, occupation, width

    Notes
    -----
    Results are energy (eV, extrapolated to zero width), free_energy (eV, what the forces derive from), forces
    (eV/angstrom), magmom (unpaired electrons). `scf` holds the whole ScfResult in atomic units.

    Raises
    ------
    InputError
        impossible input
    ase.calculators.calculator.CalculationFailed
        the SCF did not converge; no energy is given out
    """

    implemented_properties = ["energy", "free_energy", "forces", "magmom"]  # noqa: RUF012 - ASE's interface

    def __init__(self, *, charge=0, unpaired="auto", method=None, **keywords):
        super().__init__()
        if method is not None and keywords:
            raise InputError(f"method and {', '.join(keywords)} are both given; put them into the method")
        if not isinstance(method, Method | None):
            raise InputError(f"method is {method!r}; give a Method, or its fields as keywords")
        self._method = load_method(None, **keywords) if method is None else method
        self._charge = _whole("charge", charge)
        self._unpaired = None if unpaired in ("auto", None) else _whole("unpaired", unpaired)
        self.parameters.update(self._method.description, charge=self.charge, unpaired=unpaired)
        self.scf = None

    @property
    def method(self):
        return self._method

    @property
    def charge(self):
        return self._charge

    @property
    def unpaired(self):
        """Number of unpaired electrons, or None for the spin as an outcome."""
        return self._unpaired

    def set(self, **keywords):
        """Refuses all changes, which would leave results of other inputs behind."""
        if keywords:
            raise InputError(f"{', '.join(keywords)} cannot be changed; make a new ClusterDFT calculator")
        return {}

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        """Energy and forces at the atoms' positions, from the density of the previous geometry."""
        super().calculate(atoms, properties, system_changes)
        self.results = {}
        self._refuse_contradictions()
        cluster = to_cluster(self.atoms, charge=self.charge, n_unpaired=self.unpaired)
        try:
            self.scf = solve_scf(cluster, self.method, restart=self._restart(cluster))
        except ScfNotConverged as error:
            self.scf = None
            raise CalculationFailed(str(error)) from error
        followed = (
            self.scf.hellmann_feynman_forces if self.method.forces == "hellmann-feynman" else self.scf.forces
        )
        self.results = {
            "energy": self.scf.zero_width_energy * HARTREE_EV,
            "free_energy": self.scf.energy * HARTREE_EV,
            "forces": followed * HARTREE_PER_BOHR_EV_PER_ANGSTROM,
            "magmom": self.scf.n_unpaired,
        }

    def _restart(self, cluster):
        """The last fitted density, where it belongs to the same atoms."""
        same = self.scf is not None and self.scf.cluster.symbols == cluster.symbols
        return self.scf.fit_coefficients if same else None

    def _refuse_contradictions(self):
        declared = float(self.atoms.get_initial_charges().sum())
        if declared != 0.0 and declared != self.charge:
            raise InputError(
                f"the atoms carry initial charges of {declared:g} in all, the calculator charge "
                f"{self.charge}; give the charge to ClusterDFT(charge=...)"
            )
        moment = float(self.atoms.get_initial_magnetic_moments().sum())
        if moment != 0.0 and self.unpaired is not None and abs(moment) != self.unpaired:
            raise InputError(
                f"the atoms carry initial magnetic moments of {moment:g} in all, the calculator has "
                f"{self.unpaired} unpaired electrons; give the spin to ClusterDFT(unpaired=...)"
            )


def _whole(name, value):
    """A whole number, of whatever type."""
    try:
        return operator.index(value)
    except TypeError:
        auto = "'auto' or " if name == "unpaired" else ""
        raise InputError(f"{name} is {value!r}; give {auto}a whole number") from None
