"""Exchange-correlation functionals, and densities and potentials on the grid."""

from functools import lru_cache
from typing import TYPE_CHECKING

from clusterdft.files.choices import Choices

if TYPE_CHECKING:  # listing the names imports no numpy
    from clusterdft.xc.functional import XcFunctional

FUNCTIONALS = Choices(
    "functional",
    {
        "lda-pz": "clusterdft.xc.perdew_zunger:perdew_zunger",
        "lda-pw": "clusterdft.xc.libxc:lda_pw",
        "lda-vwn": "clusterdft.xc.libxc:lda_vwn",
        "pbe": "clusterdft.xc.libxc:pbe",
        "revpbe": "clusterdft.xc.libxc:revpbe",
        "blyp": "clusterdft.xc.libxc:blyp",
        "pw91": "clusterdft.xc.libxc:pw91",
    },
)


@lru_cache(maxsize=32)
def get_functional(name: str) -> "XcFunctional":
    """The functional of that name: one of FUNCTIONALS, or any LDA or GGA of libxc.

    Parameters
    ----------
    name : str
        Upper and lower case are the same.

    Returns
    -------
    XcFunctional

    Raises
    ------
    InputError
        An unknown name, a meta-GGA or a hybrid.
    """
    key = str(name).strip().lower()
    if key in FUNCTIONALS:
        functional: XcFunctional = FUNCTIONALS[key]()
        return functional
    from clusterdft.xc.libxc import libxc_functional  # only what FUNCTIONALS does not have needs it

    return libxc_functional(name, also_known=tuple(FUNCTIONALS))
