"""Numerical checks of layers."""

from .. import _cornu
from .._cornu import Error


def check_layer(layer, input_shape, rows=3, seed=1, smallest=0.1, largest=1.5, indices=0,
                row_by_row=None, max_entries=300, atol=1e-7, rtol=1e-5, float32_error=1e-5):
    """Checks the gradients of a layer, and raises an error that names each wrong one.

    In training mode, the gradients of every input and weight are compared with central differences
    in float64, and float32 gradients with float64 ones; outputs have the promised shape. For layers
    composed of ops, the bits must also be the same for any number of threads, and for a row alone
    and in a batch.

    Parameters
    ----------
    layer : a layer of any class, whose weights are left as they are
    input_shape : its input's shape, such as (None, 7); a list of shapes for several inputs
    rows : samples in a batch
    seed : of the drawn inputs and weights
    smallest, largest : the magnitudes of drawn inputs and weights, of either sign
    indices : if not 0, inputs are whole numbers from 0 to below it and have no gradient
    row_by_row : whether a row's output must not depend on the others, to the last bit; None: yes,
        except for a NumpyLayer, where it may depend on them
    max_entries : derivatives of each tensor that are compared
    atol, rtol : a derivative may differ by atol + rtol * |expected|
    float32_error : bound on the relative error of float32 gradients

    Returns the number of derivatives that were compared.
    """
    from .layers import NumpyLayer
    if row_by_row is None:
        row_by_row = not isinstance(layer, NumpyLayer)
    shapes = input_shape if isinstance(input_shape, list) else [input_shape]
    ok, log, entries = _cornu.check_layer(
        layer._handle, [list(each)[1:] for each in shapes], rows=rows, seed=seed,
        smallest=smallest, largest=largest, indices=indices, row_by_row=row_by_row,
        max_entries=max_entries, atol=atol, rtol=rtol, float32_error=float32_error)
    if not ok:
        raise Error(f"{layer._where}: {log.strip()}")
    return entries
