"""Progress in a terminal, a pipe and a notebook, in both styles."""

import contextlib
import fcntl
import io
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest

import cornu
from cornu import keras

from data import blobs, classifier

X, Y = blobs()
FOLDER = pathlib.Path(__file__).parent

# A fit of two epochs that take half a second each.
SLOW_FIT = f"""
import sys, time
sys.path.insert(0, {str(FOLDER)!r})
from cornu import keras
from data import blobs, classifier
class Slow(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        time.sleep(0.05)
x, y = blobs(320)
classifier().fit(x, y, epochs=2, validation_data=(x, y), callbacks=[Slow()])
"""
# A prediction of half a second.
SLOW_PREDICT = f"""
import sys, time
sys.path.insert(0, {str(FOLDER)!r})
from cornu import keras
from data import blobs, classifier
class Slow(keras.callbacks.Callback):
    def on_predict_batch_end(self, batch, logs=None):
        time.sleep(0.05)
x, y = blobs(320)
classifier().predict(x, verbose=1, callbacks=[Slow()])
"""
KERAS3_SLOW_PREDICT = SLOW_PREDICT.replace(
    "class Slow", 'keras.config.set_progress_style("keras3")\nclass Slow')
KERAS3_SLOW_FIT = SLOW_FIT.replace("class Slow",
                                   'keras.config.set_progress_style("keras3")\nclass Slow')


@pytest.fixture
def keras3():
    keras.config.set_progress_style("keras3")
    yield
    keras.config.set_progress_style("tutorial")


def lines_of(text):
    """Lines with numbers as N and times as T."""
    text = re.sub(r"\d+s (- )?\d+[mu]?s/", r"T \1T/", text)
    return re.sub(r"\d\.\d{4}(e[-+]\d\d)?", "N", text).splitlines()


def test_lines_of_keras3(keras3, capsys):
    model = classifier()
    model.fit(X, Y, epochs=2, validation_split=0.1)
    model.fit(X[:20], Y[:20], verbose=2)
    model.evaluate(X, Y)
    model.evaluate(X, Y, verbose=2)
    model.predict(X)
    model.predict(X, verbose=2)
    model.predict(X, verbose=0)
    model.predict_on_batch(X)
    model(X)
    # What Keras 3.15.1 leaves on the screen after the same calls.
    values = "accuracy: N - loss: N"
    assert lines_of(capsys.readouterr().out) == [
        "Epoch 1/2",
        f"6/6 ━━━━━━━━━━━━━━━━━━━━ T T/step - {values} - val_accuracy: N - val_loss: N",
        "Epoch 2/2",
        f"6/6 ━━━━━━━━━━━━━━━━━━━━ T T/step - {values} - val_accuracy: N - val_loss: N",
        f"1/1 - T - T/step - {values}",
        f"7/7 ━━━━━━━━━━━━━━━━━━━━ T T/step - {values}",
        f"7/7 - T - T/step - {values}",
        "7/7 ━━━━━━━━━━━━━━━━━━━━ T T/step",
        "7/7 - T - T/step"]


def test_lines_of_the_tutorial(capsys):
    model = classifier()
    model.fit(X, Y, verbose=2)
    model.evaluate(X, Y, verbose=2)
    model.predict(X)
    model.predict(X, verbose=1)
    assert lines_of(capsys.readouterr().out) == [
        "Train on 200 samples", "Epoch 1/1",
        "200/200 - 0s - loss: N - accuracy: N", "200/200 - 0s - loss: N - accuracy: N",
        "200/200 [==============================] - T T/sample"]


def test_a_generator_counts_its_samples(capsys):
    def batches():
        for i in range(5):
            yield X[40 * i:40 * i + 40], Y[40 * i:40 * i + 40]
    classifier().fit(batches())
    assert capsys.readouterr().out.splitlines()[1].startswith("200/200 [=====")


def test_verbose(capsys):
    model = classifier()
    model.fit(X, Y, verbose=0)
    model.evaluate(X, Y, verbose=0)
    assert capsys.readouterr().out == ""
    for wrong in ("loud", 3, None):
        with pytest.raises(cornu.Error, match='verbose; expected 0, 1, 2 or "auto"'):
            model.fit(X, Y, verbose=wrong)


