"""Single parts computed on arrays, by a small network of them."""

import numpy as np

from . import _progress
from .. import _cornu
from .._cornu import Error, Expression, KerasTensor
from ._arrays import as_array, as_samples, as_weights


class Number(float):
    """A result, which is a number and has ``numpy()`` as Keras's scalars have."""

    def numpy(self):
        """The number as NumPy's float32."""
        return np.float32(self)


def activation_of(name, x, options=None, axis=-1):
    """f(x) of an activation, or of the layer of that name with these options, along an axis."""
    if options:
        layer = _cornu.make_layer(name, options)
    elif name == "softmax" and axis != -1:
        layer = _cornu.make_layer("Softmax", {"axis": axis})
    elif axis != -1:
        layer = _cornu.make_layer("Operation", {"function": name, "axis": [axis]})
    else:
        layer = _cornu.make_layer("Activation", {"activation": name})
    if isinstance(x, Expression):
        return _cornu.call_inside(layer, [x], None)[0]
    if isinstance(x, KerasTensor):
        return layer.call([x])[0]
    if axis != -1:
        moved = np.moveaxis(np.asarray(x, np.float32), axis, -1)
        return np.moveaxis(activation_of(name, moved, options, -1), -1, axis)
    return _on_rows(layer, x)


def operation_of(name, x):
    """f(x) of an operation on arrays, element by element or along the last axis."""
    return _on_rows(_cornu.make_layer("Operation", {"function": name}), x)


def _on_rows(layer, x):
    array = np.ascontiguousarray(np.asarray(x, np.float32))
    rows = array.reshape(-1, array.shape[-1] if array.ndim > 0 else 1)
    network = _cornu.sequential([_input(rows.shape[1:]), layer], "activation", 0)
    return _cornu.predict(network, [rows], False)[0].reshape(array.shape)


def rows_of(y_true, y_pred):
    """Targets, and outputs as float32; a number is one sample."""
    targets = as_array(np.atleast_1d(y_true), "y_true")
    return targets, np.ascontiguousarray(as_array(np.atleast_1d(y_pred), "y_pred"), np.float32)


def _one_sample(targets, outputs):
    """Arrays of one axis are one sample, as in Keras; a label is one number."""
    is_label = targets.size == 1 and outputs.size > 1
    return targets if is_label else targets.reshape(1, -1), outputs.reshape(1, -1)


def loss_values(loss, y_true, y_pred):
    """A loss, a value for each sample; of arrays of more axes, for all axes but the last."""
    targets, outputs = rows_of(y_true, y_pred)
    if outputs.ndim == 1:
        targets, outputs = _one_sample(targets, outputs)
        return _cornu.loss_values(loss, _cornu.samples([outputs], [targets], []))[0]
    values = _cornu.loss_values(loss, _cornu.samples([outputs], [targets], []))
    return values.reshape(outputs.shape[:-1])


def metric_values(metric, y_true, y_pred):
    """A metric, a value for each sample; of arrays of more axes, for all axes but the last."""
    targets, outputs = rows_of(y_true, y_pred)
    shape = outputs.shape[:-1]
    if outputs.ndim > 2 and targets.shape[:len(shape)] == shape:
        targets = targets.reshape(-1, *targets.shape[len(shape):])
        outputs = outputs.reshape(-1, outputs.shape[-1])
        return np.float32(_cornu.MetricCount(metric).values(targets, outputs)).reshape(shape)
    return np.float32(_cornu.MetricCount(metric).values(targets, outputs))


def loss_of(loss, y_true, y_pred, sample_weight):
    """The mean of a loss over samples."""
    y_true, outputs = rows_of(y_true, y_pred)
    if outputs.ndim == 1:
        y_true, outputs = _one_sample(y_true, outputs)
    linear = _cornu.make_layer("Activation", {"activation": "linear"})
    network = _cornu.sequential([_input(outputs.shape[1:]), linear], "loss", 0)
    return _evaluated(network, loss, outputs, y_true, sample_weight)


def penalty_of(regularizer, x):
    """The penalty of a weight with these values: the loss of outputs that are all right."""
    values = np.asarray(x, np.float32).reshape(1, -1)
    if values.size == 0:
        raise Error(f"{type(regularizer).__name__}: expected a weight with elements, got none")
    dense = _cornu.make_layer("Dense", {"units": values.size, "use_bias": False,
                                        "kernel_regularizer": regularizer})
    network = _cornu.sequential([_input((1,)), dense], "penalty", 0)
    dense.set_weight(0, np.ascontiguousarray(values))
    return _evaluated(network, "mse", np.zeros((1, 1), np.float32), np.zeros_like(values), None)


def _evaluated(network, loss, x, y, sample_weight):
    network.compile("sgd", loss, [], [], {}, {}, {}, {})
    return Number(_cornu.evaluate(
        network, samples=as_samples(x, y, sample_weight, ["y_pred"], ["y_true"]), callbacks=[],
        sample_weight=None, class_weight={}, batch_size=max(1, len(x)), verbose=0, steps=0,
        is_main_thread=False, view=_progress.view())["loss"])


def _elements(targets, outputs, weights):
    """Every element as a sample, with the weight of its own."""
    if targets.size != outputs.size:
        raise Error(f"metric accuracy: expected targets of the shape {outputs.shape} of the "
                    f"outputs, got {targets.shape}. Hint: CategoricalAccuracy and "
                    "SparseCategoricalAccuracy look for the largest output")
    if weights is not None and weights.size == len(outputs):
        weights = np.repeat(weights, outputs.size // len(outputs))
    return targets.reshape(-1), outputs.reshape(-1), weights


class Counted:
    """The methods of a metric that is counted outside a model."""

    _count = None

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Counts these samples; keras.metrics.Metric describes the parameters."""
        if self._count is None:
            self._count = _cornu.MetricCount(self)
        targets, outputs = rows_of(y_true, y_pred)
        weights = as_weights(sample_weight, "sample_weight")
        if self._name == "accuracy" and outputs.ndim > 1:
            targets, outputs, weights = _elements(targets, outputs, weights)
        self._count.update(targets, outputs, weights)

    def result(self):
        """The metric over all samples since it was reset, 0 before any."""
        return Number(0.0 if self._count is None else self._count.result())

    def reset_state(self):
        """Forgets the samples."""
        self._count = None

    def __call__(self, y_true, y_pred, sample_weight=None):
        """Counts samples by ``update_state(y_true, y_pred, sample_weight)`` and gives the result so
        far.
        """
        self.update_state(y_true, y_pred, sample_weight)
        return self.result()

    def __getstate__(self):
        return {name: value for name, value in self.__dict__.items() if name != "_count"}


def _input(shape):
    return _cornu.make_layer("InputLayer", {"shape": list(shape)})
