"""ModelCheckpoint and BackupAndRestore: fits that are saved, interrupted, killed, and go on."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

import cornu
from cornu import keras

from checkpoint_cases import files_of
from data import blobs, classifier

# tools/make_checkpoint_goldens.py wrote what Keras does.
CASES = json.loads((pathlib.Path(__file__).parent / "golden" / "checkpoints.json").read_text())
X, Y = blobs(160)
# Where the folder differs, the same module is found.
ENVIRONMENT = os.environ | {"PYTHONPATH": str(pathlib.Path(cornu.__file__).absolute().parents[1])}
# A fit of 6 epochs of 5 steps. It kills itself at the given steps of its process, one after the
# other, and then writes what it has become.
FIT = """
import json, os, signal, sys
import numpy as np
from cornu import keras

class Noise(keras.callbacks.Callback):
    "It draws numbers, sums up steps, and changes what is trained by both."

    def on_train_begin(self, logs=None):
        self.random = np.random.default_rng(7)
        self.seen = {"steps": np.zeros((2, 3), np.int64), "drawn": []}

    def on_train_batch_end(self, batch, logs=None):
        self.seen["steps"][0, 0] += 1
        self.seen["drawn"].append(float(self.random.random()))

    def on_epoch_end(self, epoch, logs=None):
        logs["mine"] = self.seen["drawn"][-1] + self.seen["steps"].sum()
        self.model.optimizer.learning_rate = 0.01 * self.seen["drawn"][-1]

    def state(self):
        return {**self.seen, "random": self.random.bit_generator.state}

    def set_state(self, state):
        state = dict(state)
        self.random.bit_generator.state = state.pop("random")
        self.seen = state

class Kill(keras.callbacks.Callback):
    def __init__(self, step):
        self.step = step

    def on_train_batch_end(self, batch, logs=None):
        self.step -= 1
        if self.step == 0:
            os.kill(os.getpid(), signal.SIGKILL)

