"""Start geometries: each generator is a function of (symbols, seed, index)."""

from clusterdft.choices import Choices

GENERATORS = Choices("generator", {"random-cube": "clusterdft.generate.random_cube:random_cube"})
