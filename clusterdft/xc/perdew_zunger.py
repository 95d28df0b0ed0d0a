"""Local spin density functional of Perdew and Zunger: the functional of the hot path."""

from math import pi

import numpy as np
from numba import njit

from clusterdft.arrays import Floats, Ints
from clusterdft.grid.atomic_rule import BLOCK
from clusterdft.xc.block_math import inverse_cube_root
from clusterdft.xc.functional import XcFunctional

SMALLEST_TOTAL_DENSITY = 1e-18  # bohr^-3; below this total density everything is zero
SMALLEST_SPIN_DENSITY = 1e-60  # keeps cube roots of an empty spin finite

WIGNER_SEITZ = (3 / (4 * pi)) ** (1 / 3)  # r_s = WIGNER_SEITZ rho^(-1/3)
EXCHANGE = -0.75 * (3 / pi) ** (1 / 3)  # e_x = EXCHANGE rho^(4/3) of the unpolarised gas
POLARISED_FACTOR = 2.0 ** (1 / 3)
INTERPOLATION_FACTOR = 1 / (2.0 ** (4 / 3) - 2)

# Perdew and Zunger 1981, table XII: unpolarised (U) and polarised (P)
GAMMA_U, BETA1_U, BETA2_U = -0.1423, 1.0529, 0.3334
GAMMA_P, BETA1_P, BETA2_P = -0.0843, 1.3981, 0.2611
A_U, B_U, C_U, D_U = 0.0311, -0.048, 0.0020, -0.0116
A_P, B_P, C_P, D_P = 0.01555, -0.0269, 0.0007, -0.0048


def perdew_zunger() -> XcFunctional:
    """Slater exchange and the Perdew-Zunger fit to the Ceperley-Alder correlation energies.

        e_c(r_s, zeta) = e_U + f(zeta) (e_P - e_U),  f = [(1+zeta)^(4/3) + (1-zeta)^(4/3) - 2] / (2^(4/3) - 2)
        e_X = gamma / (1 + beta1 sqrt(r_s) + beta2 r_s)  for r_s >= 1
        e_X = A ln r_s + B + C r_s ln r_s + D r_s        for r_s < 1

    Returns
    -------
    XcFunctional

    Notes
    -----
    Negative spin densities count as zero and have no potential; that of a density of exactly zero is
    its limit at full polarisation.

    References
    ----------
    Perdew and Zunger, Phys. Rev. B 23, 5048 (1981); von Barth and Hedin, J. Phys. C 5, 1629 (1972)
    """
    return XcFunctional(name="lda-pz", kind="lda", evaluate=_evaluate)


def _evaluate(rho: Floats, gradient: Floats | None = None) -> tuple[Floats, Floats, None]:
    rho = np.require(rho, np.float64, ["C", "W"])  # one signature, also for read-only arrays
    energy = np.empty(rho.shape[1])
    v = np.empty_like(rho)
    lanes = np.empty((10, BLOCK))
    _kernel(rho, lanes, lanes.view(np.int64), energy, v)
    return energy, v, None


@njit(
    cache=True,
    nogil=True,
    no_cfunc_wrapper=True,
    fastmath={"contract", "nnan", "ninf", "nsz", "arcp", "reassoc"},
)
def _kernel(rho: Floats, lanes: Floats, bits: Ints, energy: Floats, v: Floats) -> None:
    """Rows of `lanes`: total, rho_up, rho_down; their cube roots, inverse; e_U, v_U, e_P, v_P."""
    nspin, ngrid = rho.shape
    for start in range(0, ngrid, BLOCK):
        stop = ngrid - start if ngrid - start < BLOCK else BLOCK
        for i in range(BLOCK):
            k = start + i if i < stop else start
            up = rho[0, k] if nspin == 2 else 0.5 * rho[0, k]
            down = rho[nspin - 1, k] if nspin == 2 else up
            lanes[1, i] = up if up > SMALLEST_SPIN_DENSITY else SMALLEST_SPIN_DENSITY
            lanes[2, i] = down if down > SMALLEST_SPIN_DENSITY else SMALLEST_SPIN_DENSITY
            lanes[0, i] = lanes[1, i] + lanes[2, i]
        for row in range(3 if nspin == 2 else 1):
            inverse_cube_root(lanes[row], lanes[3 + row], bits[3 + row])
        dense = 0
        for i in range(BLOCK):
            rs = WIGNER_SEITZ * lanes[3, i]
            root = np.sqrt(rs)
            lanes[3, i] = rs
            dense += rs < 1.0
            d = 1.0 / (1.0 + BETA1_U * root + BETA2_U * rs)
            lanes[6, i] = GAMMA_U * d
            lanes[7, i] = GAMMA_U * d * (1.0 + d * (BETA1_U / 6 * root + BETA2_U / 3 * rs))
            d = 1.0 / (1.0 + BETA1_P * root + BETA2_P * rs)
            lanes[8, i] = GAMMA_P * d
            lanes[9, i] = GAMMA_P * d * (1.0 + d * (BETA1_P / 6 * root + BETA2_P / 3 * rs))
        if dense > 0:
            for i in range(BLOCK):
                rs = lanes[3, i]
                if rs < 1.0:
                    log = np.log(rs)
                    lanes[6, i] = A_U * log + B_U + rs * (C_U * log + D_U)
                    lanes[7, i] = lanes[6, i] - (A_U + rs * (C_U * log + C_U + D_U)) / 3
                    lanes[8, i] = A_P * log + B_P + rs * (C_P * log + D_P)
                    lanes[9, i] = lanes[8, i] - (A_P + rs * (C_P * log + C_P + D_P)) / 3
        if nspin == 1:
            for i in range(stop):
                total, rs = lanes[0, i], lanes[3, i]
                exchange = EXCHANGE * WIGNER_SEITZ / rs
                full = 1.0 if total > SMALLEST_TOTAL_DENSITY else 0.0
                energy[start + i] = full * total * (exchange + lanes[6, i])
                v[0, start + i] = full * (4 / 3 * exchange + lanes[7, i])
            continue
        for i in range(stop):
            up, down, rs = lanes[1, i], lanes[2, i], lanes[3, i]
            total = up + down
            root_up, root_down = up * lanes[4, i] * lanes[4, i], down * lanes[5, i] * lanes[5, i]
            full = 1.0 if total > SMALLEST_TOTAL_DENSITY else 0.0
            k = start + i
            alive_up, alive_down = 1.0 if rho[0, k] >= 0.0 else 0.0, 1.0 if rho[1, k] >= 0.0 else 0.0
            scale = POLARISED_FACTOR / WIGNER_SEITZ * rs
            w_up, w_down = scale * root_up, scale * root_down
            f = (w_up * w_up * w_up * w_up + w_down * w_down * w_down * w_down - 2.0) * INTERPOLATION_FACTOR
            slope = 4 / 3 * INTERPOLATION_FACTOR * (w_up - w_down) * (lanes[8, i] - lanes[6, i])
            correlation = lanes[7, i] + f * (lanes[9, i] - lanes[7, i])
            exchange = EXCHANGE * POLARISED_FACTOR * (up * root_up + down * root_down)
            energy[start + i] = full * (exchange + total * (lanes[6, i] + f * (lanes[8, i] - lanes[6, i])))
            v[0, start + i] = (full * alive_up) * (
                4 / 3 * EXCHANGE * POLARISED_FACTOR * root_up + correlation + slope * (2.0 * down / total)
            )
            v[1, start + i] = (full * alive_down) * (
                4 / 3 * EXCHANGE * POLARISED_FACTOR * root_down + correlation - slope * (2.0 * up / total)
            )
