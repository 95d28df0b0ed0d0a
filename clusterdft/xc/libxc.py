"""Every LDA and GGA of libxc, through pyscf."""

from collections.abc import Iterable
from functools import partial

import numpy as np

from clusterdft.arrays import Floats
from clusterdft.errors import InputError, nearest_names
from clusterdft.xc.functional import XcFunctional

DENSITY_FLOOR = 1e-12  # bohr^-3; negative or smaller spin densities are raised to this before libxc sees them


def libxc_functional(code: str, name: str | None = None, *, also_known: tuple[str, ...] = ()) -> XcFunctional:
    """An LDA or GGA by its libxc or pyscf name, such as "LDA,PW", "pbe" or "gga_x_b88,gga_c_lyp".

    Parameters
    ----------
    code : str
    name : str or None
        What the functional is called here; None for the code.
    also_known : names that a message about an unknown one may propose beside those of libxc

    Returns
    -------
    XcFunctional

    Raises
    ------
    InputError
        A name libxc does not know, a meta-GGA, a hybrid, or a non-local correlation.

    References
    ----------
    Lehtola et al., SoftwareX 7, 1 (2018)
    """
    from pyscf.dft import libxc

    try:
        kind = libxc.xc_type(code)
        hybrid = libxc.is_hybrid_xc(code) or libxc.is_nlc(code)
    except (KeyError, ValueError, AttributeError, TypeError, NotImplementedError):
        raise InputError(_unknown(code, libxc.XC_CODES, also_known)) from None
    if kind not in ("LDA", "GGA") or hybrid:
        raise InputError(
            f"functional {code!r} is {'a hybrid or non-local' if hybrid else kind}; "
            "local and gradient-corrected ones (LDA, GGA) are allowed, for example lda-pz or pbe"
        )
    return XcFunctional(
        name=name or str(code).lower(), kind=kind.lower(), evaluate=partial(_evaluate, code, kind)
    )


def lda_pw() -> XcFunctional:
    """Slater exchange, correlation of Perdew and Wang, Phys. Rev. B 45, 13244 (1992).

    Returns
    -------
    XcFunctional
    """
    return libxc_functional("LDA_X,LDA_C_PW", "lda-pw")


def lda_vwn() -> XcFunctional:
    """Slater exchange, correlation (V) of Vosko, Wilk and Nusair, Can. J. Phys. 58, 1200 (1980).

    Returns
    -------
    XcFunctional
    """
    return libxc_functional("LDA_X,LDA_C_VWN", "lda-vwn")


def pbe() -> XcFunctional:
    """Perdew, Burke and Ernzerhof, Phys. Rev. Lett. 77, 3865 (1996).

    Returns
    -------
    XcFunctional
    """
    return libxc_functional("GGA_X_PBE,GGA_C_PBE", "pbe")


def revpbe() -> XcFunctional:
    """Zhang and Yang, Phys. Rev. Lett. 80, 890 (1998).

    Returns
    -------
    XcFunctional
    """
    return libxc_functional("GGA_X_PBE_R,GGA_C_PBE", "revpbe")


def blyp() -> XcFunctional:
    """Becke, Phys. Rev. A 38, 3098 (1988); Lee, Yang and Parr, Phys. Rev. B 37, 785 (1988).

    Returns
    -------
    XcFunctional
    """
    return libxc_functional("GGA_X_B88,GGA_C_LYP", "blyp")


def pw91() -> XcFunctional:
    """Perdew et al., Phys. Rev. B 46, 6671 (1992).

    Returns
    -------
    XcFunctional
    """
    return libxc_functional("GGA_X_PW91,GGA_C_PW91", "pw91")


def _unknown(code: str, of_libxc: Iterable[str], also_known: tuple[str, ...]) -> str:
    known = [*also_known, *(str(key).lower() for key in of_libxc)]
    near = nearest_names(str(code).lower(), known, most=3, similarity=0.5)
    hint = f"the nearest are {', '.join(near)}" if near else f"try one of {', '.join(also_known) or 'libxc'}"
    return f"unknown functional {code!r}; {hint}"


def _evaluate(
    code: str, kind: str, rho: Floats, gradient: Floats | None = None
) -> tuple[Floats, Floats, Floats | None]:
    """Energy density and derivatives; sigma's chain rule is done here."""
    from pyscf.dft import libxc

    nspin = rho.shape[0]
    floored = np.maximum(rho, DENSITY_FLOOR)
    alive = rho > DENSITY_FLOOR
    slope = None
    if kind == "GGA" and gradient is not None:
        # a steep gradient where there is no density would still count in Becke's exchange
        slope = gradient * alive[:, None, :]
    packed = floored if slope is None else np.concatenate([floored[:, None, :], slope], axis=1)
    spins = packed[0] if nspin == 1 else (packed[0], packed[1])
    per_electron, derivative = libxc.eval_xc(code, spins, spin=nspin - 1, deriv=1)[:2]
    some = np.any(alive, axis=0)
    counted = some & (rho >= 0.0)  # a negative density counts as zero, whatever it is: no derivative
    v = np.where(counted, derivative[0].reshape(-1, nspin).T, 0.0)
    energy = np.where(some, per_electron * floored.sum(axis=0), 0.0)
    if slope is None:
        return energy, v, None
    return energy, v, _gradient_derivative(derivative[1], slope) * (alive & some)[:, None, :]


def _gradient_derivative(v_sigma: Floats, gradient: Floats) -> Floats:
    """de/d(grad rho_s) from de/d(sigma), sigma_st = grad rho_s . grad rho_t."""
    if gradient.shape[0] == 1:
        return 2.0 * v_sigma.reshape(-1) * gradient
    up_up, up_down, down_down = v_sigma.T
    up, down = gradient
    return np.stack([2.0 * up_up * up + up_down * down, 2.0 * down_down * down + up_down * up])
