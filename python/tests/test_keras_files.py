"""Files of real Keras, of any version, opened here, written again and opened there. Needs Python
interpreters that have Keras; a path without one is refused:

    CORNU_KERAS_PYTHONS=/tmp/tf215/bin/python:/tmp/keras35/bin/python \\
        PYTHONPATH=build/python/package python -m pytest -m long python/tests/test_keras_files.py

CORNU_KERAS_MODELS=fresh,residual takes those of the models of tools/keras_models.py alone.
CORNU_PREDICT_FLOAT64=build/tests/predict_float64 also compares both with float64: Cornu is no
farther from it than twice Keras is.
"""

import functools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import numpy as np
import pytest

from cornu import keras

pytestmark = pytest.mark.long

PYTHONS = [each for each in os.environ.get("CORNU_KERAS_PYTHONS", "").split(":") if each]
MODELS = [each for each in os.environ.get("CORNU_KERAS_MODELS", "").split(",") if each]
PREDICT_FLOAT64 = os.environ.get("CORNU_PREDICT_FLOAT64")
TOOL = pathlib.Path(__file__).parent.parent / "tools" / "keras_files.py"
# What Cornu refuses, and a part of what it says.
REFUSED = {
    "layer_layer_normalization_axes": "axis: expected a whole number",
    **{f"activation_{name}": f'Keras has "{name}"' for name in (
        "celu", "hard_shrink", "hard_silu", "hard_tanh", "log_sigmoid", "soft_shrink",
        "sparse_plus", "sparsemax", "squareplus", "tanh_shrink")},
}
REFUSED_OF_OLD = {
    "activation_hard_sigmoid": "has hard_sigmoid as Keras 1 and 2 computed it",
    "layer_prelu_shared": "alpha: expected float32 values of shape",  # Keras 1 lost shared_axes
    "arithmetic": "TensorFlowOpLayer",
    **{name: "was saved by Keras on Theano, where padding" for name in (
        "layer_average_pooling", "layer_convolution_same", "layer_depthwise_same",
        "layer_max_pooling_same", "old_convolution_with_steps")},
}

# Where Keras is at fault, or has changed: the model, the first version that is right, and a part of
# the error. What it lost when it wrote an .h5 file, of variables of the same name all but one:
LOST_BY_KERAS = (
    ("nested_", (3, 1), "has more weights than the file"),
    ("optimizer_adagrad", (3, 10), "has several variables named"),
)
# What it does not open, of its own files neither:
UNREAD_BY_KERAS = (
    ("activation_is_layer", (3, 10), "Could not interpret activation function"),
    ("loss_chosen", (4,), "string indices must be integers"),  # from .h5 alone
    # Of later versions: the input of a functional model without a list, and another order.
    ("", (3, 1), "get_tensor() "),
    ("optimizer_nadam", (3, 10), "the shape of the target value"),
)


def is_known(faults, name, version, text):
    return any(name.startswith(model) and version < right and what in text
               for model, right, what in faults)


def alone(values):
    return values[0] if len(values) == 1 else values


def listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def arrays(data, name):
    names = sorted((key for key in data if key.rstrip("0123456789") == name),
                   key=lambda key: int(key[len(name):]))
    return [data[key] for key in names]


def distance(found, expected):
    """The largest difference, as a share of the largest number of its output."""
    assert [np.shape(each) for each in found] == [each.shape for each in expected]
    return max(np.max(np.abs(a - b)) / np.max(np.abs(b)) for a, b in zip(found, expected))


def require_near_float64(found, theirs, file, *options):
    """No farther from float64 than twice Keras is, and 1e-6 of the largest number."""
    if not PREDICT_FLOAT64:
        return
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder, "y.npz")
        data = file.with_name(model_of(file) + ".npz")
        subprocess.run([PREDICT_FLOAT64, *options, file, data, out], check=True)
        exact = arrays(np.load(out), "y")
    for ours, keras_own, truth in zip(found, theirs, exact, strict=True):
        limit = 2 * np.max(np.abs(keras_own - truth)) + 1e-6 * np.max(np.abs(truth))
        far = np.max(np.abs(ours - truth))
        assert far <= limit, f"{far:.2g} from float64, where {limit:.2g} is allowed {options}"


def run(python, *arguments):
    subprocess.run([python, TOOL, *arguments], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "PYTHONPATH": ""})


