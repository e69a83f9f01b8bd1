"""Files of real Keras, of any version, opened here, written again and opened there. Needs Python
interpreters that have Keras, and the program that computes in float64, of a build with CORNU_TESTS:

    CORNU_KERAS_PYTHONS=/tmp/tf215/bin/python:/tmp/keras35/bin/python \\
        CORNU_PREDICT_FLOAT64=build/tests/predict_float64 PYTHONPATH=build/python/package \\
        python -m pytest -m long python/tests/test_keras_files.py

CORNU_KERAS_MODELS=fresh,residual takes those of the models of tools/keras_models.py alone.

Predictions and one more step of training agree with Keras's within 1e-5 of the largest number, a
step whose result in Keras is farther than that from float64 within 1e-5 more than Keras's own
distance; and Cornu is no farther from float64 than twice Keras is.
"""

import dataclasses
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
NEAR = 1e-5  # of the largest number of an output
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
    *((name, (3, 1), "has more weights than the file")
      for name in ("nested_", "network_in_network", "network_of_two_outputs_within")),
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


# Keras 3.0 says of a layer that it opened that it is frozen, and trains it.
FROZEN_AND_TRAINED = (("all_frozen", "frozen_layers", "frozen_network"), (3, 5))


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


def in_float64(file, *options):
    """What the model of a file makes of its data in float64."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder, "y.npz")
        data = file.with_name(model_of(file) + ".npz")
        subprocess.run([PREDICT_FLOAT64, *options, file, data, out], check=True)
        return arrays(np.load(out), "y")


@dataclasses.dataclass
class Distances:
    """How far the same numbers of Cornu, Keras and float64 are from each other."""

    file: str
    between: float
    ours: float  # from float64
    keras: float

    @property
    def allowed(self):
        """Between Cornu and Keras: what Keras's own roundings need is allowed beside."""
        return NEAR if self.keras <= NEAR else NEAR + self.keras

    def __str__(self):
        return (f"{self.file}: {self.between:.2g} between Cornu and Keras, where {self.allowed:.2g} "
                f"is allowed; from float64 {self.ours:.2g} and {self.keras:.2g}")


def distances(file, found, theirs, exact):
    """Of each output; near enough to each other, and to float64."""
    all_of_them = [Distances(file.name, distance([ours], [keras_own]), distance([ours], [truth]),
                             distance([keras_own], [truth]))
                   for ours, keras_own, truth in zip(found, theirs, exact, strict=True)]
    for each in all_of_them:
        assert each.between <= each.allowed, each
        assert each.ours <= 2 * each.keras + 1e-6, each
    return all_of_them


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
    """Opens a file, compares what the model does, and writes it again. Returns the distances after
    one more step of training, if it has one to compare.
    """
    name = model_of(file)
    data = np.load(file.with_name(name + ".npz"))
    model = opened(file)
    found = listed(model.predict(alone(arrays(data, "x")), verbose=0))
    assert distance(found, arrays(data, "y")) <= NEAR
    if file.name.endswith(".weights.h5"):
        return []
    distances(file, found, arrays(data, "y"), in_float64(file))
    for ending in (".keras", ".h5") if version >= (3,) else (".h5",):
        model.save(again / (file.name.replace(".", "_") + ending))
    shutil.copy(file.with_name(name + ".npz"), again / (file.name.replace(".", "_") + ".npz"))
    # Without the state of tf.keras's older optimizers, which it does not write into .keras.
    is_whole = file.suffix == ".h5" or not name.startswith("optimizer_legacy")
    if not (arrays(data, "after") and is_whole and steps_as_today(version, name)):
        return []
    return distances(file, trained(model, data), arrays(data, "after"),
                     in_float64(file, "--after-step"))


def read_again(python, again, steps):
    """What is wrong with the files that Cornu wrote in that Keras; adds the distances after one more
    step there to those that Cornu's own steps have.
    """
    run(python, "read", str(again))
    version = version_of(python)
    unread = {each.name: each.read_text() for each in again.glob("*.error")}
    wrong = [f"{name}: {text}" for name, text in unread.items()
             if not is_known(UNREAD_BY_KERAS, name, version, text)]
    for file in sorted([*again.glob("*.keras.npz"), *again.glob("*.h5.npz")]):
        original = file.with_suffix("").with_suffix("")
        before, after = np.load(original.with_suffix(".npz")), np.load(file)
        far = distance(arrays(after, "y"), arrays(before, "y"))
        if far > NEAR:
            wrong.append(f"{file.name}: {far:.2g} in Keras")
        frozen, right = FROZEN_AND_TRAINED
        is_trained = version < right and original.name.startswith(frozen)
        own_steps = [] if is_trained else steps.get(original.name, [])
        for own, ours, keras_own in zip(own_steps, arrays(after, "after"), arrays(before, "after")):
            step = dataclasses.replace(own, between=distance([ours], [keras_own]))
            if step.between > step.allowed:
                wrong.append(f"{file.name}, a step of Keras: {step}")
    return wrong


def told(version, steps):
    """How near the steps were, and those that were not within 1e-5."""
    all_of_them = sorted((each for step in steps.values() for each in step),
                         key=lambda each: -each.between)
    far = [each for each in all_of_them if each.between > NEAR]
    return "\n".join([f"Keras {version}: after one more step {len(all_of_them)} outputs of "
                      f"{len(steps)} files, {len(all_of_them) - len(far)} within {NEAR:g} of Keras's"
                      + (", not" if far else ""), *map(str, far)])


def test_there_is_an_interpreter():
    assert PYTHONS, "CORNU_KERAS_PYTHONS names no interpreter that has Keras: nothing was tried"
    assert PREDICT_FLOAT64, "CORNU_PREDICT_FLOAT64 names no program: nothing was tried"


@pytest.mark.parametrize("python", PYTHONS)
def test_files_of(python, capsys):
    folder, report = _written(python)
    version = version_of(python)
    assert report["written"]
    again = folder / "again"
    again.mkdir(exist_ok=True)
    refused = {**REFUSED, **(REFUSED_OF_OLD if version < (3,) else {})}
    wrong, steps = [], {}
    for file in sorted(folder.glob("*.*")):
        name = model_of(file)
        if name is None:
            continue
        try:
            step = check_opened(file, version, again)
            if step:
                steps[file.name.replace(".", "_")] = step
        except Exception as error:
            is_refused = name in refused and refused[name] in str(error)
            if not is_refused and not is_known(LOST_BY_KERAS, name, version, str(error)):
                wrong.append(f"{file.name}: {error}")
    if version >= (3,):
        wrong += read_again(python, again, steps)
    with capsys.disabled():
        print("\n" + told(report["version"], steps))
    assert not wrong, "\n".join(wrong)
