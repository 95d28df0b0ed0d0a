"""Exponents of an orbital set from the energies of small systems.

    python -m clusterdft.making.basis.optimize K --pseudopotential gth-pade-q1 --set opt-4s3p1d

prints the set as a TOML file. The same input gives the same exponents.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from clusterdft.arrays import Floats
from clusterdft.basis.set_files import ElementBasis, ShellSet, toml_text
from clusterdft.cluster import Cluster
from clusterdft.errors import ClusterDftError, InputError
from clusterdft.making.basis.sample_systems import (
    BOND_LENGTH,
    Solution,
    energy_nearby,
    reference_method,
    solve_in_shells,
    systems,
)
from clusterdft.making.basis.template import TEMPLATES, Template, start_parameters
from clusterdft.method import Method
from clusterdft.pseudo import load_pseudopotential
from clusterdft.work.environment import one_thread

DIFFERENCE_STEP = 0.002  # of a logarithm, for central differences
OBJECTIVE_SCALE = 1e3  # millihartree suit the optimiser
FIRST_STRIDE = 0.2  # of a logarithm: length of the first step
OBJECTIVE_GAIN = 3e-8  # of the objective, relative: a smaller one ends the search too
LARGEST_SLOPE = 1e-6  # hartree an atom for a logarithm: the largest slope at the end
EXPONENT_DIGITS = 5  # of an exponent in a file
# of sodium, in bohr^-2; large enough for every template, so that the fit does not steer the exponents
FITTING_LADDER = (0.018, (2, 3, 4, 4, 3, 2, 2, 1))


HEADING = "Exponents in bohr^-2, optimised on the energies of atom, dimer, dimer cation and rhombus."


@dataclass(frozen=True, kw_only=True)
class Optimum:
    """The end of an optimisation.

    Attributes
    ----------
    exponents : ((l, exponent bohr^-2), ...)
    value : hartree an atom
        The objective.
    slope : hartree an atom
        Largest derivative that no bound holds.
    n_steps : int
        Of the quasi-Newton method.
    """

    exponents: ShellSet
    value: float
    slope: float
    n_steps: int


def minimize_exponents(
    objective: Callable[[ShellSet], float],
    template: Template,
    start: Sequence[float] | Floats,
    *,
    nearby: Callable[[ShellSet], float] | None = None,
    tolerance: float = LARGEST_SLOPE,
) -> Optimum:
    """Exponents that make a function of them least.

    Parameters
    ----------
    objective : function of ((l, exponent bohr^-2), ...)
        In hartree.
    template : Template
    start : (nparameter,)
        Parameters of the template.
    nearby : function of ((l, exponent bohr^-2), ...), or None
        A cheaper one, whose central differences are those of the objective around the exponents that this
        was last called with.
    tolerance : hartree
        Of the slope.

    Returns
    -------
    Optimum

    Notes
    -----
    L-BFGS-B within the template's bounds, slopes from central differences; a local minimum.
    """
    around = nearby or objective

    def value_and_slope(scaled: Floats) -> tuple[float, Floats]:
        parameters = FIRST_STRIDE * scaled
        value = objective(template.exponents(parameters))
        slope = [
            (around(template.exponents(parameters + step)) - around(template.exponents(parameters - step)))
            / (2 * DIFFERENCE_STEP)
            for step in DIFFERENCE_STEP * np.eye(len(parameters))
        ]
        return OBJECTIVE_SCALE * value, OBJECTIVE_SCALE * FIRST_STRIDE * np.array(slope)

    limits = template.bounds(start) / FIRST_STRIDE
    end = minimize(
        value_and_slope,
        np.asarray(start) / FIRST_STRIDE,
        jac=True,
        method="L-BFGS-B",
        bounds=limits,
        options={"gtol": OBJECTIVE_SCALE * FIRST_STRIDE * tolerance, "ftol": OBJECTIVE_GAIN, "maxiter": 100},
    )
    free = (end.x > limits[:, 0]) & (end.x < limits[:, 1])
    return Optimum(
        exponents=template.exponents(FIRST_STRIDE * end.x),
        value=float(end.fun) / OBJECTIVE_SCALE,
        slope=float(np.max(np.abs(end.jac[free]), initial=0.0)) / (OBJECTIVE_SCALE * FIRST_STRIDE),
        n_steps=int(end.nit),
    )


class EnergyPerAtom:
    """Sum over some systems of energy / number of atoms, as a function of the exponents.

    Parameters
    ----------
    clusters : iterable of Cluster
        Of one element.
    method : Method
    scale : float
        Exponents of the element relative to those of sodium, sets the fitting shells.
    """

    def __init__(self, clusters: Iterable[Cluster], method: Method, scale: float) -> None:
        self.method = method
        first, degrees = FITTING_LADDER
        self.fitting = tuple((degree, scale * first * 2.0**k) for k, degree in enumerate(degrees))
        self.solutions: dict[Cluster, Solution | None] = dict.fromkeys(clusters)

    def __call__(self, exponents: ShellSet) -> float:
        """From converged states, hartree."""
        total = 0.0
        for cluster, last in self.solutions.items():
            solution = solve_in_shells(cluster, self.method, exponents, self.fitting, last)
            self.solutions[cluster] = solution
            total += solution.energy / cluster.natom
        return total

    def nearby(self, exponents: ShellSet) -> float:
        """The energies of the last states carried over to exponents near theirs.

        Returns
        -------
        hartree
        """
        return sum(
            energy_nearby(cluster, self.method, exponents, self.fitting, solution) / cluster.natom
            for cluster, solution in self.solutions.items()
            if solution is not None
        )


def size_of_exponents(symbol: str) -> float:
    """Exponents of an element relative to those of sodium: the inverse square of the lengths.

    Returns
    -------
    float
    """
    return (BOND_LENGTH["Na"] / BOND_LENGTH[symbol]) ** 2


def optimize_basis(symbol: str, pseudopotential: str, name: str, *, functional: str = "lda-pz") -> Optimum:
    """The exponents of an element for one of `TEMPLATES`.

        sum over `systems(symbol)` of energy / number of atoms -> least

    Parameters
    ----------
    symbol : str
        Chemical symbol, a key of BOND_LENGTH.
    pseudopotential : str
        As in Method.
    name : str
        A key of TEMPLATES.
    functional : str
        As in Method.

    Returns
    -------
    Optimum

    Raises
    ------
    InputError
        Unknown template, element without systems or pseudopotential.
    ScfNotConverged

    Notes
    -----
    Half a minute to three minutes.
    """
    for what, given, known in (("set", name, TEMPLATES), ("element", symbol, BOND_LENGTH)):
        if given not in known:
            raise InputError(f"no exponents are optimised for the {what} {given!r}; give {', '.join(known)}")
    template = TEMPLATES[name]
    method = reference_method(pseudopotential, functional)
    objective = EnergyPerAtom(systems(symbol), method, size_of_exponents(symbol))
    start = start_parameters(name, size_of_exponents(symbol))
    with one_thread():
        return minimize_exponents(objective, template, start, nearby=objective.nearby)


def optimized_entry(
    symbol: str, pseudopotential: str, name: str, *, functional: str = "lda-pz", version: int = 1
) -> ElementBasis:
    """The optimal exponents to `EXPONENT_DIGITS` digits, and the command that finds them again.

    Parameters
    ----------
    symbol, pseudopotential, name, functional
        As in `optimize_basis`.
    version : int
        Of the exponents, for the file.

    Returns
    -------
    ElementBasis
    """
    optimum = optimize_basis(symbol, pseudopotential, name, functional=functional)
    program = "python -m clusterdft.making.basis.optimize"
    command = f"{program} {symbol} --pseudopotential {pseudopotential} --set {name}"
    if functional != "lda-pz":
        command += f" --functional {functional}"
    return ElementBasis(
        symbol=symbol,
        valence=load_pseudopotential(symbol, pseudopotential).z_valence,
        shells=tuple((momentum, float(f"{a:.{EXPONENT_DIGITS}g}")) for momentum, a in optimum.exponents),
        source=command,
        version=version,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """The command of the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m clusterdft.making.basis.optimize", description=HEADING)
    parser.add_argument("symbol", metavar="SYMBOL", help=f"one of {', '.join(BOND_LENGTH)}")
    parser.add_argument(
        "--pseudopotential", required=True, help="bhs, a table such as gth-pade-q1, or a file"
    )
    parser.add_argument("--set", required=True, dest="name", help=f"one of {', '.join(TEMPLATES)}")
    parser.add_argument("--functional", default="lda-pz")
    parser.add_argument("--version", type=int, default=1, help="of the exponents, for the file")
    given = vars(parser.parse_args(arguments))
    try:
        print(toml_text(optimized_entry(**given), HEADING), end="")
    except ClusterDftError as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
