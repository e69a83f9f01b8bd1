"""What a user-defined layer inherits from keras.layers.Layer.

Its call() is traced: once for the shapes, and once for every plan. Training runs without it.
"""

import inspect

import numpy as np

from . import _own_config, _tracing, ops
from .. import _cornu
from .._cornu import Error, Expression, KerasTensor


@ops.with_operators
class LayerWeight:
    """A weight of a user-defined layer, a tensor in the layer's call()."""

    dtype = "float32"

    def __init__(self, layer, name, shape, initializer, regularizer, trainable):
        self._layer, self.name, self.shape = layer, name, shape
        self.initializer, self.regularizer = initializer, regularizer
        self._trains = trainable

    @property
    def trainable(self):
        """Whether training changes it."""
        return self._trains and self._layer.trainable

    def _cornu_tensor(self):
        return _tracing.tensor_of(self)

    def _index(self):
        if not self._layer.built:
            raise Error(f"{self._layer._where}: weight {self.name} has no values before the layer "
                        "is built. Hint: a model makes them")
        return self._layer._own_weights.index(self)

    def numpy(self):
        """A copy of its values."""
        return self._layer._handle.weights[self._index()][1].copy()

    def assign(self, value):
        """Sets its values; ``value`` is an array of its shape."""
        if _tracing.is_tracing():
            raise Error(f"weight {self.name}: cannot be assigned in call(), which is traced. "
                        "Hint: a Callback may assign weights between batches")
        self._layer._handle.set_weight(self._index(), np.asarray(value, np.float32, order="C"))

    value = property(lambda self: self)

    def __array__(self, dtype=None, copy=None):
        return self.numpy().astype(dtype or np.float32)

    def __repr__(self):
        return f"<Variable {self.name} shape={self.shape}>"


def flat(x):
    """The tensors of an input: of one, or of lists and tuples of them."""
    if isinstance(x, (list, tuple)):
        return [tensor for each in x for tensor in flat(each)]
    if isinstance(x, dict):
        raise Error("a layer is called on tensors and lists of them, got a dict. Hint: "
                    "list(x.values())")
    return [x]


