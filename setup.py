"""Which packages are installed; all else stands in pyproject.toml.

The folder pseudopotentials/ is installed under another name, which `packages.find` cannot say.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["clusterdft", "clusterdft.*"]), "clusterdft_pseudopotentials"],
    package_dir={"clusterdft_pseudopotentials": "pseudopotentials"},
)
