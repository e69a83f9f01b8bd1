"""Keras's modules, classes and functions, over Cornu's core."""

from .. import _cornu
from .._cornu import KerasTensor, __version__
from . import (activations, backend, callbacks, config, datasets, initializers, layers, losses,
               metrics, models, ops, optimizers, regularizers, saving, utils)
from .layers import Input, Layer
from .models import Model, Sequential

__all__ = ["Input", "KerasTensor", "Layer", "Model", "Sequential", "activations", "backend",
           "callbacks", "config", "datasets", "initializers", "layers", "losses", "metrics",
           "models", "ops", "optimizers", "regularizers", "saving", "utils"]


def __getattr__(name):
    if name == "distribution":
        raise AttributeError("cornu.keras has no 'distribution'. Hint: model.fit(..., "
                             "distribute=comm) trains in several processes, over a communicator "
                             "of mpi4py")
    known = _cornu.nearest_first(name, __all__)
    raise AttributeError(f"cornu.keras has no {name!r}; expected one of {known}")
