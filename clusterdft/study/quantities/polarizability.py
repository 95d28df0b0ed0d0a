"""The static electric polarizability."""

from clusterdft.properties.polarizability import polarizability


def polarizability_of(target):
    """Polarizability in finite fields, as in `properties.polarizability`."""
    found = polarizability(target.scf().cluster, target.method)
    return {
        "mean_polarizability_bohr3": found.mean,
        "anisotropy_bohr3": found.anisotropy,
        "tensor_bohr3": found.tensor.tolist(),
        "error_bohr3": found.error,
    }
