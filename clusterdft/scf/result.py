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
    cluster, method : the input
    shells : orbital shells, of which the basis functions are
    z_valence : (natom,) ionic charges of the pseudopotentials, elementary charges
    energy : hartree; with Fermi smearing the free energy, whose negative gradient the forces are
    zero_width_energy : hartree, (E + free energy) / 2, the estimate for zero width; else equal to `energy`
    energies : {term: hartree}, "entropy" being -T S; they sum to `energy`
    forces : (natom, 3) hartree/bohr, total derivative
    hellmann_feynman_forces : (natom, 3) hartree/bohr, the paper's eq. (3)
    n_unpaired : N_up - N_down, an outcome where the spin is free
    n_iterations : of all starts together
    mo_energy : (nspin, nmo) hartree; nspin is 1 in a closed shell
    mo_coeff : (nspin, nao, nmo)
    occupation : (nspin, nmo) electrons in each level
    fit_coefficients : (nspin, naux) the fitted density, from which a neighbouring geometry may start
    residual : hartree, largest element of the commutator
    field : (3,) hartree/(elementary charge bohr), the static electric field, or None
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
