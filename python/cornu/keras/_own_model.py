"""Models that are classes of their own: ``class MyModel(keras.Model)`` with a ``call``.

``call`` is traced once, on tensors of the shapes that ``build`` is given or that the first data
have, and makes a network of the layers that it calls.
"""

import inspect

from . import _own_config, _tracing
from .. import _cornu
from .._cornu import Error, KerasTensor
from ._arrays import as_array
from ._seed import model_seed

# Keras lets a model override these; here, the steps are the library's.
_NOT_CALLED = ("train_step", "test_step", "predict_step", "compute_loss", "compute_metrics",
               "make_train_function", "make_test_function", "make_predict_function")


class OwnModel:
    """The methods of models with a call() of their own."""

    _compile_given = None
    _inputs_form = None
    _seed = None  # of its weights, if not the one that set_random_seed set

    def __new__(cls, *args, **kwargs):
        made = object.__new__(cls)
        _own_config.remember(made, args, kwargs)
        return made

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for method in _NOT_CALLED:
            if method in vars(cls):
                raise Error(f"{cls.__name__}.{method}: is never called, since steps run without "
                            "Python. Hint: a Loss, Metric, Layer or Callback of your own")
        if "call" in vars(cls) and cls._library_class().__name__ == "Sequential":
            raise Error(f"{cls.__name__}.call: a Sequential calls its layers in order. Hint: "
                        "derive from keras.Model")

    @classmethod
    def _library_class(cls):
        return next(each for each in cls.__mro__ if each.__module__ == __package__ + ".models")

    @property
    def _has_call(self):
        return type(self).call is not self._library_class().call

    @property
    def _is_library_class(self):
        return type(self) is self._library_class()

    def _begin(self, name, trainable):
        """An unbuilt model, in which compile options wait."""
        self._handle = _cornu.sequential([], name or _cornu.snake_case(type(self).__name__),
                                         model_seed())
        self._starts_trainable = trainable

    def call(self, *args, **kwargs):
        """The outputs for these inputs; a model of its own class overrides it."""
        return self(*args)

    def build(self, input_shape):
        """Makes the network of a model with a ``call`` of its own.

        Parameters
        ----------
        input_shape : tuple, list or dict of tuples
            Shape of a batch, or of each input's, whose first extent is None.
        """
        if self._handle.built:
            return
        if not self._has_call:
            raise Error(f"{type(self).__name__}: expected a method call(self, x), got none")
        inputs = _inputs(input_shape)
        self._inputs_form = type(inputs).__name__
        takes = inspect.signature(self.call).parameters.values()
        has_training = any(each.name == "training" or each.kind is each.VAR_KEYWORD
                           for each in takes)
        outputs = self.call(inputs, **({"training": _tracing.TRAINING} if has_training else {}))
        outputs = list(outputs.values()) if isinstance(outputs, dict) else outputs
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        for each in outputs:
            if not isinstance(each, KerasTensor):
                raise Error(f"{type(self).__name__}.call: expected a tensor computed from its "
                            f"input, got {type(each).__name__}")
        seed = model_seed() if self._seed is None else self._seed
        handle = _cornu.functional(_listed(inputs), list(outputs), self._handle.name, seed)
        self._handle = handle
        self._mark()
        if not self._starts_trainable:
            handle.set_trainable(False)
        if self._compile_given is not None:
            self.compile(**self._compile_given)

    def _build_for(self, x):
        """Builds for these arrays if it is not built."""
        if self._handle.built:
            return
        if not self._has_call:
            self._handle.build(list(as_array(x, "x").shape[1:]))
        elif isinstance(x, dict):
            self.build({name: _shape(each) for name, each in x.items()})
        elif isinstance(x, (list, tuple)):
            self.build([_shape(each) for each in x])
        else:
            self.build(_shape(x))

    def _mark(self):
        """Tells the library of its class, which is kept in files."""
        if self._is_library_class:
            return
        config = self.get_config() if self._has_call else None
        self._handle.origin = {"class_name": type(self).__name__, "config": config,
                               "inputs": self._inputs_form}

    def _own_config(self):
        """What get_config() of a model with a call() begins with."""
        base = {"name": self.name, "trainable": True, "dtype": "float32"}
        is_overridden = type(self).get_config is not self._library_class().get_config
        return base if is_overridden else _own_config.remembered(self, base)

    def _built_as(self, handle):
        """This model built for the inputs of another."""
        shapes = [each.shape for each in handle.inputs]
        if handle.origin["inputs"] == "dict":
            self.build({each.name: each.shape for each in handle.inputs})
        else:
            self.build(shapes if handle.origin["inputs"] == "list" else shapes[0])
        return self

    def _restored(self, handle):
        """This model with weights and compile options of one that was loaded."""
        self._built_as(handle)
        values = [value for _, value, _ in handle.weights]
        names = [name for name, _, _ in self._handle.weights]
        if len(values) != len(names):
            raise Error(f"{type(self).__name__}: expected {len(names)} weights, as its layers "
                        f"have, got {len(values)} from the file")
        for name, value in zip(names, values):
            self._handle.set_weight(name, value)
        self._handle.compile_as(handle)
        return self


def _shape(array):
    return (None, *as_array(array, "x").shape[1:])


def _inputs(shape):
    from .layers import Input
    if isinstance(shape, dict):
        return {name: Input(tuple(each)[1:], name=name) for name, each in shape.items()}
    if isinstance(shape, list) and shape and isinstance(shape[0], (list, tuple)):
        return [Input(tuple(each)[1:]) for each in shape]
    return Input(tuple(shape)[1:])


def _listed(inputs):
    if isinstance(inputs, dict):
        return list(inputs.values())
    return inputs if isinstance(inputs, list) else [inputs]
