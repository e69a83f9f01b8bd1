"""Docstrings: those of parts come from the comments of the C++ headers."""

import inspect
import pathlib
import pydoc
import re
import shutil
import subprocess
import sys

import pytest

from cornu import keras
from cornu.keras import _parts

ROOT = pathlib.Path(__file__).resolve().parents[2]
KINDS = {"layers": keras.layers, "losses": keras.losses, "metrics": keras.metrics,
         "optimizers": keras.optimizers, "schedules": keras.optimizers.schedules,
         "initializers": keras.initializers, "regularizers": keras.regularizers,
         "callbacks": keras.callbacks, "activations": keras.activations}
PARTS = [getattr(module, name) for kind, module in KINDS.items() for name in _parts.listed(kind)]
FUNCTIONS = [getattr(module, name) for kind, module in KINDS.items()
             if kind in ("losses", "metrics") for name, _ in _parts.listed(kind).values()]
MODULES = [keras.models, keras.utils, keras.ops, keras.config, keras.backend, keras.saving,
           *(getattr(keras.datasets, name) for name in keras.datasets.__all__), *KINDS.values()]

DENSE = """\
Fully connected: y = activation(x · kernel + bias).

Shapes: x (None, …, in), kernel (in, units), bias (units) -> y
(None, …, units).

Error when units < 1 or x has no axis after the batch's.

Parameters
----------
units : int
    Number of outputs; required, > 0.
activation : str, activation, layer or None, default None
    Function of the outputs; None: y = x.
use_bias : bool, default True
    Whether a bias is added.
kernel_initializer : str or initializer, default 'glorot_uniform'
    Values of the kernel (in, units) before training.
bias_initializer : str or initializer, default 'zeros'
    Values of the bias (units,) before training.
kernel_regularizer : str, regularizer or None, default None
    Penalty on the kernel, or none.
bias_regularizer : str, regularizer or None, default None
    Penalty on the bias, or none.
activity_regularizer, kernel_constraint, bias_constraint : default None
    Must be None: Cornu has no other.
lora_rank, lora_alpha, quantization_config : default None
    Must be None: Cornu has no other.
name : str or None, default None
    Name in the model; None: made from the class, "dense", "dense_1".
trainable : bool, default True
    Whether training changes its weights.
**kwargs
    ``input_shape``, the shape of a sample, for the first layer of a
    Sequential; and parameters of Keras's layers with values that change
    nothing."""

ADAM = """\
Adam (Kingma and Ba 2014) in Keras's form.

m += (g − m)(1 − β₁), v += (g² − v)(1 − β₂),
w −= m · learning_rate·√(1 − β₂ᵗ)/(1 − β₁ᵗ) / (√v + ε). Epsilon is the paper's
ε̂: it is added to the root of the uncorrected v, and is 1e-7 where the paper
has 1e-8. With amsgrad the largest v so far stands under the root (Reddi et al.
2018).

Error for a negative or non-finite rate or epsilon and betas outside [0, 1).

Parameters
----------
learning_rate : float or schedule, default 0.001
    Step size ≥ 0: a number or a schedule.
beta_1 : float, default 0.9
    Share of the old mean of g, 0 ≤ beta_1 < 1.
beta_2 : float, default 0.999
    Share of the old mean of g², 0 ≤ beta_2 < 1.
epsilon : float, default 1e-07
    Added to the divisor, ≥ 0.
amsgrad : bool, default False
    Whether the largest v so far is used.
weight_decay : float or None, default None
    w −= w · weight_decay · learning_rate before each update; None: no decay.
clipnorm : float or None, default None
    The largest norm of each gradient, > 0; None: no bound.
clipvalue : float or None, default None
    The largest magnitude of a gradient element, > 0; None: no bound.
global_clipnorm : float or None, default None
    The largest norm of all gradients together, > 0; None: no bound.
use_ema : bool, default False
    Keeps a moving average of the weights, which replaces them when the fit
    ends.
ema_momentum : float, default 0.99
    The average's share of its old value at each step, 0 to 1.
ema_overwrite_frequency : int or None, default None
    The average replaces the weights every N steps; None: only when a fit ends.
loss_scale_factor : default None
    Must be None: Cornu has no other.
gradient_accumulation_steps : int or None, default None
    Steps whose mean gradient makes one update; None or 1: every step updates.
name : default None
    Changes nothing."""

# What a Python reader does not know: C++'s names, braces, cases, comments, arrows beside shapes.
CPP = re.compile(r"\w::\w|\{\}|///|nullptr|\bconst\b| \? .+ : |(?<!\))\s->|\bnone: ")


def entries(text):
    """The parameters of a docstring in NumPy's style, each with its heading and its text."""
    found = {}
    section = text.partition("Parameters\n----------\n")[2].partition("\n\n")[0]
    for entry in re.split(r"\n(?=\S)", section):
        heading, _, described = entry.partition("\n")
        for name in heading.partition(" : ")[0].split(", "):
            found[name] = heading, described.strip()
    return found


