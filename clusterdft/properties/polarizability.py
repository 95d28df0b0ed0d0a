"""The static dipole polarizability by finite electric fields."""

from dataclasses import dataclass, replace

import numpy as np

from clusterdft.arrays import Floats, frozen_array
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.scf.dipole import dipole_moment
from clusterdft.scf.result import ScfResult
from clusterdft.scf.solve_scf import solve_scf

FIELD_STRENGTH = 0.001  # hartree/(e bohr)
SCF_TOLERANCE = 1e-8  # hartree, of the commutator: dipoles to some 1e-6 e bohr
SPIN_CHANGE_LIMIT = 1e-3  # electrons: a larger change of N_up - N_down is another state
NONLINEARITY_LIMIT = 0.05  # of the mean; beyond it the dipole is not linear in the fields


@dataclass(frozen=True, kw_only=True, eq=False)
class Polarizability:
    """The response of the dipole moment to a static field.

    Attributes
    ----------
    tensor : (3, 3) bohr^3
        Symmetric, in the axes of the cluster, of the limit of small fields.
    error : float, bohr^3
        Largest change of an element by the limit, (field)^2 being the first order neglected.
    asymmetry : float, bohr^3
        Largest difference of opposite elements before they were averaged.
    field : float, hartree/(elementary charge bohr)
        The smaller of the two, the other is twice as strong.
    dipole : (3,) elementary charge bohr
        Without field about the centre of the ionic charges.
    dipole_gradient : (3, 3 natom) elementary charge
        dd/dR = d(force)/d(field), the origin fixed in space.
    """

    tensor: Floats
    error: float
    asymmetry: float
    field: float
    dipole: Floats
    dipole_gradient: Floats

    @property
    def mean(self) -> float:
        """A third of the trace, bohr^3."""
        return float(np.trace(self.tensor)) / 3

    @property
    def anisotropy(self) -> float:
        """sqrt{[(a - b)^2 + (b - c)^2 + (c - a)^2] / 2} of principal values, bohr^3; |a - b| of a line."""
        a, b, c = np.linalg.eigvalsh(self.tensor)
        return float(np.sqrt(0.5 * ((a - b) ** 2 + (b - c) ** 2 + (c - a) ** 2)))


def polarizability(cluster: Cluster, method: Method, *, field: float = FIELD_STRENGTH) -> Polarizability:
    """Polarizability by central differences of the dipole moment in two fields.

        alpha_ij(F) = [d_i(+F e_j) - d_i(-F e_j)] / (2 F),   alpha = [4 alpha(F) - alpha(2 F)] / 3

    Parameters
    ----------
    cluster : Cluster
    method : Method
        Its tolerance is tightened to 1e-8.
    field : float, hartree/(elementary charge bohr)
        The smaller of two.

    Returns
    -------
    Polarizability

    Raises
    ------
    InputError
        Impossible field; a spin that changes in the field; dipoles that are not linear in it, as
        those of partly filled degenerate levels.
    ScfNotConverged
        Without field, or in one.

    Notes
    -----
    One self-consistent field from atoms and twelve that start from its density. Diffuse functions
    matter more than for any other property: of the shipped sets take opt-4s3p1d or even-6s5p3d.
    With density "fitted" the response is good to 1e-3: where the fitted density crosses zero its
    exchange potential is steep.

    References
    ----------
    Cohen and Roothaan, J. Chem. Phys. 43, S34 (1965)
    """
    if not field > 0:
        raise InputError(
            f"a field of {field} for the polarizability; give one above 0, such as {FIELD_STRENGTH}"
        )
    tight = replace(method, tolerance=min(method.tolerance, SCF_TOLERANCE))
    plain = solve_scf(cluster, tight)
    near, far = _slopes(plain, tight, field), _slopes(plain, tight, 2 * field)
    limit, force_slope = ((4 * a - b) / 3 for a, b in zip(near, far, strict=True))
    error = float(np.abs(near[0] - limit).max())
    if error > NONLINEARITY_LIMIT * np.trace(limit) / 3:
        raise InputError(
            f"the dipole is not linear in fields of {field:g} and {2 * field:g} hartree/(e bohr), as in a "
            "partly filled degenerate level; try a smaller field or another spin"
        )
    return Polarizability(
        tensor=frozen_array(0.5 * (limit + limit.T)),
        error=error,
        asymmetry=float(np.abs(limit - limit.T).max()),
        field=float(field),
        dipole=dipole_moment(plain),
        dipole_gradient=frozen_array(force_slope + _carried(plain)),
    )


def _slopes(plain: ScfResult, method: Method, field: float) -> tuple[Floats, Floats]:
    """Derivatives by the field of the dipole, (3, 3), and of the forces, (3, 3 natom), row = field."""
    pairs = [[_in_field(plain, method, sign * field * axis) for sign in (1, -1)] for axis in np.eye(3)]
    dipoles = [dipole_moment(up) - dipole_moment(down) for up, down in pairs]
    forces = [(up.forces - down.forces).ravel() for up, down in pairs]
    return np.array(dipoles).T / (2 * field), np.array(forces) / (2 * field)


def _in_field(plain: ScfResult, method: Method, field: Floats) -> ScfResult:
    """The state that `plain` becomes in a field."""
    result = solve_scf(plain.cluster, method, restart=plain.fit_coefficients, field=field)
    change = abs(abs(result.n_unpaired) - abs(plain.n_unpaired))
    if change > SPIN_CHANGE_LIMIT:
        raise InputError(
            f"the number of unpaired electrons changes by {change:.3f} in a field of {np.abs(field).max():g} "
            "hartree/(e bohr); fix it, or try a smaller field"
        )
    return result


def _carried(result: ScfResult) -> Floats:
    """(3, 3 natom) what the charge Q adds where the origin is fixed: Q dc/dR, c the ions' centre."""
    ionic = result.z_valence
    return result.cluster.charge * np.kron(ionic / ionic.sum(), np.eye(3))
