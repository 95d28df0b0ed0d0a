"""The value of a converged self-consistent field."""

from dataclasses import dataclass

from clusterdft.arrays import Floats
from clusterdft.basis.shells import OrbitalShells
from clusterdft.cluster import Cluster
from clusterdft.method import Method


@dataclass(frozen=True, kw_only=True, eq=False)
class ScfResult:
    """A converged self-consistent field; there is no such value for one that did not converge.

    Attributes
    ----------
    cluster : Cluster
    method : Method
    shells : OrbitalShells
        Of which the basis functions are.
    z_valence : (natom,) elementary charges
        Ionic charges of the pseudopotentials.
    energy : float, hartree
        With Fermi smearing the free energy, whose negative gradient the forces are.
    zero_width_energy : float, hartree
        (E + free energy) / 2, the estimate for zero width; else equal to `energy`.
    energies : {term: hartree}
        "entropy" is -T S; they sum to `energy`.
    forces : (natom, 3) hartree/bohr
        Total derivative.
    hellmann_feynman_forces : (natom, 3) hartree/bohr
        The paper's eq. (3).
    n_unpaired : float
        N_up - N_down, an outcome where the spin is free.
    n_iterations : int
        Of all starts together.
    mo_energy : (nspin, nmo) hartree
        nspin is 1 in a closed shell.
    mo_coeff : (nspin, nao, nmo)
    occupation : (nspin, nmo)
        Electrons in each level.
    fit_coefficients : (nspin, naux)
        The fitted density, from which a neighbouring geometry may start.
    residual : float, hartree
        Largest element of the commutator.
    field : (3,) hartree/(elementary charge bohr), or None
        The static electric field.
    """

    cluster: Cluster
    method: Method
    shells: OrbitalShells
    z_valence: Floats
    energy: float
    zero_width_energy: float
    energies: dict[str, float]
    forces: Floats
    hellmann_feynman_forces: Floats
    n_unpaired: float
    n_iterations: int
    mo_energy: Floats
    mo_coeff: Floats
    occupation: Floats
    fit_coefficients: Floats
    residual: float
    field: Floats | None = None

    @property
    def dm(self) -> Floats:
        """(nspin, nao, nao) density matrices."""
        return (self.mo_coeff * self.occupation[:, None]) @ self.mo_coeff.transpose(0, 2, 1)
