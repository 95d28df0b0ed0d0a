"""Arrays of numbers: their types, and read-only copies for values that must not change."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Complexes: TypeAlias = NDArray[np.complex128]


def frozen_array(values: ArrayLike, shape: int | tuple[int, ...] | None = None) -> Floats:
    """A read-only float64 copy of some values.

    Parameters
    ----------
    values : array-like
    shape : int, tuple of int or None
        Of the copy, -1 is free; None for that of the values.

    Returns
    -------
    array
    """
    array = np.array(values, dtype=np.float64)
    if shape is not None:
        array = array.reshape(shape)
    array.setflags(write=False)
    return array
