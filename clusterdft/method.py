"""The level of theory: everything that decides the number, apart from the cluster itself."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from clusterdft.errors import InputError
from clusterdft.keys import content_hash, text_hash
from clusterdft.schema import Table, flag, number, one_of, read, text, whole

OCCUPATIONS = {
    "aufbau": "integers; fractional only where levels meet the chemical potential (zero temperature)",
    "fermi": "Fermi-Dirac with a width; energies are free energies",
    "equal": "equal fractions within a degenerate highest level: keeps the symmetry of a geometry",
}
DENSITIES = {
    "fitted": "exchange and correlation of the fitted density (auxiliary DFT)",
    "orbital": "exchange and correlation of the orbital density (the reference)",
}
FORCES = {
    "total": "derivative of the computed energy",
    "hellmann-feynman": "the paper's eq. (3): motion of the pseudopotentials only",
}
GRIDS = ("coarse", "default", "fine", "ultra")
CHOICES = {
    "occupation": tuple(OCCUPATIONS),
    "density": tuple(DENSITIES),
    "forces": tuple(FORCES),
    "grid": GRIDS,
}
ITERATIONS = whole(1, 1_000_000)


def _iterations(value: Any) -> int:
    """Kind of a number of iterations; 200.0 is one too."""
    checked: int = ITERATIONS(int(value) if isinstance(value, float) and value.is_integer() else value)
    return checked


METHOD_TABLE = Table(
    {
        **{name: text() for name in ("pseudopotential", "basis", "fitting", "functional")},
        **{name: one_of(allowed) for name, allowed in CHOICES.items()},
        "width": number(0, 1),  # hartree
        "tolerance": number(1e-12, 0.01),  # hartree
        "max_iterations": _iterations,
        "stability": flag,
    }
)


@dataclass(frozen=True, kw_only=True)
class Method:
    """The level of theory.

    Parameters
    ----------
    pseudopotential : str
        "bhs" (the shipped file of the element), a table such as "gth-pade-q1", or a TOML file.
    basis, fitting : str
        Names of the orbital and of the fitting set; the basis may be a TOML file.
    functional : str
        "lda-pz" (Perdew-Zunger 81) or a name that libxc knows.
    density : "fitted" or "orbital"
        The density that exchange and correlation see.
    grid : str
        Quadrature level, "coarse" to "ultra".
    occupation : "aufbau", "fermi" or "equal"
    width : float, hartree
        Of the Fermi-Dirac distribution, only with occupation "fermi".
    forces : "total" or "hellmann-feynman"
        The forces that relaxations follow.
    tolerance : float, hartree
        Largest element of the commutator FPS - SPF in an orthonormal basis; ten times that where a broken
        symmetry leaves the energy independent of an orbital's orientation and DIIS fails.
    max_iterations : int
        Of the self-consistent field, all stages together.
    stability : bool
        With a free spin, try several starting spins and keep the lowest solution.

    Raises
    ------
    InputError
        Impossible values, all of them in one message.
    """

    pseudopotential: str = "bhs"
    basis: str = "paper-3s2p"
    fitting: str = "default"
    functional: str = "lda-pz"
    density: str = "fitted"
    grid: str = "default"
    occupation: str = "aufbau"
    width: float = 0.0
    forces: str = "total"
    tolerance: float = 1e-6
    max_iterations: int = 200
    stability: bool = True

    def __post_init__(self) -> None:
        problems: list[str] = []
        right = read(
            {field.name: getattr(self, field.name) for field in fields(self)}, METHOD_TABLE, "", problems
        )
        if "occupation" in right and "width" in right:
            problems += self._contradictions()
        if problems:
            raise InputError("; ".join(problems))

    def _contradictions(self) -> list[str]:
        if self.occupation == "fermi" and self.width <= 0:
            return [f"width is {self.width:g}; occupation 'fermi' needs one above 0, such as 0.002 hartree"]
        if self.occupation != "fermi" and self.width != 0:
            return [
                f"width {self.width:g} goes with occupation 'fermi' only; occupation is {self.occupation!r}"
            ]
        return []

    @property
    def description(self) -> dict[str, Any]:
        """All parameters as a plain dict, for files."""
        return asdict(self)

    @property
    def key(self) -> str:
        """Hash of the parameters, and of the files of pseudopotential and basis where a path names them."""
        inputs = self.description
        for field in ("pseudopotential", "basis"):
            if inputs[field].lower().endswith(".toml"):
                inputs[f"{field}_content"] = _content_hash(field, inputs[field])
        return content_hash(inputs)


def _content_hash(what: str, path: str) -> str:
    """Hash of a file's bytes; `what` says in a message what it was to hold."""
    try:
        with open(path, "rb") as file:
            return text_hash(file.read())
    except OSError as error:
        raise InputError(f"{what} file {path!r} cannot be read: {error.strerror}") from None
