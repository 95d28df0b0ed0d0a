"""Relaxers: from a geometry down to a local minimum of a surface."""

from clusterdft.files.choices import Choices

RELAXERS = Choices(
    "relaxer",
    {
        "quasi-newton": "clusterdft.relaxation.quasi_newton:quasi_newton",
        "limited-memory": "clusterdft.relaxation.limited_memory:limited_memory",
        "steepest-descent": "clusterdft.relaxation.steepest_descent:steepest_descent",
    },
)
