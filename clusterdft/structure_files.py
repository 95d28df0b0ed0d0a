"""Geometries from files, in any format that ASE reads."""

from pathlib import Path

from clusterdft.cluster import Cluster
from clusterdft.errors import InputError
from clusterdft.units import BOHR_ANGSTROM

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


def read_structure(path, *, charge=None, n_unpaired=None):
    """Read a cluster from a structure file; of several geometries, the last.

    Parameters
    ----------
    path : file name; ASE tells the format by it or by the content
    charge : None for the charge that an extended XYZ file declares, 0 where it declares none
    n_unpaired : as in Cluster
    Returns
    -------
    Cluster
    int   how many geometries the file has
    Raises
    ------
    InputError   the file is missing, empty, not readable, or holds a periodic structure
    """
    path = Path(path)
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise InputError(f"the structure file {path} {what}; give a file such as cluster.xyz")
    frames = _frames(path)
    if not frames or len(frames[-1]) == 0:
        raise InputError(f"the structure file {path} holds no atoms; give at least one")
    last = frames[-1]
    if last.pbc.any():
        raise InputError(
            f"the structure in {path} is periodic; clusters are not: remove its cell and periodicity (pbc)"
        )
    cluster = Cluster(
        symbols=tuple(last.get_chemical_symbols()),
        positions=last.positions / BOHR_ANGSTROM,
        charge=last.info.get("charge", 0) if charge is None else charge,
        n_unpaired=n_unpaired,
    )
    return cluster, len(frames)


def _frames(path):
    """All geometries of a file, as ASE's Atoms."""
    from ase.io import read
    from ase.io.formats import UnknownFileTypeError

    if path.stat().st_size == 0:
        raise InputError(f"the structure file {path} is empty")
    try:
        return read(path, index=":")
    except (UnknownFileTypeError, *READER_ERRORS) as error:
        told = str(error).strip().splitlines()
        raise InputError(
            f"the structure file {path} cannot be read: {told[0] if told else type(error).__name__}; "
            "give a complete file in a format that ASE knows, such as XYZ"
        ) from None


def write_structure(path, cluster):
    """Write a cluster to a file, in the format that ASE finds for its name.

    Raises
    ------
    InputError   the file cannot be written, or ASE knows no format for the name
    """
    from ase import Atoms
    from ase.io import write
    from ase.io.formats import UnknownFileTypeError

    atoms = Atoms(cluster.symbols, cluster.positions * BOHR_ANGSTROM, info={"charge": cluster.charge})
    try:
        write(path, atoms)
    except (UnknownFileTypeError, OSError, ValueError) as error:
        raise InputError(
            f"cannot write the structure file {path}: {error}; give a name such as out.xyz"
        ) from None
