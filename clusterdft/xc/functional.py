"""What an exchange-correlation functional is."""

from dataclasses import dataclass
from typing import Protocol

from clusterdft.arrays import Floats


class EnergyDensity(Protocol):
    """An exchange-correlation energy density as a function of the density.

    nspin 1 is a closed shell given by its total density, nspin 2 is up and down.
    """

    def __call__(self, rho: Floats, gradient: Floats | None = None) -> tuple[Floats, Floats, Floats | None]:
        """The energy density and its derivatives.

        Parameters
        ----------
        rho : (nspin, ngrid) bohr^-3
        gradient : (nspin, 3, ngrid) bohr^-4, or None
            What an LDA does not look at.

        Returns
        -------
        energy : (ngrid,) hartree bohr^-3
        v : (nspin, ngrid) hartree
            de/d(rho_s)
        v_gradient : (nspin, 3, ngrid) hartree bohr, or None
            de/d(grad rho_s), None for an LDA.
        """
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class XcFunctional:
    """An exchange-correlation energy density and its derivatives.

        E_xc = sum_i w_i e(rho_s(r_i), grad rho_s(r_i))

    Attributes
    ----------
    name : str
    kind : "lda" or "gga"
    evaluate : EnergyDensity
    """

    name: str
    kind: str
    evaluate: EnergyDensity

    @property
    def needs_gradient(self) -> bool:
        """Whether the energy density depends on the gradient of the density."""
        return self.kind == "gga"
