"""Arrays of numbers: their types, and read-only copies for values that must not change."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Complexes: TypeAlias = NDArray[np.complex128]


def frozen_array(values: ArrayLike, shape: int | tuple[int, ...] | None = None) -> Floats:
    """A read-only float64 copy of `values`, of the given shape (-1 is free)."""
    array = np.array(values, dtype=np.float64)
    if shape is not None:
        array = array.reshape(shape)
    array.setflags(write=False)
    return array
