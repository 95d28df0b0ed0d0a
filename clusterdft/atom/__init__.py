"""Spherical atoms: all electrons, or the valence electrons of a pseudopotential."""

from clusterdft.atom.atom_result import Atom
from clusterdft.atom.configuration import (
    Configuration,
    Shell,
    core_shells,
    ground_configuration,
    parse_configuration,
)
from clusterdft.atom.mesh import RadialMesh, logarithmic_mesh
from clusterdft.atom.radial_equation import BoundState, bound_state, logarithmic_derivative, solve_outward
from clusterdft.atom.solve_atom import solve_atom, solve_pseudo_atom, solve_valence

__all__ = [
    "Atom",
    "BoundState",
    "Configuration",
    "RadialMesh",
    "Shell",
    "bound_state",
    "core_shells",
    "ground_configuration",
    "logarithmic_derivative",
    "logarithmic_mesh",
    "parse_configuration",
    "solve_atom",
    "solve_outward",
    "solve_pseudo_atom",
    "solve_valence",
]
