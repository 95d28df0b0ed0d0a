"""The self-consistent atom, as a value."""

from dataclasses import dataclass

from clusterdft.arrays import Floats, frozen_array
from clusterdft.atom.configuration import Configuration
from clusterdft.atom.mesh import RadialMesh


@dataclass(frozen=True, kw_only=True, eq=False)
class Atom:
    """A converged spherical atom or pseudo-atom.

    Attributes
    ----------
    configuration : Configuration
        Of a pseudo-atom its valence shells.
    mesh : RadialMesh
    functional : str
        Name of the exchange-correlation functional.
    relativity : "none" or "scalar"
    energy : hartree
    energies : {part: hartree}
        kinetic, external, hartree, xc.
    eigenvalue : (nspin, nshell) hartree
        nspin is 1 (unpolarised) or 2 (up, down); NaN for an empty shell that is not bound.
    orbital : (nspin, nshell, n) bohr^(-1/2)
        P = r R, positive near the nucleus; NaN where the eigenvalue is.
    density : (nspin, n) bohr^-3
        Up and down, or the total density when nspin is 1.
    potential : (nspin, n) hartree
        The whole Kohn-Sham potential; of a pseudo-atom without the ion's, which depends on the angular
        momentum.
    n_iterations : int
        Of the self-consistent field.

    Notes
    -----
    int P^2 dr = 1 without relativity. With it, P is the large component, and the integral of P^2 and
    the square of the small component is one (see `bound_state`); the density holds both.
    """

    configuration: Configuration
    mesh: RadialMesh
    functional: str
    relativity: str
    energy: float
    energies: dict[str, float]
    eigenvalue: Floats
    orbital: Floats
    density: Floats
    potential: Floats
    n_iterations: int

    def __post_init__(self) -> None:
        for name in ("eigenvalue", "orbital", "density", "potential"):
            object.__setattr__(self, name, frozen_array(getattr(self, name)))

    def shell_index(self, name: str) -> int:
        """Place of a shell such as "3s" in the axes nshell.

        Returns
        -------
        int

        Raises
        ------
        InputError
            It is not one of the shells.
        """
        return self.configuration.index(name)
