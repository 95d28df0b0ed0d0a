"""What an exchange-correlation functional is, and finding one by name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, kw_only=True, eq=False)
class Functional:
    """An exchange-correlation energy density and its derivatives.

        E_xc = sum_i w_i e(rho_s(r_i), grad rho_s(r_i))

    Attributes
    ----------
    name : str
    kind : "lda" or "gga"
    evaluate : (rho (nspin, ngrid), gradient (nspin, 3, ngrid) or None) -> energy density (ngrid,) in
        hartree bohr^-3, de/d(rho_s) (nspin, ngrid), de/d(grad rho_s) (nspin, 3, ngrid) or None for an LDA;
        nspin 1 is a closed shell given by its total density, nspin 2 is up and down
    """

    name: str
    kind: str
    evaluate: Callable

    @property
    def needs_gradient(self):
        return self.kind == "gga"


@lru_cache(maxsize=32)
def get_functional(name):
    """The functional of that name: one of FUNCTIONALS, or any LDA or GGA of libxc.

    Raises
    ------
    InputError
        an unknown name, a meta-GGA or a hybrid
    """
    from clusterdft.xc import FUNCTIONALS

    key = str(name).strip().lower()
    if key in FUNCTIONALS:
        return FUNCTIONALS[key]()
    from clusterdft.xc.libxc import libxc_functional

    return libxc_functional(name)
