"""A vector of float64 values inside numba kernels: explicit SIMD that needs no auto-vectoriser.

LLVM splits a `Lanes` value into the vector registers of the machine at hand (SSE2, AVX2, AVX-512, NEON).
Inside a kernel: load(array, position), store(array, position, v), splat(x), v + w, v - w, v * w, v / w,
square_root(v), select_less(a, b, v, w). Arrays are flat, C-contiguous float64.
"""

import operator

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable

LANES = 16  # values of one vector: two AVX-512 or four AVX2 registers, enough to hide latencies
FAST = ("fast",)  # lets LLVM fuse multiply and add
WORD = 8  # bytes of a float64: all the alignment that numpy promises


class LanesType(types.Type):
    """Numba type of LANES float64 values."""

    def __init__(self):
        super().__init__(name=f"Lanes{LANES}")


lanes_type = LanesType()
_llvm_type = ir.VectorType(ir.DoubleType(), LANES)


@register_model(LanesType)
class LanesModel(models.PrimitiveModel):
    """Kept in vector registers, never as an array."""

    def __init__(self, manager, numba_type):
        super().__init__(manager, numba_type, _llvm_type)


def _pointer(context, builder, array_type, array, position):
    """Address of the vector that starts at a position of a flat array."""
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [position]), _llvm_type.as_pointer())


@intrinsic
def load(typing, array, position):
    """LANES consecutive values of a flat array."""

    def lower(context, builder, signature, args):
        loaded = builder.load(_pointer(context, builder, signature.args[0], *args))
        loaded.align = WORD
        return loaded

    return lanes_type(array, types.intp), lower


@intrinsic
def store(typing, array, position, value):
    """Write LANES consecutive values of a flat array."""

    def lower(context, builder, signature, args):
        stored = builder.store(args[2], _pointer(context, builder, signature.args[0], *args[:2]))
        stored.align = WORD
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes_type), lower


@intrinsic
def splat(typing, value):
    """The same value in all lanes."""

    def lower(context, builder, signature, args):
        undefined = ir.Constant(_llvm_type, ir.Undefined)
        first = builder.insert_element(undefined, args[0], cgutils.int32_t(0))
        same = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return builder.shuffle_vector(first, undefined, same)

    return lanes_type(types.float64), lower


@intrinsic
def square_root(typing, value):
    """Square root, lane by lane."""

    def lower(context, builder, signature, args):
        kind = ir.FunctionType(_llvm_type, [_llvm_type])
        function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.sqrt.v{LANES}f64")
        return builder.call(function, args, fastmath=FAST)

    return lanes_type(lanes_type), lower


@intrinsic
def select_less(typing, a, b, if_less, otherwise):
    """`if_less` in the lanes with a < b, `otherwise` in the others."""

    def lower(context, builder, signature, args):
        return builder.select(builder.fcmp_ordered("<", args[0], args[1]), args[2], args[3])

    return lanes_type(lanes_type, lanes_type, lanes_type, lanes_type), lower


def _register_operator(function, instruction):
    @type_callable(function)
    def type_operator(context):
        def typer(a, b):
            if isinstance(a, LanesType) and isinstance(b, LanesType):
                return lanes_type
            return None

        return typer

    @lower_builtin(function, LanesType, LanesType)
    def lower_operator(context, builder, signature, args):
        return getattr(builder, instruction)(*args, flags=FAST)


for _function, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _register_operator(_function, _instruction)
