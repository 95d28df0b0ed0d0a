"""From what a caller gives, a level of theory or a surface, to the surface."""

from typing import Any

from clusterdft.errors import InputError
from clusterdft.method import Method
from clusterdft.surfaces.kohn_sham import KohnShamSpec
from clusterdft.surfaces.surface import Surface, SurfaceSpec


def spec_of(given: Any) -> SurfaceSpec:
    """The SurfaceSpec of a Method, or the SurfaceSpec itself.

    Returns
    -------
    SurfaceSpec

    Raises
    ------
    InputError
        Anything else, such as a name.
    """
    if isinstance(given, Method):
        return KohnShamSpec(given)
    if not isinstance(given, SurfaceSpec):
        advice = "give a Method, or the SurfaceSpec of another surface"
        if hasattr(given, "point") or hasattr(given, "build"):
            advice += (
                "; classes of your own derive from SurfaceSpec and Surface of clusterdft.surfaces.surface"
            )
        raise InputError(f"{given!r} is no surface; {advice}")
    return given


def surface_of(given: Any) -> Surface:
    """The Surface of a Method or SurfaceSpec, or the Surface itself.

    Returns
    -------
    Surface

    Raises
    ------
    InputError
        Anything else, such as a name.
    """
    return given if isinstance(given, Surface) else spec_of(given).build()
