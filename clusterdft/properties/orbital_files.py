"""Text for other programs: cube files of densities and orbitals, Molden files of all orbitals."""

import numpy as np
from ase.data import atomic_numbers
from numpy.typing import ArrayLike

from clusterdft.basis.shells import OrbitalShells
from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.properties.sampling import Box
from clusterdft.scf.result import ScfResult
from clusterdft.units import MOMENTUM_LETTERS

CUBE_COLUMNS = 6
# indices of m = 0, 1, -1, 2, -2 in a shell, which is m = -l..l; p functions are x, y, z in both
MOLDEN_ORDER = {0: (0,), 1: (0, 1, 2), 2: (2, 3, 1, 4, 0)}


def cube_text(cluster: Cluster, box: Box, values: ArrayLike, comment: str) -> str:
    """Values at the points of a box as a Gaussian cube file.

    Parameters
    ----------
    cluster : Cluster
    box : Box
    values : (nx, ny, nz) atomic units
        As cube files have them.
    comment : str
        First line, what the values are.

    Returns
    -------
    str
        The whole file.

    Raises
    ------
    InputError
        Values that do not fit the box, or a comment of several lines.
    """
    values = np.asarray(values, dtype=float)
    if values.shape != box.shape:
        raise InputError(f"values of shape {values.shape} in a box of {box.shape} points; give one a point")
    if "\n" in comment or not comment.strip():
        raise InputError("the comment of a cube file is one line that says what it shows")
    lines = [comment.strip(), "x outermost, z innermost, bohr", _cube_line(cluster.natom, *box.origin)]
    lines += [_cube_line(n, *axis) for n, axis in zip(box.shape, box.spacing * np.eye(3), strict=True)]
    numbers = [atomic_numbers[symbol] for symbol in cluster.symbols]
    lines += [_cube_line(z, 0.0, *x) for z, x in zip(numbers, cluster.positions, strict=True)]
    depth = box.shape[2]
    widths = [min(CUBE_COLUMNS, depth - k) for k in range(0, depth, CUBE_COLUMNS)]
    column = "\n".join(" ".join(["% .6e"] * width) for width in widths)
    lines += [column % tuple(along_z) for along_z in values.reshape(-1, depth).tolist()]
    return "\n".join(lines) + "\n"


def _cube_line(number: int, *lengths: float) -> str:
    return f"{number:5d}" + "".join(f"{length:12.6f}" for length in lengths)


def molden_text(result: ScfResult, title: str = "clusterdft") -> str:
    """All orbitals of a result as a Molden file.

    Parameters
    ----------
    result : ScfResult
    title : str
        One line; line breaks become spaces.

    Returns
    -------
    str
        The whole file.

    Raises
    ------
    InputError
        Shells beyond d.

    Notes
    -----
    The atoms stand with their atomic numbers, although only valence electrons are in the orbitals.

    References
    ----------
    Schaftenaar and Noordik, J. Comput.-Aided Mol. Design 14, 123 (2000)
    """
    shells = result.shells
    if shells.l.max() not in MOLDEN_ORDER:
        raise InputError(
            f"Molden files of l = {shells.l.max()} are not written; take a basis with s, p and d"
        )
    lines = ["[Molden Format]", "[Title]", title.replace("\n", " "), "[Atoms] AU"]
    rows = zip(result.cluster.symbols, result.cluster.positions, strict=True)
    for number, (symbol, (x, y, z)) in enumerate(rows, 1):
        lines.append(f"{symbol} {number} {atomic_numbers[symbol]} {x:.12f} {y:.12f} {z:.12f}")
    lines += [*_basis_lines(shells, result.cluster.natom), "[5D]", *_orbital_lines(result, shells)]
    return "\n".join(lines) + "\n"


def _basis_lines(shells: OrbitalShells, natom: int) -> list[str]:
    """Uncontracted shells, of one normalised Gaussian each."""
    lines = ["[GTO]"]
    for atom in range(natom):
        lines.append(f"{atom + 1} 0")
        for shell in np.flatnonzero(shells.atom == atom):
            lines += [f"{MOMENTUM_LETTERS[shells.l[shell]]} 1 1.00", f"{shells.exponent[shell]:.15g} 1.0"]
        lines.append("")
    return lines


def _orbital_lines(result: ScfResult, shells: OrbitalShells) -> list[str]:
    """Energies, occupations and coefficients of both spins."""
    order = np.concatenate(
        [
            start + np.array(MOLDEN_ORDER[momentum])
            for start, momentum in zip(shells.offset[:-1], shells.l.tolist(), strict=True)
        ]
    )
    lines = ["[MO]"]
    for spin, name in enumerate(("Alpha", "Beta")[: len(result.mo_energy)]):
        for i, energy in enumerate(result.mo_energy[spin]):
            lines += ["Sym= A", f"Ene= {energy:.12f}", f"Spin= {name}"]
            lines.append(f"Occup= {result.occupation[spin, i]:.10f}")
            column = result.mo_coeff[spin][order, i]
            lines += [f"{function} {value:.14f}" for function, value in enumerate(column, 1)]
    return lines
