"""Memory: a thousand runs leave none behind, and no object of the library stays."""

import subprocess
import sys
import textwrap

import pytest

from data import SANITIZED

# 64 KiB of samples. `run` is done a thousand times; its growth in KiB is printed, without that of
# the first runs, which fill what is kept for later ones.
SETUP = """
import gc
import numpy as np
from cornu import keras

x = np.random.default_rng(0).random((512, 32), np.float32)
y = (x[:, 0] > 0.5).astype(np.int64)
model = keras.Sequential([keras.layers.Dense(8, "relu", input_shape=(32,)),
                          keras.layers.Dense(2, "softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

def repeat(times):
    for _ in range(times):
        run()
    gc.collect()
    return resident()
"""
REPEAT = """
repeat(200)
before = repeat(1)
print(repeat(1000) - before)
"""
# Less than 2 KiB a run.
MOST = 2048

RUNS = {
    "fit": "model.fit(x, y, batch_size=128, verbose=0)",
    "validation": "model.fit(x, y, batch_size=256, verbose=0, validation_data=(x, y))",
    "converted": "model.fit(x.astype(np.float64)[::-1], y, batch_size=256, verbose=0)",
    "evaluate": "model.evaluate(x, y, batch_size=256, verbose=0)",
    "predict": "model.predict(x); model.predict_classes(x)",
    "callback": """
        class Mine(keras.callbacks.Callback):
            def on_train_batch_end(self, batch, logs=None):
                self.seen = dict(logs)
        model.fit(x, y, batch_size=128, verbose=0, callbacks=[Mine()])""",
    "exception": """
        class Mine(keras.callbacks.Callback):
            def on_train_batch_end(self, batch, logs=None):
                raise KeyError(batch)
        try:
            model.fit(x, y, batch_size=128, verbose=0, callbacks=[Mine()])
        except KeyError:
            pass""",
    "wrong shape": """
        try:
            model.fit(x[:, :5], y, verbose=0)
        except ValueError:
            pass""",
    "generator": """
        model.fit(((x[i:i + 128], y[i:i + 128]) for i in range(0, 512, 128)), verbose=0)""",
    "new model": """
        other = keras.Sequential([keras.layers.Dense(8, "relu"), keras.layers.Dense(2)])
        other.compile("adam", "mse")
        other.fit(x, x[:, :2], batch_size=256, verbose=0)""",
}


def output_of(code):
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True,
                          text=True, timeout=600)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def growth(body):
    run = "def run():\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return int(output_of(f"{SETUP}\n{run}\n{REPEAT}"))


@pytest.mark.skipif(SANITIZED, reason="the address sanitizer keeps freed memory for a while")
@pytest.mark.parametrize("name", RUNS)
def test_a_thousand_runs_leave_no_memory(name):
    assert growth(RUNS[name]) < MOST


@pytest.mark.skipif(SANITIZED, reason="the address sanitizer keeps freed memory for a while")
def test_a_leak_would_be_seen():
    leak = "model.fit(x, y, batch_size=256, verbose=0); kept.append(x.copy())"
    assert growth(f"global kept; kept = globals().get('kept', []); {leak}") > 20 * MOST


def test_nothing_of_the_library_is_left_at_the_end():
    """At the end of Python, nanobind says which objects are left: output_of wants silence."""
    output_of(SETUP + textwrap.dedent("""
        class Mine(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                pass
        x1 = keras.Input((32,))
        functional = keras.Model(x1, keras.layers.Dense(2, "softmax")(x1))
        functional.compile("sgd", "sparse_categorical_crossentropy")
        for each in (model, functional):
            history = each.fit(x, y, verbose=0, callbacks=[Mine()])
            outputs = each.predict(x)
        weights = model.weights
        """))
