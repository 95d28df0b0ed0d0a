"""Surfaces (positions to energy and forces) and relaxation on them."""

import sys

from clusterdft.callable_package import CallablePackage
from clusterdft.choices import Choices

sys.modules[__name__].__class__ = CallablePackage

RELAXERS = Choices(
    "relaxer",
    {
        "quasi-newton": "clusterdft.relax.quasi_newton:quasi_newton",
        "limited-memory": "clusterdft.relax.limited_memory:limited_memory",
        "steepest-descent": "clusterdft.relax.steepest_descent:steepest_descent",
    },
)

CLASSICAL_SURFACES = Choices(
    "classical surface",
    {
        "gupta": "clusterdft.relax.gupta:Gupta",
        "lennard-jones": "clusterdft.relax.surface:LennardJones",
    },
)


def __getattr__(name):
    if name in ("relax", "RelaxOutcome"):
        from clusterdft.relax import relaxation

        return getattr(relaxation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
