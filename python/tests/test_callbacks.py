"""Callbacks in Python and of the library, and Ctrl-C."""

import io
import os
import signal
import sys
import threading
import traceback

import pytest

import cornu
from cornu import keras

from data import blobs, classifier

X, Y = blobs()


class Recorder(keras.callbacks.Callback):
    def __init__(self):
        self.seen = []

    def on_train_begin(self, logs=None):
        self.seen.append("train")

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(epoch)
        logs["mine"] = float(epoch)

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append((batch, sorted(logs)))

    def on_test_end(self, logs=None):
        self.seen.append("tested")


def test_hooks_are_called_in_order():
    recorder = Recorder()
    history = classifier().fit(X, Y, batch_size=100, epochs=1, verbose=0, callbacks=[recorder],
                               validation_split=0.5)
    logs = ["accuracy", "loss"]
    assert recorder.seen == ["train", (0, logs), "tested", 0]
    assert history.history["mine"] == [0.0]
    assert recorder.params["steps"] == 1


def test_a_callback_stops_the_fit():
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 2:
                self.model.stop_training = True
    history = classifier().fit(X, Y, epochs=10, verbose=0, callbacks=Stop())
    assert history.epoch == [0, 1, 2]


def test_the_learning_rate_can_be_set():
    rates = []

    class Halve(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.model.optimizer.learning_rate = 0.5 ** epoch
            rates.append(float(self.model.optimizer.learning_rate))
    model = classifier()
    assert float(model.optimizer.learning_rate) == 0.001
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[Halve()])
    assert rates == [1, 0.5, 0.25]
    keras.backend.set_value(model.optimizer.learning_rate, 0.125)
    assert float(model.optimizer.lr) == 0.125


def test_scheduler_logs_its_rates():
    history = classifier().fit(
        X, Y, epochs=2, verbose=0,
        callbacks=[keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.1 / (epoch + 1))])
    assert history.history["learning_rate"] == [0.1, 0.05]


def test_an_exception_leaves_with_its_own_traceback():
    class Raises(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            raise KeyError("from the hook")
    model = classifier()
    with pytest.raises(KeyError, match="from the hook") as caught:
        model.fit(X, Y, verbose=0, callbacks=[Raises()])
    assert "on_train_batch_end" in [frame.name for frame in traceback.extract_tb(caught.tb)]
    model.fit(X, Y, verbose=0)


def test_early_stopping_is_the_library():
    stopping = keras.callbacks.EarlyStopping("loss", min_delta=10, patience=2,
                                             restore_best_weights=True)
    history = classifier().fit(X, Y, epochs=20, verbose=0, callbacks=[stopping])
    assert len(history.epoch) == 3
    assert stopping.stopped_epoch == 2 and stopping.best_epoch == 0


def test_lambda_and_csv(tmp_path):
    seen = []
    path = tmp_path / "log.csv"
    classifier().fit(X, Y, epochs=2, verbose=0, callbacks=[
        keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(epoch)),
        keras.callbacks.CSVLogger(path)])
    assert seen == [0, 1]
    assert path.read_text().startswith("epoch,")


def test_ctrl_c_keeps_weights_and_history(ctrl_c):
    model = classifier()
    before = model.get_weights()
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, epochs=10_000_000, verbose=0)
    assert 0 < len(model.history.epoch) < 10_000_000
    assert any((a != b).any() for a, b in zip(before, model.get_weights()))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    model.fit(X, Y, verbose=0)


def test_ctrl_c_while_progress_is_written(ctrl_c, monkeypatch):
    class Output(io.StringIO):
        def write(self, text):
            if "Epoch 3/" in text:
                signal.raise_signal(signal.SIGINT)
            return super().write(text)

    monkeypatch.setattr(sys, "stdout", Output())
    model = classifier()
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, epochs=1000, verbose=1)
    assert len(model.history.epoch) < 1000


def test_other_objects_are_refused():
    for wrong in (3, "early_stopping", keras.callbacks.EarlyStopping):
        with pytest.raises(cornu.Error, match="callbacks"):
            classifier().fit(X, Y, verbose=0, callbacks=[wrong])