random = np.random.default_rng(0)
x = random.random((50, 4), np.float32)
y = (x.sum(1) > 2).astype(np.float32)
layers = keras.layers
model = keras.Sequential([keras.Input((4,)), layers.Dense(8, "relu"), layers.BatchNormalization(),
                          layers.Dropout(0.3), layers.Dense(1, "sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=["accuracy", "auc"])
freq, step = json.loads(sys.argv[1])
callbacks = [Noise(), keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True),
             keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: None)]
if freq is not None:
    callbacks.insert(0, keras.callbacks.BackupAndRestore("backup", freq))
if step is not None:
    callbacks.append(Kill(step))
history = model.fit(x, y, batch_size=8, epochs=6, verbose=0, callbacks=callbacks,
                    validation_split=0.2)
assert model.history is history
print(json.dumps([history.epoch, history.history, [each.tobytes().hex() for each in
                                                   model.get_weights()],
                  model.get_metrics_result()]))
"""


def fit(folder, freq, step=None):
    """A fit in a process of its own: what it prints, None if it was killed."""
    run = subprocess.run([sys.executable, "-c", FIT, json.dumps([freq, step])], cwd=folder,
                         capture_output=True, text=True, timeout=300, env=ENVIRONMENT)
    if run.returncode == -signal.SIGKILL:
        return None
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unbroken")
    return fit(folder, None), (folder / "best.keras").read_bytes()


# Within an epoch, at its end, twice; backups after epochs and after steps.
@pytest.mark.parametrize("freq, kills", [("epoch", [12]), (1, [3, 10]), (4, [15, 9])])
def test_a_killed_fit_goes_on_bit_for_bit(tmp_path, unbroken, freq, kills):
    for step in kills:
        assert fit(tmp_path, freq, step) is None
        assert list((tmp_path / "backup").glob("*.safetensors"))
    expected, best = unbroken
    assert fit(tmp_path, freq) == expected
    assert (tmp_path / "best.keras").read_bytes() == best
    assert not (tmp_path / "backup").exists()


def weights(model):
    return [each.tobytes() for each in model.get_weights()]


def described(history):
    return history.epoch, history.history


def slow():
    """A network that takes a second for four epochs of 500 steps."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((8,)), layers.Dense(256, "relu"), layers.Dropout(0.2),
                              layers.Dense(256, "relu"), layers.Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def test_ctrl_c_leaves_a_backup_of_its_step(ctrl_c, tmp_path):
    x, y = blobs(16_000)

    def press():
        threading.Timer(0.05, lambda: os.kill(os.getpid(), signal.SIGINT)).start()

    def fit(model, *callbacks):
        return model.fit(x, y, epochs=4, verbose=0, callbacks=list(callbacks))
    whole = slow()
    expected = fit(whole)
    model = slow()
    with pytest.raises(KeyboardInterrupt):
        fit(model, keras.callbacks.BackupAndRestore(tmp_path, 1_000_000),
            keras.callbacks.LambdaCallback(on_train_begin=lambda logs: press()))
    name, = (each.name for each in tmp_path.glob("*.safetensors"))
    _, epoch, _, step, _ = name.split("-")
    # The same model goes on, as in a notebook.
    epochs, steps = [], []
    history = fit(model, keras.callbacks.BackupAndRestore(tmp_path, 1_000_000),
                  keras.callbacks.LambdaCallback(
                      on_epoch_begin=lambda epoch, logs: epochs.append(epoch),
                      on_train_batch_end=lambda step, logs: steps.append(step)))
    assert steps[0] == int(step) and len(steps) == 2000 - 500 * int(epoch) - int(step)
    assert epochs == list(range(int(epoch) + (int(step) > 0), 4))
    assert described(history) == described(expected)
    assert weights(model) == weights(whole)


class Raises(keras.callbacks.Callback):
    def __init__(self, steps, error):
        self.steps, self.error = steps, error

    def on_train_batch_end(self, batch, logs=None):
        self.steps -= 1
        if self.steps == 0:
            raise self.error


@pytest.mark.parametrize("error", [RuntimeError("enough"), KeyboardInterrupt()])
def test_an_error_leaves_the_backup_before_it(tmp_path, error):
    whole = classifier()
    expected = whole.fit(X, Y, epochs=4, verbose=0)
    model = classifier()
    backup = keras.callbacks.BackupAndRestore(str(tmp_path / "backup"), double_checkpoint=True)
    with pytest.raises(type(error)):
        model.fit(X, Y, epochs=4, verbose=0, callbacks=[backup, Raises(13, error)])
    again = keras.callbacks.BackupAndRestore(str(tmp_path / "backup"))
    history = model.fit(X, Y, epochs=4, verbose=0, callbacks=[again])
    assert described(history) == described(expected)
    assert weights(model) == weights(whole)
    assert not (tmp_path / "backup").exists()


def test_a_kept_backup_serves_more_epochs(tmp_path):
    kept = keras.callbacks.BackupAndRestore(tmp_path / "backup", delete_checkpoint=False)
    whole = classifier()
    expected = whole.fit(X, Y, epochs=5, verbose=0)
    model = classifier()
    first = model.fit(X, Y, epochs=3, verbose=0, callbacks=[kept])
    again = classifier().fit(X, Y, epochs=3, verbose=0, callbacks=[kept])
    assert described(again) == described(first)
    with pytest.raises(cornu.Error, match="before/epochs: 3, before 0"):
        model.fit(X, Y, epochs=3, verbose=0, callbacks=[kept])
    history = model.fit(X, Y, epochs=5, verbose=0, callbacks=[kept])
    assert described(history) == described(expected)
    assert weights(model) == weights(whole)


def test_another_fit_is_refused_with_the_differences(tmp_path):
    kept = keras.callbacks.BackupAndRestore(tmp_path, delete_checkpoint=False)
    classifier().fit(X, Y, epochs=1, verbose=0, callbacks=[kept])
    with pytest.raises(cornu.Error, match="fit/batch_size: 16, before 32"):
        classifier().fit(X, Y, batch_size=16, epochs=2, verbose=0, callbacks=[kept])
    with pytest.raises(cornu.Error, match="data/fingerprint: .*, before"):
        classifier().fit(X + 1, Y, epochs=2, verbose=0, callbacks=[kept])
    with pytest.raises(cornu.Error, match="callbacks: ModelCheckpoint, History, before History"):
        classifier().fit(X, Y, epochs=2, verbose=0, callbacks=[
            keras.callbacks.ModelCheckpoint(tmp_path / "m.keras"), kept])


class Doubled(keras.layers.Layer):
    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 2), name="kernel")

    def call(self, x):
        return keras.ops.matmul(x, self.kernel) * 2


def squares(y_true, y_pred):
    return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)


def batches():
    while True:
        for i in range(0, 160, 32):
            yield X[i:i + 32], X[i:i + 32, :1]


def test_a_fit_of_own_parts_on_a_generator_goes_on(tmp_path):
    def model():
        made = keras.Sequential([keras.Input((8,)), Doubled(), keras.layers.Dense(1)])
        made.compile("adam", squares, metrics=[squares])
        return made

    def fit(model, *callbacks):
        return model.fit(batches(), epochs=4, steps_per_epoch=5, verbose=0,
                         callbacks=list(callbacks))
    whole, broken, resumed_model = model(), model(), model()
    expected = fit(whole)
    with pytest.raises(RuntimeError):
        fit(broken, keras.callbacks.BackupAndRestore(tmp_path, 1),
            Raises(13, RuntimeError("enough")))
    history = fit(resumed_model, keras.callbacks.BackupAndRestore(tmp_path, 1))
    assert described(history) == described(expected)
    assert weights(resumed_model) == weights(whole)


class Remembers(keras.callbacks.Callback):
    """Its state is what it is given."""

    def __init__(self, given):
        self.given, self.taken = given, None

    def state(self):
        return self.given

    def set_state(self, state):
        self.taken = state


def resumed(tmp_path, given):
    """What a state has become in a fit that goes on."""
    kept = keras.callbacks.BackupAndRestore(tmp_path, delete_checkpoint=False)
    classifier().fit(X, Y, epochs=1, verbose=0, callbacks=[kept, Remembers(given)])
    again = Remembers(None)
    classifier().fit(X, Y, epochs=1, verbose=0, callbacks=[kept, again])
    return again.taken


