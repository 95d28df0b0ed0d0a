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

MOVES = Choices(
    "move",
    {
        "displace-all": "clusterdft.generate.moves:displace_all",
        "rattle-worst": "clusterdft.generate.moves:rattle_worst",
        "move-to-surface": "clusterdft.generate.moves:move_to_surface",
        "move-core-to-surface": "clusterdft.generate.moves:move_core_to_surface",
        "twist": "clusterdft.generate.moves:twist",
        "mirror-half": "clusterdft.generate.moves:mirror_half",
        "strain": "clusterdft.generate.moves:strain",
        "flatten": "clusterdft.generate.moves:flatten",
        "swap-species": "clusterdft.generate.moves:swap_species",
    },
)
"""Changes of one geometry, functions (cluster, rng) -> Cluster that keep composition, charge and spin."""
