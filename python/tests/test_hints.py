"""Errors are read by users of C++ and of Python: their words suit both."""

import pathlib
import re

import numpy as np
import pytest

import cornu
from cornu import keras

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "src" / "cornu"
# What only C++ writes: options in braces, names with ::, arrows.
CPP = re.compile(r"\(\{|\{\.|\w::\w|->|<\w+>\(")


def messages(text):
    """The texts of a source's errors: what follows where, what, expected, found and hint."""
    for part in re.split(r"\.(?:where|what|expected|found|hint) =", text)[1:]:
        part = re.split(r"\n\s*\.\w+ =|\}\)|;\n", part)[0]
        yield " ".join(re.findall(r'"((?:[^"\\]|\\.)*)"', part))


def test_errors_show_no_syntax_of_cpp():
    files = [each for room in ("activations", "callbacks", "datasets", "graph", "initializers",
                               "layers", "losses", "metrics", "models", "optimizers", "plan",
                               "regularizers", "schedules", "training")
             for each in sorted((SOURCE / room).glob("*.cc")) if not each.stem.endswith("_test")]
    assert len(files) > 100
    found = {(path.name, text) for path in files for text in messages(path.read_text())
             if CPP.search(text)}
    # Calls that Python does not make.
    assert {name for name, _ in found} <= {"batches.cc", "dataset.cc", "input.cc", "predictor.cc"}


def test_hints_of_models():
    with pytest.raises(cornu.Error, match="begin it with an Input, call build with a sample's"):
        keras.Sequential([keras.layers.Dense(2)]).summary()
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    x = np.ones((3, 4))
    with pytest.raises(cornu.Error, match="call compile with an optimizer, a loss and"):
        model.fit(x, x)
    model.compile("sgd")
    with pytest.raises(cornu.Error, match="give compile a loss"):
        model.fit(x, x)
    with pytest.raises(cornu.Error, match="call the layer on a list"):
        keras.layers.Add()(keras.Input((3,)))
    with pytest.raises(cornu.Error, match="a stream that begins again"):
        model.compile("sgd", "mse")
        model.fit(iter([(x, np.ones((3, 2)))]), epochs=2, steps_per_epoch=1, verbose=0)
