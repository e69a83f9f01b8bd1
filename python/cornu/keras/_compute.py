"""Single parts computed on arrays, by a small network of them."""

import numpy as np

from . import _progress
from .. import _cornu
from .._cornu import KerasTensor
from ._arrays import as_array, as_samples


def activation_of(name, x):
    """f(x) of an activation, along the last axis where it has one."""
    layer = _cornu.make_layer("Activation", {"activation": name})
    if isinstance(x, KerasTensor):
        return layer.call([x])[0]
    array = np.ascontiguousarray(np.asarray(x, np.float32))
    rows = array.reshape(-1, array.shape[-1] if array.ndim > 0 else 1)
    network = _cornu.sequential([_input(rows.shape[1:]), layer], "activation", 0)
    return _cornu.predict(network, [rows], False)[0].reshape(array.shape)


def loss_of(loss, y_true, y_pred, sample_weight):
    """The mean of a loss over samples."""
    outputs = np.ascontiguousarray(as_array(y_pred, "y_pred"), np.float32)
    linear = _cornu.make_layer("Activation", {"activation": "linear"})
    network = _cornu.sequential([_input(outputs.shape[1:]), linear], "loss", 0)
    network.compile("sgd", loss, [], [], {}, {}, {}, {})
    samples = as_samples(outputs, y_true, sample_weight, ["y_pred"], ["y_true"])
    return np.float32(_cornu.evaluate(
        network, samples=samples, callbacks=[], sample_weight=None, class_weight={},
        batch_size=max(1, len(outputs)), verbose=0, steps=0, is_main_thread=False,
        view=_progress.view())["loss"])


def _input(shape):
    return _cornu.make_layer("InputLayer", {"shape": list(shape)})