def test_a_state_comes_back(tmp_path):
    given = {"none": None, "yes": True, "int": -3, "large": 2 ** 100, "float": 0.1,
             "text": "é\0\"", "nan": float("nan"), "infinite": [float("inf"), -float("inf")],
             "empty": {}, "deep": {"list": [1, [2.5, {"a": "b"}]]}, "number": np.float32(0.1),
             "whole": np.int64(7), "tuple": (1, 2)}
    arrays = {"f4": np.array([[0.1, np.nan]], np.float32), "f8": np.array([0.1, np.inf]),
              "i8": np.arange(6).reshape(2, 3).T, "i4": np.array([1, -1], np.int32),
              "u1": np.array([255], np.uint8), "none": np.zeros((0, 3)), "one": np.array(2.5)}
    taken = resumed(tmp_path, {**given, "arrays": [arrays, {"again": arrays["f8"]}],
                               "top": arrays["i8"]})
    found = taken.pop("arrays")
    assert found[0].keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[0][name].dtype == array.dtype and found[0][name].shape == array.shape, name
        np.testing.assert_array_equal(found[0][name], array)
    np.testing.assert_array_equal(found[1]["again"], arrays["f8"])
    np.testing.assert_array_equal(taken.pop("top"), arrays["i8"])
    assert np.isnan(taken.pop("nan"))
    given.pop("nan")
    assert taken == given | {"tuple": [1, 2]}
    assert type(taken["number"]) is float and type(taken["whole"]) is int


def nested(depth):
    return [nested(depth - 1)] if depth else []


@pytest.mark.parametrize("given, match", [
    ([1], r"Remembers.state\(\); expected a dict, got list"),
    ({"a": object()}, "expected texts, numbers, None, lists, dicts and NumPy arrays, got object"),
    ({"a": {1: 2}}, "expected texts as the keys of dicts, got the key 1"),
    ({"a": np.array([1j])}, "array; expected elements of type float32"),
    ({"a": nested(100)}, "64 lists and dicts within each other"),
    ({"__array__": "0"}, "expected other keys"),
])
def test_other_states_are_refused(tmp_path, given, match):
    with pytest.raises(cornu.Error, match=match.replace("; ", "[:;] ")):
        classifier().fit(X, Y, epochs=1, verbose=0, callbacks=[
            keras.callbacks.BackupAndRestore(tmp_path), Remembers(given)])


def test_half_of_a_state_is_refused_where_it_is_needed(tmp_path):
    class Half(keras.callbacks.Callback):
        def state(self):
            return {}
    classifier().fit(X, Y, verbose=0, callbacks=[Half()])
    with pytest.raises(cornu.Error, match=r"Half: expected both state\(\) and set_state"):
        classifier().fit(X, Y, verbose=0, callbacks=[
            Half(), keras.callbacks.BackupAndRestore(tmp_path)])

    class Named(keras.callbacks.Callback):
        state = "an attribute"
    classifier().fit(X, Y, verbose=0, callbacks=[
        Named(), keras.callbacks.BackupAndRestore(tmp_path / "backup")])


@pytest.mark.parametrize("case", CASES, ids=[each["options"]["filepath"] for each in CASES])
def test_model_checkpoint_writes_the_files_that_keras_writes(tmp_path, capfd, case):
    capfd.readouterr()
    assert files_of(keras, tmp_path, case["options"], case["values"]) == case["files"]
    printed = capfd.readouterr().err.replace(str(tmp_path), "DIR")
    lines = [each for each in printed.splitlines() if not each.startswith("ModelCheckpoint: ")]
    assert lines == case["printed"].splitlines()


def test_model_checkpoint_saves_what_was_best(tmp_path):
    class Given(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["q"] = [3.0, 2.0, 2.5, 1.0][epoch]
    best = keras.callbacks.ModelCheckpoint(
        tmp_path / "{epoch:02d}-{q:.1f}.weights.h5", "q", save_best_only=True,
        save_weights_only=True, mode="min")
    assert best.best is None and best.save_freq == "epoch"
    model = classifier()
    model.fit(X, Y, epochs=4, verbose=0, callbacks=[Given(), best])
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "01-3.0.weights.h5", "02-2.0.weights.h5", "04-1.0.weights.h5"]
    assert best.best == 1.0
    loaded = classifier()
    loaded.load_weights(tmp_path / "04-1.0.weights.h5")
    assert weights(loaded) == weights(model)


def test_keras_patterns_are_refused_as_written():
    with pytest.raises(cornu.Error, match="filepath: expected a format of a number"):
        keras.callbacks.ModelCheckpoint("{loss:d}.keras")
    with pytest.raises(cornu.Error, match="ends in .keras, .h5 or .safetensors, got a.txt"):
        keras.callbacks.ModelCheckpoint("a.txt")
    with pytest.raises(cornu.Error, match="save_freq"):
        keras.callbacks.BackupAndRestore("backup", save_freq="batch")
