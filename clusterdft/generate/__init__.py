"""Start geometries: each generator is a function of (symbols, seed, index)."""

from clusterdft.files.choices import Choices

GENERATORS = Choices(
    "generator",
    {
        "random-cube": "clusterdft.generate.random_cube:random_cube",
        "symmetric": "clusterdft.generate.symmetric:symmetric",
        "planar": "clusterdft.generate.planar:planar",
    },
)
"""Random starts: points in a cube as in the 1985 paper, orbits of a random point group, points in a plane."""
