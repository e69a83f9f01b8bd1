"""Models: networks with their weights."""

import json
import os
from itertools import chain

from . import layers as layers_module
from . import _parts, ops, optimizers
from . import metrics as metrics_module
from .. import _cornu
from .._cornu import Error, KerasTensor
from . import _reduction, _registry
from ._known_names import names_the_nearest
from ._own_layer import called
from ._own_model import OwnModel
from ._saved import Saved, add_own, refuse
from ._seed import model_seed
from ._training import Trained
from ._weights import Variable, Weighted


class Model(OwnModel, Trained, Saved, Weighted):
    """The network between input and output tensors, ``Model(inputs, outputs)``; or a class derived
    from it, whose ``call(self, x)`` calls the layers that are its attributes.

    Parameters
    ----------
    inputs : tensor, list or dict of tensors
        What ``keras.Input`` made; left out by a class with a ``call``.
    outputs : tensor, list or dict of tensors
        What layers made of the inputs.
    name : str, default None
        Its name; None: "functional", or that of the class.
    trainable : bool, default True
        Whether training changes the weights.
    dtype : default None
        Must be None or 'float32': Cornu has no other.
    """

    stop_training = False
    history = None
    _kept = ()
    _own_parts = ()  # losses and metrics, as compile() was given them
    _optimizer = None
    _functions = {}  # metrics that are Python functions, and classes of others, by name
    _custom = {}  # user-defined classes and functions that it was loaded with

    def __init__(self, inputs=None, outputs=None, name=None, trainable=True, dtype=None):
        if dtype not in (None, "float32"):
            raise Error(f"{type(self).__name__}: expected dtype float32, got {dtype}")
        if self._has_call and inputs is None:
            self._begin(name, trainable)
            return
        if inputs is None or outputs is None:
            raise Error("Model: expected inputs and outputs, tensors such as keras.Input(shape)")
        if self._has_call:
            raise Error(f"{type(self).__name__}: expected inputs and outputs or a method call(), "
                        "got both")
        self._handle = _cornu.functional(_tensors(inputs), _tensors(outputs), name or "",
                                         model_seed())
        self._mark()
        if not trainable:
            self.trainable = False

    @property
    def name(self):
        """Its name."""
        return self._handle.name

    @property
    def built(self):
        """Whether its weights are made."""
        return self._handle.built

    @property
    def layers(self):
        """Its layers in order; those of a Sequential without its input."""
        if not self._handle.built:
            return [each for each in self._kept if isinstance(each, layers_module.Layer)]
        return [layers_module.layer_of(each) for each in self._handle.layers
                if self._handle.type != "Sequential" or each.type != "InputLayer"]

    def get_layer(self, name=None, index=None):
        """The layer of this name or at this place.

        Parameters
        ----------
        name : str, default None
            Name of the layer.
        index : int, default None
            Its place in ``layers``; goes before ``name``.
        """
        if index is not None:
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        known = [layer.name for layer in self.layers]
        raise Error(f'model "{self.name}": unknown layer "{name}"; expected one of '
                    f"{_cornu.nearest_first(str(name), known)}")

    @property
    def inputs(self):
        """Its input tensors."""
        return self._handle.inputs

    @property
    def outputs(self):
        """Its output tensors."""
        return self._handle.outputs

    @property
    def input(self):
        """Its only input tensor, or the list of them."""
        return layers_module.only(self.inputs)

    @property
    def output(self):
        """Its only output tensor, or the list of them."""
        return layers_module.only(self.outputs)

    @property
    def input_shape(self):
        """The shape of its only input, with None for the batch axis."""
        return self.input.shape

    @property
    def output_shape(self):
        """The shape of its only output, with None for the batch axis."""
        return self.output.shape

    @property
    def trainable(self):
        """Whether any layer trains; setting it sets all, from the next compile on."""
        return any(layer.trainable for layer in self.layers)

    @trainable.setter
    def trainable(self, value):
        self._handle.set_trainable(bool(value))

    @property
    def weights(self):
        """Every weight, in the order of the layers."""
        return [Variable(name, value, trainable, self._setter(name))
                for name, value, trainable in self._handle.weights]

    def _setter(self, name):
        return lambda value: self._handle.set_weight(name, value)

    _where = property(lambda self: f'model "{self.name}"')

    def count_params(self):
        """The number of its weights' elements."""
        return sum(value.size for _, value, _ in self._handle.weights)

    def __call__(self, inputs, training=None):
        """On tensors: the model as a layer. On arrays: the outputs.

        Parameters
        ----------
        inputs : tensor or array, list or dict of them
            As the network has inputs.
        training : default None
            Has no value in a network, which serves training and prediction.
        """
        given = list(inputs.values()) if isinstance(inputs, dict) else inputs
        tensors = list(given) if isinstance(given, (list, tuple)) else [given]
        if not tensors or not ops.is_tensor(tensors[0]):
            return self.predict_on_batch(inputs)
        return called(self, tensors, training)

    def _layer_handle(self, tensors):
        if not self._handle.built:
            self.build(tensors[0].shape if len(tensors) == 1 else [each.shape for each in tensors])
        return self._handle.as_layer()

    @names_the_nearest
    def compile(self, optimizer="rmsprop", loss=None, loss_weights=None, metrics=None,
                weighted_metrics=None, run_eagerly=False, steps_per_execution=1,
                jit_compile="auto", auto_scale_loss=True, shards=1):
        """Sets loss, optimizer and metrics.

        Parts are given by name or as objects. Lists and dicts of them are for the outputs of a
        network that has several.

        Parameters
        ----------
        optimizer : str or optimizer, default "rmsprop"
            How weights follow their gradients.
        loss : str, loss or function, list or dict of them, default None
            What training minimizes. An output without a loss is not trained by itself; training
            minimizes the sum of the outputs' losses, each times its weight.
        loss_weights : float, list or dict of them, default None
            Weights of the losses in that sum; an output that is not listed weighs 1.
        metrics : list of str, metrics or functions; list or dict of them, default None
            Averaged over the samples of an epoch. Of several called auc, logs name the second
            auc_1, the third auc_2.
        weighted_metrics : list of str, metrics or functions; list or dict of them, default None
            The same, with each sample counted by its weight.
        run_eagerly, steps_per_execution, jit_compile, auto_scale_loss
            Change nothing.
        shards : int from 1 to 1024, default 1
            Parts of each batch whose gradients are added in order: weights depend on it in their
            last bits, not on who computes a part.
        """
        if self._has_call and not self._handle.built:
            self._compile_given = {"optimizer": optimizer, "loss": loss,
                                   "loss_weights": loss_weights, "metrics": metrics,
                                   "weighted_metrics": weighted_metrics, "shards": shards}
        _reduction.require_mean(loss)
        self._own_parts = [loss, metrics, weighted_metrics]
        optimizer = optimizers.get(optimizer)
        names = self._handle.output_names if self._handle.built else ["y"]
        losses = _by_output(loss, names, "loss")
        weights = _by_output(loss_weights, names, "loss_weights")
        metrics, by_output = _metrics(metrics, names, "metrics")
        weighted, weighted_by_output = _metrics(weighted_metrics, names, "weighted_metrics")
        if self._compile_given is not None and not self._handle.built:
            self._optimizer = optimizer
            return
        self._handle.compile(optimizer, loss if losses is None else None, metrics, weighted,
                             losses or {}, by_output, weighted_by_output,
                             {name: float(weight) for name, weight in (weights or {}).items()},
                             shards)
        self._functions = {}
        for each in chain(metrics, weighted, *by_output.values(), *weighted_by_output.values()):
            add_own(self._functions, each)
        self._attach(optimizer)

    def _attach(self, optimizer):
        optimizer._model = self._handle
        self._optimizer = optimizer

    @property
    def metrics(self):
        """The metrics of compile; those that are Python functions as such."""
        known = _parts.listed("metrics")
        own = {**_registry.known(self._custom), **self._functions}

        def made(name, config):
            if any(name == part for part, _ in known.values()):
                return metrics_module.get({"class_name": name, "config": config})
            return own[name].from_config(config) if isinstance(own[name], type) else own[name]
        return [made(name, config) for name, config in self._handle.metrics]

    @property
    def optimizer(self):
        """The optimizer, None before it is compiled."""
        described = self._handle.optimizer
        if self._optimizer is None and described is not None:
            name, config = described
            self._attach(optimizers.get({"class_name": name, "config": config}))
        return self._optimizer

    def summary(self, line_length=None, positions=None, print_fn=None, expand_nested=False,
                show_trainable=False, layer_range=None):
        """Prints the table of layers, output shapes and numbers of parameters.

        Parameters
        ----------
        print_fn : function, default None
            Called with each line; None: ``print`` with the whole table.
        line_length, positions, expand_nested, show_trainable, layer_range
            Change nothing.
        """
        text = self._handle.summary(False)
        if print_fn is None:
            print(text, end="" if text.endswith("\n") else "\n")
            return
        for line in text.splitlines():
            print_fn(line)

    def _repr_html_(self):
        import html
        if not self._handle.built:
            return f"<pre>{html.escape(repr(self))}</pre>"
        return f"<pre>{html.escape(self._handle.summary(False))}</pre>"

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"

    def to_json(self, **kwargs):
        """The network as Keras describes it, without weights; ``**kwargs`` go to ``json.dumps``."""
        return json.dumps(json.loads(_cornu.to_json(self._handle)), **kwargs)

    def get_config(self):
        """The network as Keras describes it, from which ``from_config`` makes it anew; of a model
        with a call() of its own, the arguments that it was made with.
        """
        if self._has_call:
            return self._own_config()
        return json.loads(self.to_json())["config"]

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The network of ``get_config``, with new weights.

        Parameters
        ----------
        config : dict
            What ``get_config`` returned.
        custom_objects : dict, default None
            User-defined classes and functions by name.
        """
        if cls.call is not cls._library_class().call:
            return cls(**config)
        name = "Sequential" if cls is Sequential else "Functional"
        return model_from_json(json.dumps({"class_name": name, "config": config}), custom_objects)


class Sequential(Model):
    """Layers one after the other; built when the shape of its samples is known.

    Parameters
    ----------
    layers : list of layers, default None
        The layers, in order; ``add`` adds others.
    trainable : bool, default True
        Whether training changes the weights.
    name : str, default None
        Its name; None: "sequential".
    """

    def __init__(self, layers=None, trainable=True, name=None):
        self._handle = _cornu.sequential([], name or "", model_seed())
        self._mark()
        self._kept = []  # the layers' Python objects, which the library does not keep
        for layer in layers or []:
            self.add(layer)
        if not trainable:
            self.trainable = False

    def add(self, layer, rebuild=True):
        """Adds a layer at the end.

        Parameters
        ----------
        layer : layer, model or tensor of keras.Input
            What is added.
        rebuild : default True
            Changes nothing.
        """
        shape = getattr(layer, "_input_shape", None)
        if shape is not None and not self._kept:
            self._handle.add(_cornu.make_layer("InputLayer", {"shape": list(shape)}))
        self._handle.add(_layer_handle(layer))
        self._kept.append(layer)

    def pop(self, rebuild=True):
        """Removes the last layer; ``rebuild`` changes nothing."""
        self._handle.pop()
        self._kept.pop()

    def build(self, input_shape=None):
        """Makes the weights.

        Parameters
        ----------
        input_shape : tuple, default None
            Shape of a batch, whose first extent is None.
        """
        if input_shape is not None:
            shape = tuple(input_shape)
            self._handle.build(list(shape[1:] if shape and shape[0] is None else shape))


def _layer_handle(layer):
    if isinstance(layer, KerasTensor):
        return layer.layer
    if isinstance(layer, Model):
        return layer._handle.as_layer()
    if isinstance(layer, layers_module.Layer):
        return layer._handle
    name = layer.__name__ if isinstance(layer, type) else type(layer).__name__
    raise Error(f"Sequential: expected a layer, got {name}"
                + (f". Hint: {name}() makes one" if isinstance(layer, type) else ""))


def _tensors(given):
    tensors = list(given) if isinstance(given, (list, tuple)) else [given]
    if isinstance(given, dict):
        tensors = list(given.values())
    for each in tensors:
        if not isinstance(each, KerasTensor):
            raise Error("Model: expected tensors, such as keras.Input(shape) and what layers make "
                        f"of it, got {type(each).__name__}")
    return tensors


def _by_output(given, names, what):
    """Parts by output, None for one of all outputs."""
    if given is None or isinstance(given, str) or not isinstance(given, (dict, list, tuple)):
        return None if given is None or not isinstance(given, (int, float)) else {names[0]: given}
    if isinstance(given, dict):
        return {name: each for name, each in given.items() if each is not None}
    if len(given) != len(names):
        raise Error(f"compile: {what}; expected one for each of {len(names)} outputs, got "
                    f"{len(given)}")
    return {name: each for name, each in zip(names, given) if each is not None}


def _metrics(given, names, what):
    """Metrics of every output, and metrics by output."""
    if given is None:
        return [], {}
    if isinstance(given, dict):
        return [], {name: _as_list(each) for name, each in given.items()}
    given = _as_list(given)
    if any(isinstance(each, (list, tuple)) for each in given):
        return [], {name: _as_list(each)
                    for name, each in (_by_output(given, names, what) or {}).items()}
    if len(names) > 1 and len(given) == len(names):
        return [], {name: [each] for name, each in zip(names, given)}
    return given, {}


def _as_list(given):
    return list(given) if isinstance(given, (list, tuple)) else [given]


def _model_of(handle, custom_objects=None):
    """The Python object of a model that the library made, of its own class if that is known."""
    known = _registry.known(custom_objects)
    origin = handle.origin or {"class_name": None}
    made = known.get(origin["class_name"])
    if not (isinstance(made, type) and issubclass(made, Model)):
        made = Sequential if handle.type == "Sequential" else Model
    elif origin["config"] is not None:
        model = made.from_config(origin["config"])._restored(handle)
        model._custom = dict(custom_objects or {})
        return model
    model = object.__new__(made)
    model._handle = handle
    model._kept = [] if handle.type != "Sequential" else model.layers
    model._custom = dict(custom_objects or {})
    return model


def load_model(filepath, custom_objects=None, compile=True, safe_mode=True):
    """The model that ``save`` of Cornu, or of any Keras from 1.2 on, wrote.

    Parameters
    ----------
    filepath : str or path
        The .keras, .h5 or .safetensors file.
    custom_objects : dict, default None
        User-defined classes and functions by name, beside those registered and those of a scope. A
        model whose own class is not among them is loaded as the network it made.
    compile : bool, default True
        Whether it is compiled as it was then.
    safe_mode : default True
        Changes nothing: a file never holds code.
    """
    handle = _cornu.load_model(os.fspath(filepath), bool(compile), _registry.makers(custom_objects))
    return _model_of(handle, custom_objects)


def save_model(model, filepath, overwrite=True, zipped=None):
    """Writes a model: ``model.save(filepath, overwrite, zipped)``."""
    model.save(filepath, overwrite, zipped)


def model_from_json(json_string, custom_objects=None):
    """The network that ``to_json`` of Keras or Cornu describes, with new weights.

    Parameters
    ----------
    json_string : str
        The description.
    custom_objects : dict, default None
        User-defined classes and functions by name.
    """
    handle = _cornu.model_from_json(json_string, model_seed(), _registry.makers(custom_objects))
    return _model_of(handle, custom_objects)


def clone_model(model, input_tensors=None, clone_function=None, call_function=None,
                recursive=False, *, seed=None):
    """A model of the same layers with new weights.

    Parameters
    ----------
    model : Model
        The model, which stays as it is.
    input_tensors, clone_function, call_function : default None
        Must be None: Cornu has no other.
    recursive : default False
        Must be False: Cornu has no other.
    seed : int, default None
        Seed of the new weights; None: that of the model.
    """
    refuse("clone_model", input_tensors=input_tensors, clone_function=clone_function,
           call_function=call_function, recursive=recursive)
    if model._has_call:
        made = type(model).from_config(model.get_config())
        made._seed = model._handle.seed if seed is None else seed
        return made._built_as(model._handle) if model.built else made
    return _model_of(_cornu.clone_model(model._handle, seed))
