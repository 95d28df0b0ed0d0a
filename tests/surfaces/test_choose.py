"""What callers may give where a surface is wanted."""

import pytest

from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.surfaces.choose import spec_of, surface_of
from clusterdft.surfaces.classical import LennardJones
from clusterdft.surfaces.kohn_sham import KohnShamSurface


def test_surface_of_a_method():
    method = Method(grid="coarse")
    spec = spec_of(method)
    assert spec.key == method.key
    assert spec.description["grid"] == "coarse"
    assert surface_of(method) == surface_of(spec) == KohnShamSurface(method=method)


def test_a_surface_stands_for_itself():
    surface = LennardJones()
    assert spec_of(surface) is surface
    assert surface_of(surface) is surface


@pytest.mark.parametrize("given", ["lennard-jones", None, 3])
def test_anything_else_is_refused(given):
    with pytest.raises(InputError, match="no surface"):
        surface_of(given)


def test_methods_alone_make_no_surface():
    class Lookalike:
        def build(self):
            return self

        def point(self, cluster, restart=None):
            raise AssertionError("not asked")

    for choose in (spec_of, surface_of):
        with pytest.raises(InputError, match="your own derive from SurfaceSpec and Surface of clusterdft"):
            choose(Lookalike())
