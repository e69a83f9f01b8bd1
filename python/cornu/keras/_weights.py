"""The weights of layers and models, as Python sees them."""

from .._cornu import Error


class Variable:
    """A weight: its name, its values and whether it trains."""

    def __init__(self, name, value, trainable, assign):
        self.name, self._value, self.trainable, self._assign = name, value, trainable, assign

    @property
    def shape(self):
        """Its shape."""
        return self._value.shape

    dtype = "float32"

    def numpy(self):
        """A copy of its values."""
        return self._value.copy()

    def assign(self, value):
        """Sets its values; ``value`` is an array of its shape."""
        import numpy as np
        value = np.asarray(value, np.float32, order="C")
        self._assign(value)
        self._value = value

    def __array__(self, dtype=None, copy=None):
        return self._value.astype(dtype or self._value.dtype)

    def __repr__(self):
        return f"<Variable {self.name} shape={self.shape}>"


class Weighted:
    """An object with `weights`, a list of Variables."""

    @property
    def trainable_weights(self):
        """The weights that training changes."""
        return [each for each in self.weights if each.trainable]

    trainable_variables = trainable_weights

    @property
    def non_trainable_weights(self):
        """The weights that training does not change."""
        return [each for each in self.weights if not each.trainable]

    def get_weights(self):
        """Copies of every weight."""
        return [each.numpy() for each in self.weights]

    def set_weights(self, weights):
        """Sets every weight; ``weights`` are arrays of the same shapes, in the same order."""
        variables = self.weights
        if len(weights) != len(variables):
            raise Error(f"{self._where}: expected {len(variables)} weights, got {len(weights)}")
        for variable, value in zip(variables, weights):
            variable.assign(value)
