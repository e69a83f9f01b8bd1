"""Errors are read by users of C++ and of Python: their words suit both."""

import inspect
import pathlib
import re
import traceback

import numpy as np
import pytest

import cornu
from cornu import keras

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "src" / "cornu"
# What only C++ writes: options in braces, names with ::, arrows.
CPP = re.compile(r"\(\{[^}]|\{\.|\w::\w|->|<\w+>\(")


def messages(text):
    """The texts in a source."""
    return re.findall(r'"((?:[^"\\\n]|\\.)*)"', re.sub(r"#include .*|'\"'", "", text))


def test_errors_show_no_syntax_of_cpp():
    files = [each for room in ("activations", "callbacks", "datasets", "graph", "initializers",
                               "layers", "losses", "metrics", "models", "optimizers", "plan",
                               "regularizers", "schedules", "training")
             for each in sorted((SOURCE / room).glob("*.cc")) if not each.stem.endswith("_test")]
    assert len(files) > 100
    found = {path.name for path in files
             if any(CPP.search(text) for text in messages(path.read_text()))}
    # The module puts the first into Python's words (src/errors.cc); Python calls no other.
    assert found == {"between.cc", "concatenate.cc", "f1_score.cc", "load_keras_json.cc",
                     "load_parts.cc", "merge.cc", "model_plan.cc", "model_predict.cc"} | {
        "batches.cc", "dataset.cc", "input.cc", "layer.cc", "predictor.cc"}


def test_hints_of_calls_that_python_makes():
    class Compiles(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.compile("adam", "mse")

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(cornu.Error, match="self.model.stop_training = True"):
        model.fit(np.ones((3, 4)), np.ones(3), verbose=0, callbacks=[Compiles()])
    with pytest.raises(cornu.Error, match=r"F1Score\(threshold=0.5\)"):
        keras.metrics.F1Score().update_state([[1.0]], [[0.5]])
    with pytest.raises(cornu.Error, match="^sample_weight: expected"):
        model.fit(np.ones((3, 4)), np.ones(3), sample_weight=np.ones(2), verbose=0)


def test_unknown_parameters_name_the_nearest():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.ones((3, 4)), np.ones(3)
    for call, text in [
            (lambda: model.fit(x, y, epoch=3), "fit() got an unexpected keyword argument 'epoch'. "
                                               "Did you mean 'epochs'?"),
            (lambda: model.evaluate(x, y, batchsize=2), "evaluate() got an unexpected keyword "
                                                        "argument 'batchsize'. Did you mean "
                                                        "'batch_size'?"),
            (lambda: model.predict(x, verbosity=0), "predict() got an unexpected keyword argument "
                                                    "'verbosity'. Did you mean 'verbose'?"),
            (lambda: model.compile("sgd", losses="mse"), "compile() got an unexpected keyword "
                                                         "argument 'losses'. Did you mean 'loss'?"),
            (lambda: model.predict(x, zzz=1), "predict() got an unexpected keyword argument 'zzz'; "
                                              "expected one of x, batch_size, verbose, steps, "
                                              "callbacks")]:
        with pytest.raises(TypeError) as raised:
            call()
        assert str(raised.value) == "Sequential." + text
    with pytest.raises(TypeError, match="multiple values for argument 'x'"):
        model.fit(x, y, x=x)
    names = [*inspect.signature(keras.Model.fit).parameters]
    assert names[:4] == ["self", "x", "y", "batch_size"]


def test_no_two_dots_meet():
    for module, name in [(keras.layers, "Desne"), (keras.losses, "mean_squared_eror"),
                         (keras.optimizers, "Adan"), (keras.regularizers, "L3"),
                         (keras.optimizers.schedules, "Cosine"), (keras.ops, "einsum")]:
        with pytest.raises(AttributeError) as raised:
            getattr(module, name)
        # From Python 3.12 on it ends with Python's own guess.
        shown = "".join(traceback.format_exception_only(raised.value)).strip()
        assert "expected one of" in shown
        assert ".." not in shown and not str(raised.value).endswith(".")
