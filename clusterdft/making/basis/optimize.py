"""Exponents of an orbital set from the energies of small systems.

    python -m clusterdft.making.basis.optimize K --pseudopotential gth-pade-q1 --set opt-4s3p1d

prints the set as a TOML file. The same input gives the same exponents.
"""

import argparse
import sys
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from clusterdft.basis.set_files import ElementBasis, toml_text
from clusterdft.errors import ClusterDftError, InputError
from clusterdft.making.basis.sample_systems import (
    BOND,
    energy_nearby,
    reference_method,
    solve_in_shells,
    systems,
)
from clusterdft.making.basis.template import TEMPLATES, start_of
from clusterdft.pseudo import load_pseudopotential
from clusterdft.work.environment import one_thread

STEP = 0.002  # of a logarithm, for central differences
SCALE = 1e3  # millihartree suit the optimiser
STRIDE = 0.2  # of a logarithm: length of the first step
GAIN = 3e-8  # of the objective, relative: a smaller one ends the search too
GRADIENT = 1e-6  # hartree an atom for a logarithm: the largest slope at the end
DIGITS = 5  # of an exponent in a file
# of sodium, in bohr^-2; large enough for every template, so that the fit does not steer the exponents
FITTING = (0.018, (2, 3, 4, 4, 3, 2, 2, 1))


HEADING = "Exponents in bohr^-2, optimised on the energies of atom, dimer, dimer cation and rhombus."


@dataclass(frozen=True, kw_only=True)
class Optimum:
    """The end of an optimisation.

    Attributes
    ----------
    exponents : ((l, exponent bohr^-2), ...)
    value : the objective, hartree an atom
    slope : largest derivative that no bound holds, hartree an atom
    n_steps : of the quasi-Newton method
    """

    exponents: tuple
    value: float
    slope: float
    n_steps: int


def minimize_exponents(objective, template, start, *, nearby=None, tolerance=GRADIENT):
    """Exponents that make a function of them least.

    Parameters
    ----------
    objective : ((l, exponent), ...) -> hartree
    template : Template
    start : parameters of the template
    nearby : a cheaper function whose central differences are those of the objective around the exponents
        that this was last called with
    tolerance : of the slope, hartree

    Returns
    -------
    Optimum

    Notes
    -----
    L-BFGS-B within the template's bounds, slopes from central differences; a local minimum
    """
    around = nearby or objective

    def value_and_slope(scaled):
        parameters = STRIDE * scaled
        value = objective(template.exponents(parameters))
        slope = [
            (around(template.exponents(parameters + step)) - around(template.exponents(parameters - step)))
            / (2 * STEP)
            for step in STEP * np.eye(len(parameters))
        ]
        return SCALE * value, SCALE * STRIDE * np.array(slope)

    limits = template.bounds(start) / STRIDE
    end = minimize(
        value_and_slope,
        np.asarray(start) / STRIDE,
        jac=True,
        method="L-BFGS-B",
        bounds=limits,
        options={"gtol": SCALE * STRIDE * tolerance, "ftol": GAIN, "maxiter": 100},
    )
    free = (end.x > limits[:, 0]) & (end.x < limits[:, 1])
    return Optimum(
        exponents=template.exponents(STRIDE * end.x),
        value=float(end.fun) / SCALE,
        slope=float(np.max(np.abs(end.jac[free]), initial=0.0)) / (SCALE * STRIDE),
        n_steps=int(end.nit),
    )


class EnergyPerAtom:
    """Sum over some systems of energy / number of atoms, as a function of the exponents.

    Parameters
    ----------
    clusters : Clusters of one element
    method : Method
    scale : exponents of the element relative to those of sodium, sets the fitting shells
    """

    def __init__(self, clusters, method, scale):
        self.method = method
        first, degrees = FITTING
        self.fitting = tuple((degree, scale * first * 2.0**k) for k, degree in enumerate(degrees))
        self.solutions = dict.fromkeys(clusters)

    def __call__(self, exponents):
        """hartree, from converged states."""
        for cluster, last in self.solutions.items():
            self.solutions[cluster] = solve_in_shells(cluster, self.method, exponents, self.fitting, last)
        return sum(solution.energy / cluster.natom for cluster, solution in self.solutions.items())

    def nearby(self, exponents):
        """hartree, from the last states carried over to exponents near theirs."""
        return sum(
            energy_nearby(cluster, self.method, exponents, self.fitting, solution) / cluster.natom
            for cluster, solution in self.solutions.items()
        )


def size_of_exponents(symbol):
    """Exponents of an element relative to those of sodium: the inverse square of the lengths."""
    return (BOND["Na"] / BOND[symbol]) ** 2


def optimize_basis(symbol, pseudopotential, name, *, functional="lda-pz"):
    """The exponents of an element for one of `TEMPLATES`.

        sum over `systems(symbol)` of energy / number of atoms -> least

    Parameters
    ----------
    symbol : chemical symbol, a key of BOND
    pseudopotential : as in Method
    name : key of TEMPLATES
    functional : as in Method

    Returns
    -------
    Optimum

    Raises
    ------
    InputError
        unknown template, element without systems or pseudopotential
    ScfNotConverged

    Notes
    -----
    half a minute to three minutes
    """
    for what, given, known in (("set", name, TEMPLATES), ("element", symbol, BOND)):
        if given not in known:
            raise InputError(f"no exponents are optimised for the {what} {given!r}; give {', '.join(known)}")
    template = TEMPLATES[name]
    method = reference_method(pseudopotential, functional)
    objective = EnergyPerAtom(systems(symbol), method, size_of_exponents(symbol))
    start = start_of(name, size_of_exponents(symbol))
    with one_thread():
        return minimize_exponents(objective, template, start, nearby=objective.nearby)


def optimized_entry(symbol, pseudopotential, name, *, functional="lda-pz", version=1):
    """ElementBasis with the optimal exponents to `DIGITS` digits, and the command that finds them again."""
    optimum = optimize_basis(symbol, pseudopotential, name, functional=functional)
    program = "python -m clusterdft.making.basis.optimize"
    command = f"{program} {symbol} --pseudopotential {pseudopotential} --set {name}"
    if functional != "lda-pz":
        command += f" --functional {functional}"
    return ElementBasis(
        symbol=symbol,
        valence=load_pseudopotential(symbol, pseudopotential).z_valence,
        shells=tuple((momentum, float(f"{a:.{DIGITS}g}")) for momentum, a in optimum.exponents),
        source=command,
        version=version,
    )


def main(arguments=None):
    """The command of the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m clusterdft.making.basis.optimize", description=HEADING)
    parser.add_argument("symbol", metavar="SYMBOL", help=f"one of {', '.join(BOND)}")
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
