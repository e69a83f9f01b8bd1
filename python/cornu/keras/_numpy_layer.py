"""Layers whose arithmetic and gradient are NumPy's, written by hand."""

import numpy as np

from .. import _cornu
from .._cornu import Error
from .layers import Layer


class NumpyLayer(Layer):
    """A layer that computes on NumPy arrays in every step, under Python's lock.

    Override ``forward`` and ``backward``, and ``build`` if it has weights. ``compute_output_shape``
    gives the shape of the input unless it is overridden. ``keras.utils.check_layer`` compares the
    gradient with numerical derivatives.

    Arrays are copies, float32 in training; ``check_layer`` also uses float64.
    """

    def forward(self, *arrays):
        """The output for the inputs, followed by the weights in the order of ``add_weight``."""
        raise Error(f"{type(self).__name__}: expected a method forward(self, x), got none")

    def backward(self, dy, y, *arrays):
        """The gradients of all that ``forward`` took, as a tuple, or as one array if that took one;
        None for those that are 0. ``dy`` is the gradient of its output ``y``; those of weights are
        sums over the samples.
        """
        raise Error(f"{type(self).__name__}: expected a method backward(self, dy, y, x), got none")

    def compute_output_shape(self, input_shape):
        """The shape of the output for an ``input_shape``, with None for the batch axis; of several
        inputs, for the list of their shapes.
        """
        return input_shape[0] if isinstance(input_shape, list) else input_shape

    def _cornu_call(self, x, weights, training):
        self._inputs = len(x)
        shape = self._output_shape([each.shape for each in x])
        return [_cornu.numpy_op(self, type(self).__name__, [*x, *weights], list(shape[1:]))]

    def _output_shape(self, shapes):
        return tuple(self.compute_output_shape(shapes[0] if len(shapes) == 1 else shapes))

    def _cornu_forward(self, arrays):
        shape = self._output_shape([each.shape for each in arrays[:self._inputs]])
        return self._checked(self.forward(*arrays), shape, arrays[0].dtype, "forward")

    def _cornu_backward(self, dy, y, arrays):
        made = self.backward(dy, y, *arrays)
        if not isinstance(made, (tuple, list)):
            made = [made]
        if len(made) != len(arrays):
            raise Error(f"{type(self).__name__}.backward: expected {len(arrays)} gradients, of its "
                        f"inputs and weights, got {len(made)}")
        return [None if gradient is None
                else self._checked(gradient, array.shape, dy.dtype, f"backward, gradient {i}")
                for i, (gradient, array) in enumerate(zip(made, arrays))]

    def _checked(self, made, shape, dtype, what):
        array = np.asarray(made, dtype, order="C")
        if array.shape != tuple(shape):
            raise Error(f"{type(self).__name__}.{what}: expected an array of shape {tuple(shape)}, "
                        f"got {array.shape}")
        return array
