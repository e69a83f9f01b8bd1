"""A fit that is killed leaves whole files: model, CSV log, TensorBoard log."""

import csv
import os
import pathlib
import signal
import struct
import subprocess
import sys

import cornu
from cornu import keras

# Where the folder differs, the same module is found.
ENVIRONMENT = os.environ | {"PYTHONPATH": str(pathlib.Path(cornu.__file__).absolute().parents[1])}
FIT = """
import numpy as np
from cornu import keras

class Save(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.save("model.safetensors")
        if epoch == 20:
            print("going", flush=True)

x = np.random.default_rng(0).random((256, 8), np.float32)
model = keras.Sequential([keras.layers.Dense(64, "relu", input_shape=(8,)), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, x[:, 0], epochs=10_000_000, verbose=0, callbacks=[
    keras.callbacks.CSVLogger("log.csv"), keras.callbacks.TensorBoard("logs"), Save()])
"""


def whole_records(content):
    """The records of an event file; the last may be cut off."""
    records, at = [], 0
    while at + 12 <= len(content):
        size, = struct.unpack_from("<Q", content, at)
        if at + size + 16 > len(content):
            break
        records.append(content[at + 12:at + 12 + size])
        at += size + 16
    return records


def test_a_killed_fit_leaves_whole_files(tmp_path):
    fit = subprocess.Popen([sys.executable, "-c", FIT], cwd=tmp_path, stdout=subprocess.PIPE,
                           text=True, env=ENVIRONMENT)
    try:
        assert fit.stdout.readline() == "going\n"
    finally:
        fit.send_signal(signal.SIGKILL)
        fit.wait()
        fit.stdout.close()
    assert fit.returncode == -signal.SIGKILL

    assert len(keras.models.load_model(tmp_path / "model.safetensors").get_weights()) == 4
    with open(tmp_path / "log.csv", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["epoch", "loss"] and len(rows) >= 20
    assert [int(row[0]) for row in rows] == list(range(len(rows)))
    assert all(float(row[1]) > 0 for row in rows)
    log, = (tmp_path / "logs" / "train").glob("*tfevents*")
    losses = [each for each in whole_records(log.read_bytes()) if b"epoch_loss" in each]
    assert len(losses) >= 20


def test_a_callback_that_raises_leaves_whole_files(tmp_path):
    fit = subprocess.run([sys.executable, "-c", FIT.replace('print("going", flush=True)',
                                                           'raise RuntimeError("enough")')],
                         cwd=tmp_path, capture_output=True, text=True, timeout=300, env=ENVIRONMENT)
    assert fit.returncode == 1 and fit.stderr.endswith("RuntimeError: enough\n")
    assert "in on_epoch_end" in fit.stderr
    keras.models.load_model(tmp_path / "model.safetensors")
    rows = (tmp_path / "log.csv").read_text().splitlines()
    assert len(rows) >= 21 and rows[-1].startswith("20,")
