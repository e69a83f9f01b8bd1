"""Arrays as the library reads them: in rows, of a type that it has."""

import numpy as np

from .. import _cornu
from .._cornu import Error

# Types that the library reads where they are.
_READ = frozenset(map(np.dtype, ("float32", "uint8", "int32", "int64")))
# What other types become, once.
_INTEGERS = {"int8": "int32", "int16": "int32", "uint16": "int32", "uint32": "int64",
             "uint64": "int64"}


def as_array(value, what):
    """``value`` as an array of rows: itself if its type and layout allow, else one copy.

    float32, uint8, int32 and int64 stay; other floats become float32, other integers int32 or
    int64, booleans uint8. Error for texts, objects, ragged lists and single numbers.
    """
    array = value if type(value) is np.ndarray else _to_numpy(value, what)
    if array.dtype not in _READ:
        array = _converted(array, what)
    if array.ndim == 0:
        raise Error(f"{what}: expected an array with one row per sample, got a single number")
    return array if array.flags.c_contiguous else np.ascontiguousarray(array)


def as_weights(value, what):
    """Weights of samples, float32."""
    return None if value is None else np.ascontiguousarray(as_array(value, what), np.float32)


def as_arrays(value, names, what):
    """The arrays of the inputs or outputs called ``names``: one, or a list, tuple or dict of them.
    """
    count = len(names)
    if isinstance(value, dict):
        unknown = [name for name in value if name not in names]
        missing = [name for name in names if name not in value]
        if unknown or missing:
            raise Error(f"{what}: expected arrays for {', '.join(names)}, got "
                        f"{', '.join(map(str, value))}")
        value = [value[name] for name in names]
    elif count == 1 and not _is_list_of_one(value):
        return [as_array(value, what)]
    if not isinstance(value, (list, tuple)) or len(value) != count:
        found = len(value) if isinstance(value, (list, tuple)) else type(value).__name__
        raise Error(f"{what}: expected {count} arrays, for {', '.join(names)}, got {found}")
    return [as_array(each, f"{what}[{i}]") for i, each in enumerate(value)]


def as_samples(x, y, sample_weight, inputs, outputs, what=""):
    """Samples over the caller's arrays."""
    given = as_arrays(x, inputs, what + "x")
    targets = [] if y is None else as_arrays(y, outputs, what + "y")
    if len({array.shape[:1] for array in (*given, *targets)}) > 1:
        shapes = [", ".join(str(array.shape) for array in each) for each in (given, targets)]
        raise Error(f"{what}x and {what}y: expected as many targets as inputs along the first axis, "
                    f"got {shapes[0]} and {shapes[1]}")
    return _cornu.samples(given, targets,
                          [] if sample_weight is None
                          else [as_weights(sample_weight, what + "sample_weight")])


def _is_list_of_one(value):
    return (isinstance(value, (list, tuple)) and len(value) == 1
            and isinstance(value[0], np.ndarray) and value[0].ndim > 0)


def _to_numpy(value, what):
    if not hasattr(value, "__array__") and hasattr(value, "__dlpack__"):
        return np.from_dlpack(value)
    try:
        return np.asarray(value)
    except ValueError as error:
        raise Error(f"{what}: expected rows of one length, got a list that makes no array: "
                    f"{error}") from None


def _converted(array, what):
    kind = array.dtype.kind
    if kind == "b":
        return array.astype(np.uint8)
    if kind in "iu":
        native = array.dtype.newbyteorder("=")
        return array.astype(_INTEGERS.get(native.name, native))
    if kind == "f":
        with np.errstate(over="ignore"):
            return array.astype(np.float32)
    found = {"O": "objects", "U": "texts", "S": "bytes", "c": "complex numbers",
             "M": "dates", "m": "times"}.get(kind, "records")
    raise Error(f"{what}: expected numbers, got an array of {found} (dtype {array.dtype}). "
                "Hint: x.astype('float32') converts numbers that are stored as objects or texts; "
                "names of classes become numbers by np.unique(y, return_inverse=True)")
