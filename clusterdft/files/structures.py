"""Geometries from files, in any format that ASE reads."""

import operator
import os
from pathlib import Path
from typing import TYPE_CHECKING

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.units import BOHR_ANGSTROM

if TYPE_CHECKING:
    from ase import Atoms

# what ASE's readers were seen to raise on broken files; they have no common error
READER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    OSError,
    RuntimeError,
    StopIteration,
    SyntaxError,
    TypeError,
    ValueError,
)


def read_structure(
    path: str | Path, *, charge: int | None = None, n_unpaired: int | None = None
) -> tuple[Cluster, int]:
    """Read a cluster from a structure file; of several geometries, the last.

    Parameters
    ----------
    path : path
        ASE tells the format by the name or by the content.
    charge : int or None
        None for the charge that an extended XYZ file declares, 0 where it declares none.
    n_unpaired : int or None
        As in Cluster.

    Returns
    -------
    Cluster
    int
        How many geometries the file has.

    Raises
    ------
    InputError
        The file is missing, empty, not readable, or holds a periodic structure.
    """
    path = Path(path)
    frames = _clusters_in(path)
    return _cluster(path, frames[-1], charge, n_unpaired), len(frames)


def read_structures(path: str | Path) -> tuple[Cluster, ...]:
    """Read all clusters of a structure file, each with the charge that it declares, or none.

    Parameters
    ----------
    path : path

    Returns
    -------
    tuple of Cluster

    Raises
    ------
    InputError
        As `read_structure`.
    """
    return tuple(cluster for _, cluster in read_named_structures(path))


def read_named_structures(path: str | Path) -> tuple[tuple[str, Cluster], ...]:
    """Read all clusters of a structure file with their names.

    A name is what an extended XYZ file declares as name="...", else the name of the file and the number of
    the geometry in it, from 1.

    Parameters
    ----------
    path : path

    Returns
    -------
    tuple of (name, Cluster)

    Raises
    ------
    InputError
        As `read_structure`.
    """
    path = Path(path)
    return tuple(
        (str(frame.info.get("name", f"{path.stem} {k}")), _cluster(path, frame, None, None))
        for k, frame in enumerate(_clusters_in(path), start=1)
    )


def _clusters_in(path: Path) -> "list[Atoms]":
    """All geometries of a file as ASE's Atoms, at least one, each with atoms."""
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise InputError(f"the structure file {path} {what}; give a file such as cluster.xyz")
    frames = _frames(path)
    if not frames or any(len(frame) == 0 for frame in frames):
        raise InputError(f"the structure file {path} holds no atoms; give at least one")
    return frames


def _cluster(path: Path, frame: "Atoms", charge: int | None, n_unpaired: int | None) -> Cluster:
    """The cluster of one geometry."""
    if frame.pbc.any():
        raise InputError(
            f"the structure in {path} is periodic; clusters are not: remove its cell and periodicity (pbc)"
        )
    return Cluster(
        symbols=tuple(frame.symbols),
        positions=frame.positions / BOHR_ANGSTROM,
        charge=_declared_charge(path, frame) if charge is None else charge,
        n_unpaired=n_unpaired,
    )


def _declared_charge(path: Path, atoms: "Atoms") -> int:
    """The charge that a file declares, or 0."""
    charge = atoms.info.get("charge", 0)
    try:
        return operator.index(charge)
    except TypeError:
        raise InputError(
            f"{path} declares charge {charge}; a charge is a whole number, give one with --charge"
        ) from None


def _frames(path: Path) -> "list[Atoms]":
    """All geometries of a file, as ASE's Atoms."""
    from ase.io import read
    from ase.io.formats import UnknownFileTypeError

    if path.stat().st_size == 0:
        raise InputError(f"the structure file {path} is empty; give a complete one")
    try:
        return list(read(path, index=":"))
    except UnknownFileTypeError:
        reason = "neither its name nor its content tells its format"
    except KeyError as error:  # ASE looks chemical symbols up in a dict
        reason = f"it names {error}, which is no element"
    except READER_ERRORS as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    raise InputError(
        f"the structure file {path} cannot be read: {reason}; "
        "give a complete file in a format that ASE knows, such as XYZ"
    )


def check_writable(path: str | Path) -> None:
    """Raises InputError where `write_structure` could not write, before anything is computed."""
    from ase.io.formats import UnknownFileTypeError, filetype, ioformats

    path = Path(path)
    try:
        form = ioformats.get(filetype(path, read=False))
    except UnknownFileTypeError:
        form = None
    if form is None or not form.can_write:
        raise _not_written(path, "ASE writes no format of that name")
    if path.is_dir():
        raise _not_written(path, "it is a folder")
    if not os.access(path.parent, os.W_OK):
        raise _not_written(path, "its folder does not exist or cannot be written")


def _not_written(path: str | Path, reason: object) -> InputError:
    return InputError(f"cannot write the structure file {path}: {reason}; give a name such as out.xyz")


def write_structure(path: str | Path, cluster: Cluster) -> None:
    """Write a cluster to a file, in the format that ASE finds for its name.

    Parameters
    ----------
    path : path
    cluster : Cluster

    Raises
    ------
    InputError
        The file cannot be written, or ASE knows no format for the name.
    """
    from ase import Atoms
    from ase.io import write
    from ase.io.formats import UnknownFileTypeError

    atoms = Atoms(cluster.symbols, cluster.positions * BOHR_ANGSTROM, info={"charge": cluster.charge})
    try:
        write(path, atoms)
    except (UnknownFileTypeError, OSError, ValueError) as error:
        raise _not_written(path, getattr(error, "strerror", None) or error) from None
