"""A vector of float64 values inside numba kernels: explicit SIMD that needs no auto-vectoriser.

LLVM splits a `Lanes` value into the vector registers of the machine at hand (SSE2, AVX2, AVX-512, NEON).
Inside a kernel: load(array, position), store(array, position, v), splat(x), v + w, v - w, v * w, v / w,
square_root(v), select_less(a, b, v, w). Arrays are flat, C-contiguous float64.
"""

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable

# options of numba for kernels, and for functions that only kernels call
KERNEL_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "fastmath": True, "no_cfunc_wrapper": True}
INNER_OPTIONS: dict[str, Any] = KERNEL_OPTIONS | {"no_cpython_wrapper": True}
LANES = 16  # values of one vector: two AVX-512 or four AVX2 registers, enough to hide latencies
FAST_MATH = ("fast",)  # lets LLVM fuse multiply and add
WORD_BYTES = 8  # bytes of a float64: all the alignment that numpy promises


class LanesType(types.Type):
    """Numba type of LANES float64 values."""

    def __init__(self) -> None:
        super().__init__(name=f"Lanes{LANES}")


lanes_type = LanesType()
_llvm_type = ir.VectorType(ir.DoubleType(), LANES)


@register_model(LanesType)
class LanesModel(models.PrimitiveModel):
    """Kept in vector registers, never as an array."""

    def __init__(self, manager: Any, numba_type: Any) -> None:
        super().__init__(manager, numba_type, _llvm_type)


def _pointer(context: Any, builder: Any, array_type: Any, array: Any, position: Any) -> Any:
    """Address of the vector that starts at a position of a flat array."""
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [position]), _llvm_type.as_pointer())


@intrinsic
def load(typing: Any, array: Any, position: Any) -> Any:
    """LANES consecutive values of a flat array."""

    def lower(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        loaded = builder.load(_pointer(context, builder, signature.args[0], *args))
        loaded.align = WORD_BYTES
        return loaded

    return lanes_type(array, types.intp), lower


@intrinsic
def store(typing: Any, array: Any, position: Any, value: Any) -> Any:
    """Write LANES consecutive values of a flat array."""

    def lower(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        stored = builder.store(args[2], _pointer(context, builder, signature.args[0], *args[:2]))
        stored.align = WORD_BYTES
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes_type), lower


@intrinsic
def splat(typing: Any, value: Any) -> Any:
    """The same value in all lanes."""

    def lower(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        undefined = ir.Constant(_llvm_type, ir.Undefined)
        first = builder.insert_element(undefined, args[0], cgutils.int32_t(0))
        same = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return builder.shuffle_vector(first, undefined, same)

    return lanes_type(types.float64), lower


@intrinsic
def square_root(typing: Any, value: Any) -> Any:
    """Square root, lane by lane."""

    def lower(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.FunctionType(_llvm_type, [_llvm_type])
        function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.sqrt.v{LANES}f64")
        return builder.call(function, args, fastmath=FAST_MATH)

    return lanes_type(lanes_type), lower


@intrinsic
def select_less(typing: Any, a: Any, b: Any, if_less: Any, otherwise: Any) -> Any:
    """`if_less` in the lanes with a < b, `otherwise` in the others."""

    def lower(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", args[0], args[1]), args[2], args[3])

    return lanes_type(lanes_type, lanes_type, lanes_type, lanes_type), lower


def _register_operator(function: Callable[[Any, Any], Any], instruction: str) -> None:
    @type_callable(function)
    def type_operator(context: Any) -> Any:
        def typer(a: Any, b: Any) -> Any:
            if isinstance(a, LanesType) and isinstance(b, LanesType):
                return lanes_type
            return None

        return typer

    @lower_builtin(function, LanesType, LanesType)
    def lower_operator(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return getattr(builder, instruction)(*args, flags=FAST_MATH)


for _function, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _register_operator(_function, _instruction)
