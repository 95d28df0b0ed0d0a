"""Exchange-correlation functionals, and densities and potentials on the grid."""

from clusterdft.files.choices import Choices

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