def test_styles():
    assert keras.config.progress_style() == "tutorial"
    with pytest.raises(cornu.Error, match='unknown style "keras4"; expected one of keras3, tut'):
        keras.config.set_progress_style("keras4")
    assert keras.config.progress_style() == "tutorial"


def test_output_follows_sys_stdout(keras3):
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        classifier().fit(X, Y)
    assert text.getvalue().startswith("7/7 ")
    raw = io.BytesIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(raw, "ascii")):
        classifier().fit(X, Y)
        sys.stdout.flush()
        assert raw.getvalue().startswith(b"7/7 ==================== ")


def on_terminal(code, columns):
    """What a program writes to a terminal on its standard output, and to its standard error."""
    terminal, line = pty.openpty()
    fcntl.ioctl(line, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen([sys.executable, "-c", code], stdout=line, stderr=subprocess.PIPE,
                          env={**os.environ, "TERM": "xterm"}) as process:
        os.close(line)
        parts = []
        with contextlib.suppress(OSError):  # which tells that the program has ended
            while part := os.read(terminal, 65536):
                parts.append(part)
        errors = process.stderr.read().decode()
    os.close(terminal)
    return b"".join(parts).decode().replace("\r\n", "\n"), errors


@pytest.mark.parametrize("code, unit", [(SLOW_FIT, "320/320 [="), (KERAS3_SLOW_FIT, "10/10")])
def test_a_terminal_has_a_bar(code, unit):
    text, errors = on_terminal(code, 90)
    assert errors == ""
    assert text.count("\r") > 8
    shown = re.sub(r"\x1b\[\d+m", "", text)
    states = re.split(r"[\r\n]", shown)
    assert all(len(state) < 90 for state in states)
    assert sum(unit in state for state in states) == 2


@pytest.mark.parametrize("code, last", [
    (SLOW_PREDICT, "320/320 [==============================] - T T/sample"),
    (KERAS3_SLOW_PREDICT, "10/10 ━━━━━━━━━━━━━━━━━━━━ T T/step")])
def test_a_prediction_has_a_bar_in_a_terminal(code, last):
    text, errors = on_terminal(code, 90)
    assert errors == ""
    states = re.split(r"[\r\n]", re.sub(r"\x1b\[\d+m", "", text))
    assert len([state for state in states if state.strip()]) > 4
    assert all(len(state) < 90 for state in states)
    assert lines_of(states[-2].rstrip()) == [last] and states[-1] == ""


def test_a_pipe_has_lines_alone():
    for code, lines in ((SLOW_FIT, 5), (KERAS3_SLOW_FIT, 4), (SLOW_PREDICT, 1),
                        (KERAS3_SLOW_PREDICT, 1)):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        assert done.stderr == b""
        assert not {b"\r", b"\x1b", b"\b"} & {done.stdout[i:i + 1] for i in range(len(done.stdout))}
        assert done.stdout.count(b"\n") == lines


def in_kernel(code, watched):
    """The messages of a notebook's cell."""
    done = subprocess.run([sys.executable, FOLDER / "kernel.py", code, watched],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_notebook_has_a_bar_only_if_someone_sees_it():
    pytest.importorskip("ipykernel")
    watched, unwatched = in_kernel(SLOW_FIT, "watched"), in_kernel(SLOW_FIT, "unwatched")
    assert "".join(watched).count("ETA") >= 4
    assert len(watched) <= 23  # each line, and each step at most
    text = "".join(unwatched)
    assert "\r" not in text and len(unwatched) <= 5
    assert lines_of(text) == lines_of("".join(
        re.sub(r".*\r", "", line) for line in "".join(watched).splitlines(keepends=True)))


def test_the_library_reads_the_style():
    model = classifier()
    samples = cornu._cornu.samples([X], [], [])
    with pytest.raises(cornu.Error, match="style"):
        cornu._cornu.predict_watched(model._handle, samples, [], 32, 1, False,
                                     ("keras4", 0, -1, True))