def steps_as_today(version, model):
    """Whether that Keras trains with the arithmetic of Keras 3 and repeatably."""
    with_rmsprop = ("layer_", "nested_twice", "optimizer_rmsprop")
    if version < (2, 4):
        return False  # on TensorFlow 1 it read weights while it wrote them
    if version < (3,) and "nadam" in model:
        return False
    if version < (3, 1) and model in ("layer_convolution_dilated", "layer_dense_regularized",
                                       "prelu_options", "regularizers"):
        return False  # on JAX it counted regularizers twice
    return not (version < (2, 11) and model.startswith(with_rmsprop))


@functools.cache
def version_of(python):
    """As (2, 15), by what it writes into its report."""
    return tuple(int(each) for each in _written(python)[1]["version"].split(".")[:2])


@functools.cache
def _written(python):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="keras_files_"))
    run(python, "write", str(folder), *MODELS)
    return folder, json.loads((folder / "report.json").read_text())


def model_of(file):
    for ending in (".weights.h5", ".keras", ".h5"):
        if file.name.endswith(ending):
            return file.name[:-len(ending)]


def opened(file):
    if not file.name.endswith(".weights.h5"):
        return keras.models.load_model(file)
    whole = [file.with_name(model_of(file) + ending) for ending in (".keras", ".h5")]
    model = keras.models.load_model(next(each for each in whole if each.exists()), compile=False)
    model.set_weights([each * 0 for each in model.get_weights()])
    model.load_weights(file)
    return model


def trained(model, data):
    model.train_on_batch(alone(arrays(data, "x")), alone(arrays(data, "target")))
    return listed(model.predict(alone(arrays(data, "x")), verbose=0))


def check_opened(file, version, again):
    """Opens a file, compares what the model does, and writes it again."""
    name = model_of(file)
    data = np.load(file.with_name(name + ".npz"))
    model = opened(file)
    found = listed(model.predict(alone(arrays(data, "x")), verbose=0))
    assert distance(found, arrays(data, "y")) <= 1e-5
    if file.name.endswith(".weights.h5"):
        return
    require_near_float64(found, arrays(data, "y"), file)
    for ending in (".keras", ".h5") if version >= (3,) else (".h5",):
        model.save(again / (file.name.replace(".", "_") + ending))
    shutil.copy(file.with_name(name + ".npz"), again / (file.name.replace(".", "_") + ".npz"))
    # Without the state of tf.keras's older optimizers, which it does not write into .keras.
    is_whole = file.suffix == ".h5" or not name.startswith("optimizer_legacy")
    if arrays(data, "after") and is_whole and steps_as_today(version, name):
        # One step of Adam behind a BatchNormalization turns roundings into this much.
        limit = 2e-4 if name == "layer_embedding" else 5e-5
        after = trained(model, data)
        assert distance(after, arrays(data, "after")) <= limit
        require_near_float64(after, arrays(data, "after"), file, "--after-step")


def test_there_is_an_interpreter():
    assert PYTHONS, "CORNU_KERAS_PYTHONS names no interpreter that has Keras: nothing was tried"


@pytest.mark.parametrize("python", PYTHONS)
def test_files_of(python):
    folder, report = _written(python)
    version = version_of(python)
    assert report["written"]
    again = folder / "again"
    again.mkdir(exist_ok=True)
    refused = {**REFUSED, **(REFUSED_OF_OLD if version < (3,) else {})}
    wrong = []
    for file in sorted(folder.glob("*.*")):
        name = model_of(file)
        if name is None:
            continue
        try:
            check_opened(file, version, again)
        except Exception as error:
            is_refused = name in refused and refused[name] in str(error)
            if not is_refused and not is_known(LOST_BY_KERAS, name, version, str(error)):
                wrong.append(f"{file.name}: {error}")
    if version >= (3,):
        run(python, "read", str(again))
        unread = {each.name: each.read_text() for each in again.glob("*.error")}
        wrong += [f"{name}: {text}" for name, text in unread.items()
                  if not is_known(UNREAD_BY_KERAS, name, version, text)]
        for file in sorted([*again.glob("*.keras.npz"), *again.glob("*.h5.npz")]):
            before, after = np.load(file.with_suffix("").with_suffix(".npz")), np.load(file)
            far = distance(arrays(after, "y"), arrays(before, "y"))
            if far > 1e-5:
                wrong.append(f"{file.name}: {far:.2g} in {report['version']}")
    assert not wrong, "\n".join(wrong)
