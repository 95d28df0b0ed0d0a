"""ASE in and out: Atoms to Cluster and back, and the calculator. Electronvolt and angstrom live here."""

import operator
from collections.abc import Sequence
from typing import Any

from ase import Atoms
from ase.calculators.calculator import CalculationFailed, Calculator, all_changes

from clusterdft.arrays import Floats
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.method import Method
from clusterdft.scf.method_file import load_method
from clusterdft.scf.result import ScfResult
from clusterdft.scf.solve_scf import solve_scf
from clusterdft.units import BOHR_ANGSTROM, HARTREE_EV, HARTREE_PER_BOHR_EV_PER_ANGSTROM


def to_cluster(atoms: Atoms, *, charge: int = 0, n_unpaired: int | None = None) -> Cluster:
    """Cluster of ASE Atoms.

    Parameters
    ----------
    atoms : ase.Atoms
        Not periodic; positions in angstrom.
    charge : int, elementary charges
        Positive for cations.
    n_unpaired : int or None
        N_up - N_down; None for the spin as an outcome.

    Returns
    -------
    Cluster

    Raises
    ------
    InputError
        Periodic atoms.
    """
    if atoms.pbc.any():
        raise InputError("the atoms are periodic; clusters are not: set atoms.pbc = False")
    return Cluster(
        symbols=tuple(atoms.get_chemical_symbols()),
        positions=atoms.get_positions() / BOHR_ANGSTROM,
        charge=charge,
        n_unpaired=n_unpaired,
    )


def to_atoms(cluster: Cluster) -> Atoms:
    """ASE Atoms of a Cluster.

    Parameters
    ----------
    cluster : Cluster

    Returns
    -------
    ase.Atoms
        Positions in angstrom; "charge" in atoms.info, and "n_unpaired" where it is fixed.
    """
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
    charge : int, elementary charges
        Positive for cations.
    unpaired : int or "auto"
        Number of unpaired electrons; "auto" for the spin as an outcome.
    method : Method or None
        None to build one from the keywords.
    **keywords : fields of Method
        Such as pseudopotential, basis, functional, occupation, width.

    Attributes
    ----------
    scf : ScfResult or None
        Of the last geometry, in atomic units; None before the first, and where it did not converge.

    Raises
    ------
    InputError
        Impossible input.

    Notes
    -----
    Results are energy (eV, extrapolated to zero width), free_energy (eV, what the forces derive from), forces
    (eV/angstrom), magmom (unpaired electrons).
    """

    implemented_properties = ["energy", "free_energy", "forces", "magmom"]  # noqa: RUF012 - ASE's interface

    def __init__(
        self,
        *,
        charge: int = 0,
        unpaired: int | str | None = "auto",
        method: Method | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # ASE has no types
        if method is not None and keywords:
            raise InputError(f"method and {', '.join(keywords)} are both given; put them into the method")
        if not isinstance(method, Method | None):
            raise InputError(f"method is {method!r}; give a Method, or its fields as keywords")
        self._method = load_method(None, **keywords) if method is None else method
        self._charge = _whole("charge", charge)
        self._unpaired = None if unpaired in ("auto", None) else _whole("unpaired", unpaired)
        self.parameters.update(self._method.description, charge=self.charge, unpaired=unpaired)
        self.scf: ScfResult | None = None

    @property
    def method(self) -> Method:
        """The level of theory."""
        return self._method

    @property
    def charge(self) -> int:
        """Elementary charges, positive for cations."""
        return self._charge

    @property
    def unpaired(self) -> int | None:
        """Number of unpaired electrons, or None for the spin as an outcome."""
        return self._unpaired

    def set(self, **keywords: Any) -> dict[str, Any]:
        """Refuse all changes, which would leave results of other inputs behind.

        Parameters
        ----------
        **keywords : as ASE has them

        Returns
        -------
        dict
            Empty: what has changed.

        Raises
        ------
        InputError
            Any keyword.
        """
        if keywords:
            raise InputError(f"{', '.join(keywords)} cannot be changed; make a new ClusterDFT calculator")
        return {}

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Energy and forces at the atoms' positions, from the density of the previous geometry.

        Parameters
        ----------
        atoms : ase.Atoms or None
            None for those of the call before.
        properties, system_changes : sequences of str
            As ASE gives them; all properties are computed in any case.

        Raises
        ------
        InputError
            No or periodic atoms, elements without a pseudopotential, impossible charges and spins.
        ase.calculators.calculator.CalculationFailed
            The SCF did not converge; no energy is given out.
        """
        super().calculate(atoms, properties, system_changes)  # type: ignore[no-untyped-call] # ASE has no types
        self.results = {}
        if self.atoms is None:
            raise InputError("there are no atoms to calculate; set atoms.calc to the calculator")
        self._refuse_contradictions(self.atoms)
        cluster = to_cluster(self.atoms, charge=self.charge, n_unpaired=self.unpaired)
        try:
            scf = self.scf = solve_scf(cluster, self.method, restart=self._restart(cluster))
        except ScfNotConverged as error:
            self.scf = None
            raise CalculationFailed(str(error)) from error
        forces = scf.hellmann_feynman_forces if self.method.forces == "hellmann-feynman" else scf.forces
        self.results = {
            "energy": scf.zero_width_energy * HARTREE_EV,
            "free_energy": scf.energy * HARTREE_EV,
            "forces": forces * HARTREE_PER_BOHR_EV_PER_ANGSTROM,
            "magmom": scf.n_unpaired,
        }

    def _restart(self, cluster: Cluster) -> Floats | None:
        """The last fitted density, where it belongs to the same atoms."""
        if self.scf is None or self.scf.cluster.symbols != cluster.symbols:
            return None
        return self.scf.fit_coefficients

    def _refuse_contradictions(self, atoms: Atoms) -> None:
        declared = float(atoms.get_initial_charges().sum())
        if declared != 0.0 and declared != self.charge:
            raise InputError(
                f"the atoms carry initial charges of {declared:g} in all, the calculator charge "
                f"{self.charge}; give the charge to ClusterDFT(charge=...)"
            )
        moment = float(atoms.get_initial_magnetic_moments().sum())
        if moment != 0.0 and self.unpaired is not None and abs(moment) != self.unpaired:
            raise InputError(
                f"the atoms carry initial magnetic moments of {moment:g} in all, the calculator has "
                f"{self.unpaired} unpaired electrons; give the spin to ClusterDFT(unpaired=...)"
            )


def _whole(name: str, value: Any) -> int:
    """A whole number, of whatever type."""
    try:
        return operator.index(value)
    except TypeError:
        auto = "'auto' or " if name == "unpaired" else ""
        raise InputError(f"{name} is {value!r}; give {auto}a whole number") from None
