"""Ctrl-C ends evaluate and predict, which have no epochs, after their present step."""

import os
import signal
import threading
import time

import numpy as np
import pytest

from cornu import keras

ROWS = 2_000_000


@pytest.fixture(scope="module")
def slow():
    """A network that takes half a minute for all rows, or minutes."""
    model = keras.Sequential([keras.layers.Dense(1024, "relu", input_shape=(8,)),
                              keras.layers.Dense(1024, "relu"), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.predict(np.ones((1, 8), np.float32))
    return model


@pytest.mark.parametrize("run", [
    lambda model, x: model.predict(x),
    lambda model, x: model.predict(x, callbacks=[keras.callbacks.Callback()]),
    lambda model, x: model.predict_classes(x),
    lambda model, x: model.evaluate(x, x[:, 0], verbose=0),
    lambda model, x: model.fit(x[:2], x[:2, 0], validation_data=(x, x[:, 0]), verbose=0)],
    ids=["predict", "predict with a callback", "predict_classes", "evaluate", "validation"])
def test_ctrl_c_ends_a_long_run(slow, ctrl_c, run):
    x = np.ones((ROWS, 8), np.uint8)
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(slow, x)
    assert time.monotonic() - begin < 10
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert len(slow.predict(x[:5])) == 5


def test_ctrl_c_in_evaluate_prints_no_result(slow, ctrl_c, capsys):
    x = np.ones((ROWS, 8), np.uint8)
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        slow.evaluate(x, x[:, 0])
    assert capsys.readouterr().out == ""
