"""Which tensors the weights of layers stand for while a layer's call() is traced."""

import threading
from contextlib import contextmanager

from .._cornu import Error

_thread = threading.local()


@contextmanager
def traced(weights, tensors):
    """Within it, each weight stands for its tensor, on this thread."""
    outer = getattr(_thread, "tensors", None)
    _thread.tensors = {id(weight): tensor for weight, tensor in zip(weights, tensors)}
    try:
        yield
    finally:
        _thread.tensors = outer


def is_tracing():
    """Whether a call is being traced on this thread."""
    return getattr(_thread, "tensors", None) is not None


def tensor_of(weight):
    """The tensor of a weight in the call that is being traced; None outside of a call."""
    tensors = getattr(_thread, "tensors", None)
    if tensors is None:
        return None
    if id(weight) not in tensors:
        raise Error(f"weight {weight.name}: belongs to another layer. Hint: a layer computes with "
                    "the weights of its own add_weight(), and calls other layers")
    return tensors[id(weight)]


class Training:
    """What call() of a model is given as ``training``: a network is described once for all modes,
    so it has no value; layers take it.
    """

    def __bool__(self):
        raise Error("training: has no value in the call() of a model, which is traced once. Hint: "
                    "pass it on to layers, or write a Layer, whose call(x, training) is traced for "
                    "training and for prediction")

    def __eq__(self, other):
        return bool(self)

    __hash__ = None


TRAINING = Training()