class OwnLayer:
    """The methods of user-defined layers, and those that they override."""

    def __new__(cls, *args, **kwargs):
        made = object.__new__(cls)
        if cls._name is None:
            _own_config.remember(made, args, kwargs)
            made.__dict__["_own_weights"] = []
            made.__dict__["_is_built"] = False
        return made

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        base = cls.__mro__[1]
        if getattr(base, "_name", None) is None:
            return
        for method in ("call", "build", "compute_output_shape"):
            if method in vars(cls):
                raise Error(f"{cls.__name__}: {base.__name__}.{method} is part of the library and "
                            f"cannot be overridden. Hint: a keras.layers.Layer that calls a "
                            f"{base.__name__}")

    @property
    def _is_own(self):
        return self._name is None

    def _begin(self, name, trainable):
        self._take(_cornu.user_layer(self, type(self).__name__, name or "", bool(trainable)))

    def build(self, input_shape):
        """Makes its weights by ``add_weight``; override it. Called once, before the first call.

        ``input_shape`` is the shape of the input, with None for the batch axis, or a list of
        shapes.
        """

    def call(self, *args, **kwargs):
        """The outputs for these inputs; override it."""
        raise Error(f"{type(self).__name__}: expected a method call(self, x), got none")

    def add_weight(self, shape=None, initializer=None, dtype=None, trainable=True, autocast=True,
                   regularizer=None, constraint=None, aggregation="none", name=None):
        """A weight, for use in ``call``; made in ``__init__`` or ``build``.

        Parameters
        ----------
        shape : tuple or int, default None
            Its shape; None: a single number.
        initializer : str, initializer or function of the shape, default None
            Its values before training; None: 'glorot_uniform'.
        trainable : bool, default True
            Whether training changes it.
        regularizer : str or regularizer, default None
            Penalty on it; None: no penalty.
        name : str, default None
            Its name in the layer; None: "variable". A number is added to one that is taken.
        dtype, constraint : default None
            Must be None, or 'float32' for ``dtype``: Cornu has no other.
        autocast, aggregation
            Change nothing.
        """
        if not self._is_own:
            raise Error(f"{self._where}: the weights of this layer are made by the library")
        if dtype not in (None, "float32") or constraint is not None:
            raise Error(f"{type(self).__name__}.add_weight: expected float32 and no constraint, "
                        f"got {dtype}, {constraint}. Hint: Cornu has no other")
        if self._is_built:
            raise Error(f"{type(self).__name__}.add_weight: expected it in __init__ or build, got "
                        "it afterwards")
        name = name or "variable"
        if "/" in name:
            raise Error(f"{type(self).__name__}.add_weight: expected a name without '/', got "
                        f"{name}")
        taken = {each.name for each in self._own_weights}
        unique, number = name, 0
        while unique in taken:
            number += 1
            unique = f"{name}_{number}"
        shape = () if shape is None else (shape,) if isinstance(shape, int) else tuple(shape)
        if any(extent is None for extent in shape):
            raise Error(f"{type(self).__name__}.add_weight: {name}; expected a shape without None, "
                        f"got {shape}. Hint: input_shape[-1] is the number of features")
        weight = LayerWeight(self, unique, tuple(int(extent) for extent in shape),
                             _initializer(initializer), regularizer, bool(trainable))
        self._own_weights.append(weight)
        return weight

    def add_variable(self, shape, initializer, dtype=None, trainable=True, autocast=True,
                     regularizer=None, constraint=None, name=None):
        """The same as ``add_weight``, with its ``shape``, ``initializer``, ``dtype``,
        ``trainable``, ``autocast``, ``regularizer``, ``constraint`` and ``name``.
        """
        return self.add_weight(shape, initializer, dtype, trainable, autocast, regularizer,
                               constraint, name=name)

    def add_loss(self, loss):
        """Not there: an error that says what takes the place of such a ``loss``."""
        raise Error(f"{type(self).__name__}.add_loss: losses in layers are not there. Hint: "
                    "add_weight(regularizer=...) penalizes a weight, and Model(outputs=[...]) with "
                    "a loss for each output anything else")

    def compute_output_shape(self, input_shape):
        """The shape of the output for an ``input_shape``, with None for the batch axis; of several
        inputs, for the list of their shapes.
        """
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        made = self._handle.output_shapes([list(each)[1:] for each in shapes])
        return made[0] if len(made) == 1 else made

    # The protocol of the library.

    def _cornu_weights(self, shapes):
        if not self._is_built:
            self.build(shapes[0] if len(shapes) == 1 else shapes)
            self._is_built = True
        return [(each.name, list(each.shape), each.initializer, each.regularizer, each._trains)
                for each in self._own_weights]

    def _cornu_call(self, x, weights, training):
        with _tracing.traced(self._own_weights, weights):
            kwargs = {"training": training} if self._takes("training") else {}
            made = self.call(*self._arguments(x), **kwargs)
        made = list(made) if isinstance(made, (list, tuple)) else [made]
        for i, each in enumerate(made):
            if isinstance(each, ops.BatchMean):
                raise Error(f"{type(self).__name__}.call: returned a mean over the batch; each "
                            "sample is computed by itself. Hint: ops.mean(x, axis=-1)")
            if not isinstance(each, Expression):
                raise Error(f"{type(self).__name__}.call: expected a tensor computed from its "
                            f"input, got {type(each).__name__}")
        return made

    def _parameters(self):
        return inspect.signature(self.call).parameters.values()

    def _takes(self, name):
        return any(each.name == name or each.kind is each.VAR_KEYWORD
                   for each in self._parameters())

    def _arguments(self, x):
        """The inputs as call() takes them: one each, or all in a list."""
        positional = [each for each in self._parameters()
                      if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
                      and each.name not in ("training", "mask")]
        several = any(each.kind is each.VAR_POSITIONAL for each in self._parameters())
        if len(x) == 1 or several or len(positional) == len(x):
            return x
        return [x]

    def _cornu_clone(self):
        return type(self).from_config(self.get_config())


def _initializer(given):
    if given is None or isinstance(given, (str, dict)) or hasattr(given, "__cornu_value__"):
        return "glorot_uniform" if given is None else given
    if not callable(given):
        raise Error(f"initializer: expected a name, an initializer or a function of the shape, got "
                    f"{type(given).__name__}")

    def make(shape):
        values = np.asarray(given(shape), np.float32, order="C")
        if values.shape != tuple(shape):
            raise Error(f"initializer: expected values of shape {tuple(shape)}, got {values.shape}")
        return values
    return make


def called(layer, x, training):
    """The outputs of a layer on tensors: of a network, or in the call() of another layer."""
    tensors = flat(x)
    handle = layer._layer_handle(tensors)
    if tensors and all(isinstance(each, KerasTensor) for each in tensors):
        if training is not None and not isinstance(training, _tracing.Training):
            raise Error(f"{layer._where}: training; expected None in a network, which serves "
                        f"training and prediction, got {training!r}")
        outputs = handle.call(tensors)
    else:
        operands = [ops._operand(each) for each in tensors]
        if not operands or not all(isinstance(each, Expression) for each in operands):
            raise Error(f"{layer._where}: a layer is called on tensors of a network, such as "
                        f"keras.Input(shape), got {type(tensors[0]).__name__}. Hint: a Model's "
                        "predict() takes arrays")
        outputs = _cornu.call_inside(handle, operands,
                                     None if training is None else bool(training))
    return outputs[0] if len(outputs) == 1 else outputs
