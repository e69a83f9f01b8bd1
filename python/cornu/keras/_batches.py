"""Generators, sequences of batches as keras.utils.PyDataset and Sequence are, and data sets that
can be iterated again and know their length.
"""

import numpy as np

from .. import _cornu
from .._cornu import Error
from ._arrays import as_arrays, as_weights


def is_batches(x):
    """Whether ``x`` gives batches: an iterator, or a sequence or data set that is no array."""
    if isinstance(x, (list, tuple, dict, str, np.ndarray)):
        return False
    if hasattr(x, "__array__") or hasattr(x, "__dlpack__"):
        return False
    is_many = hasattr(x, "__getitem__") or hasattr(x, "__iter__")
    return hasattr(x, "__next__") or (is_many and hasattr(x, "__len__"))


def joined(batches):
    """x, y and weights of all batches, each as one array."""
    parts = [_triple(each) for each in _epoch(batches)]
    if not parts:
        raise Error("expected a batch at least, got none")

    def one(values):
        return None if values[0] is None else np.concatenate([np.asarray(each) for each in values])
    return tuple(one([part[i] for part in parts]) for i in range(3))


class Batches:
    """Batches as the library's stream reads them, and how many make an epoch."""

    def __init__(self, source, inputs, outputs, steps):
        self._source, self._inputs, self._outputs = source, inputs, outputs
        self._iterator = _epoch(source)
        self._again = not hasattr(source, "__next__")
        self.steps = steps if steps is not None or not self._again else len(source)
        self._waiting = self.first = self._read()
        if self.first is None:
            raise Error("fit: expected a batch at least, got none")
        self.size = max(1, len(self.first[0]))

    def stream(self):
        """The library's stream of them."""
        weights = len(self.first) - len(self._inputs) - len(self._outputs)
        return _cornu.Stream(self, self.first, len(self._inputs), weights)

    def _read(self):
        batch = next(self._iterator, None)
        if batch is None:
            return None
        x, y, weights = _triple(batch)
        if y is None:
            raise Error("fit: expected batches (x, y), got x alone")
        arrays = as_arrays(x, self._inputs, "x") + as_arrays(y, self._outputs, "y")
        return arrays if weights is None else [*arrays, as_weights(weights, "sample_weight")]

    def next_batch(self):
        """The arrays of the next batch, None at the end."""
        if self._waiting is not None:
            batch, self._waiting = self._waiting, None
            return batch
        batch = self._read()
        if batch is None and self._again:
            if hasattr(self._source, "on_epoch_end"):
                self._source.on_epoch_end()
            self._iterator = _epoch(self._source)
            batch = self._read()
        return batch

    def rewind(self):
        """Whether it can begin again; a sequence always goes on with its first batch."""
        return self._again


def _epoch(source):
    if hasattr(source, "__next__"):
        return source
    if not hasattr(source, "__getitem__"):
        return iter(source)
    return (source[i] for i in range(len(source)))


def _triple(batch):
    if not isinstance(batch, tuple):
        return batch, None, None
    return (*batch, None, None)[:3]
