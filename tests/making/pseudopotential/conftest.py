import pytest

from clusterdft.making.pseudopotential.make import make_pseudopotential
from clusterdft.making.pseudopotential.recipe import default_recipe


@pytest.fixture(scope="session")
def sodium():
    """Sodium with a partial core, as shipped."""
    return make_pseudopotential(default_recipe("Na", core_correction=True))


@pytest.fixture(scope="session")
def linear_sodium():
    """Sodium without a partial core."""
    return make_pseudopotential(default_recipe("Na"))
