"""Surfaces: positions to energy and forces. Relaxers and searches see nothing else of the physics."""

from clusterdft.files.choices import Choices

CLASSICAL_SURFACES = Choices(
    "classical surface",
    {
        "gupta": "clusterdft.surfaces.classical:Gupta",
        "lennard-jones": "clusterdft.surfaces.classical:LennardJones",
    },
)