def public():
    """Functions, classes and methods of the modules by their names, without the parts."""
    found = {}
    for module in MODULES:
        homes = module.__name__, "cornu.keras._registry", "cornu.keras._checks"
        for name in getattr(module, "__all__", dir(module)):
            value = getattr(module, name)
            if (name.startswith("_") or not callable(value) or value in PARTS
                    or getattr(value, "__module__", "") not in homes):
                continue
            found[f"{module.__name__}.{name}"] = value
            for member in dir(value) if inspect.isclass(value) else ():
                method = inspect.getattr_static(value, member)
                method = getattr(method, "__func__", method)
                if inspect.isfunction(method) and not member.startswith("_"):
                    found[f"{module.__name__}.{name}.{member}"] = getattr(value, member)
    return found


PUBLIC = public()


@pytest.mark.parametrize("made", PARTS + FUNCTIONS, ids=lambda each: each.__name__)
def test_every_parameter_of_a_part_has_a_text(made):
    texts = entries(inspect.getdoc(made))
    for each in inspect.signature(made).parameters.values():
        if each.kind is each.VAR_KEYWORD:
            continue
        heading, text = texts.pop(each.name)
        assert re.fullmatch(r"\S.*\.", text, re.S)
        assert heading.endswith(f"default {each.default!r}") or each.default is each.empty
    assert list(texts) in ([], [""], ["**kwargs"])


def test_whole_docstrings():
    assert keras.layers.Dense.__doc__ == DENSE
    assert keras.optimizers.Adam.__doc__ == ADAM


def test_none_stands_for_what_is_chosen():
    assert "each update; None: no decay" in keras.optimizers.AdamW.__doc__
    assert "None: the model's seed alone decides" in keras.layers.Dropout.__doc__
    assert "None: the name of the metric" in keras.metrics.Accuracy.__doc__
    assert "None: all" in keras.metrics.Precision.__doc__


def test_functions_and_objects_have_them_too():
    assert keras.losses.huber.__doc__.startswith("Squares of small errors")
    assert "\nReturns\n-------\narray\n" in keras.losses.huber.__doc__
    assert "None: no bound." in keras.activations.relu.__doc__
    assert keras.layers.Dense(3).__doc__ == DENSE
    assert "Number of outputs" in pydoc.render_doc(keras.layers.Dense)
    assert "eˣ / Σ eˣ" in pydoc.render_doc(keras.activations.softmax)

    class Own(keras.layers.Dense):
        """Own words."""

    assert Own.__doc__ == "Own words."


def test_no_syntax_of_cpp():
    assert len(PUBLIC) > 150
    for made in [*PARTS, *FUNCTIONS, *PUBLIC.values(), *MODULES]:
        text = inspect.getdoc(made)
        assert CPP.search(text) is None, f"{made}: {text}"


@pytest.mark.parametrize("name", PUBLIC)
def test_public_functions_tell_their_parameters(name):
    made = PUBLIC[name]
    text = inspect.getdoc(made)
    assert text
    if ".on_" in name:  # the class says what hooks are called with
        text += keras.callbacks.Callback.__doc__
    for each in inspect.signature(made).parameters.values():
        if each.name not in ("self", "args", "kwargs"):
            assert re.search(rf"\b{each.name}\b", text), each.name


def test_texts_are_read_when_a_docstring_is():
    code = """
from cornu import keras
from cornu.keras import _docstrings
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile("adam", keras.losses.Huber(), metrics=["mae"])
print(_docstrings._texts.cache_info().currsize)
keras.layers.Dense.__doc__
print(_docstrings._texts.cache_info().currsize)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n1\n"


@pytest.mark.parametrize("file, comment, error", [
    ("layers/dense.h", "  /// Whether a bias is added.\n",
     "DenseOptions::use_bias: expected a comment, got none"),
    ("metrics/metric_with.h", "///< name in logs; empty: the name of the metric",
     "MetricOptions::name: expected a comment, got none"),
    ("optimizers/adam.h", "  bool use_ema = false;\n",
     "AdamOptions::use_ema: expected a field with a comment"),
    ("initializers/constant.h", "/// 1 everywhere.\n",
     "Ones: expected a comment, got none"),
    ("activations/tanh.cc", "/// tanh x.\n", "tanh: expected a comment, got none"),
    ("losses/huber.h", "struct HuberOptions", "struct HuberOptions: expected in the headers"),
])
def test_a_missing_text_ends_the_build(tmp_path, file, comment, error):
    source = tmp_path / "cornu"
    rooms = [*KINDS, "listing"]
    for room in rooms:
        shutil.copytree(ROOT / "src" / "cornu" / room, source / room)
    changed = source / file
    text = changed.read_text()
    assert comment in text
    changed.write_text(text.replace(comment, "", 1))
    script = ROOT / "python" / "tools" / "make_texts.py"
    done = subprocess.run([sys.executable, script, source, tmp_path / "texts.json"],
                          capture_output=True, text=True)
    assert done.returncode != 0
    assert done.stderr == f"make_texts.py: {error}\n"
    assert not (tmp_path / "texts.json").exists()
