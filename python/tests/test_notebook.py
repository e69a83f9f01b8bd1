"""The tutorial as a notebook, run from top to bottom without a network.

What it prints is compared with the tutorial as it was published for TensorFlow 2.0, and with what
the notebook's file shows.
"""

import ast
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

import cornu
from cornu import keras

for package in ("nbclient", "ipykernel", "matplotlib", "pandas", "seaborn", "tensorboard"):
    pytest.importorskip(package, exc_type=ImportError)

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "examples" / "neural_net_introduction.ipynb"
NO_NETWORK = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy")}

NUMBER = r"\d\.\d{4}"
LINE = re.compile(r"60000/60000 \[={30}\] - \d+s \d+[mu]?s/sample - loss: (%s) - accuracy: (%s)"
                  r"(?: - val_loss: (%s) - val_accuracy: (%s))?" % ((NUMBER,) * 4))


class Cells(list):
    """The code cells of a notebook, found by what their code begins with."""

    def __init__(self, path):
        document = json.loads(path.read_text())
        super().__init__(each for each in document["cells"] if each["cell_type"] == "code")

    def outputs(self, code, place=0):
        """The outputs of the cell at this place among those whose code begins so."""
        found = [each for each in self if "".join(each["source"]).startswith(code)]
        return found[place]["outputs"]

    def printed(self, code, place=0):
        """What the cell printed."""
        texts = ["".join(each["text"]) for each in self.outputs(code, place)
                 if each["output_type"] == "stream"]
        assert len(texts) == 1
        return texts[0]

    def result(self, code):
        """The text of the cell's value."""
        return "".join(self.outputs(code)[-1]["data"]["text/plain"])


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The cells after a run."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in NO_NETWORK.items():
            patch.setenv(name, value)
        try:
            keras.datasets.mnist.load_data()
        except cornu.Error:
            pytest.skip("full MNIST not found")
    result = tmp_path_factory.mktemp("notebook") / "result.ipynb"
    programs = os.path.dirname(sys.executable)  # %tensorboard looks for its program
    done = subprocess.run(
        [sys.executable, ROOT / "python" / "tools" / "run_notebook.py", NOTEBOOK, result],
        capture_output=True, text=True, timeout=600,
        env={**os.environ, **NO_NETWORK, "PATH": programs + os.pathsep + os.environ["PATH"]})
    assert done.returncode == 0, done.stderr
    return Cells(result)


def test_data(fresh):
    shapes = fresh.printed("print(X_train.shape")
    assert shapes == "(60000, 28, 28) (60000,) (10000, 28, 28) (10000,)\n"
    assert fresh.result("y_train[1:26]") == (
        "array([0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3, 6, 1, 7, 2, 8, 6, 9, 4, 0, 9,\n"
        "       1, 1, 2], dtype=uint8)")
    rows = fresh.result("y_train[1:16]").splitlines()
    assert rows[0] == "array([[1., 0., 0., 0., 0., 0., 0., 0., 0., 0.],"
    assert rows[14] == "       [0., 0., 0., 0., 0., 0., 0., 1., 0., 0.]], dtype=float32)"
    assert [re.findall(r"[01]\.", row).index("1.") for row in rows] == [
        0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3, 6, 1, 7]


def test_summary(fresh):
    # In the tutorial the model was its kernel's second, so its layers were dense_2 and dense_3.
    assert fresh.printed("model.summary()") == '''Model: "sequential"
_________________________________________________________________
Layer (type)                 Output Shape              Param #   
=================================================================
dense (Dense)                (None, 64)                50240     
_________________________________________________________________
dense_1 (Dense)              (None, 10)                650       
=================================================================
Total params: 50,890
Trainable params: 50,890
Non-trainable params: 0
_________________________________________________________________
'''
    assert fresh.result("(784*64)+ 64") == "(50240, 650)"


@pytest.mark.parametrize("place", [0, 1])
def test_form_of_a_fit(fresh, place):
    lines = fresh.printed("history = model.fit", place).splitlines()
    assert lines[0] == "Train on 60000 samples, validate on 10000 samples"
    assert lines[1::2] == [f"Epoch {epoch}/10" for epoch in range(1, 11)]
    for line in lines[2::2]:
        assert LINE.fullmatch(line)
    assert len(lines) == 21


@pytest.mark.parametrize("line, expected", [(2, (0.1051, 0.9707, 0.1200, 0.9641)),
                                            (20, (0.0574, 0.9849, 0.0922, 0.9723))])
def test_numbers_of_the_second_ten_epochs(fresh, line, expected):
    lines = fresh.printed("history = model.fit", 1).splitlines()
    found = [float(each) for each in LINE.fullmatch(lines[line]).groups()]
    for value, wanted, tolerance in zip(found, expected, (0.008, 0.004, 0.010, 0.005)):
        assert value == pytest.approx(wanted, abs=tolerance)


def test_evaluation(fresh):
    assert LINE.fullmatch(fresh.printed("model.evaluate").rstrip("\n"))
    loss, accuracy = ast.literal_eval(fresh.result("model.evaluate"))
    assert loss == pytest.approx(0.0519, abs=0.008) and accuracy == pytest.approx(0.9872, abs=0.004)
    assert re.fullmatch(r"\[0\.\d{15,}, 0\.\d{6,}\]", fresh.result("model.evaluate"))


def numbers(text):
    """The values of an array that was printed."""
    return ast.literal_eval(re.search(r"\[.*\]", text, re.DOTALL).group())


def test_predictions(fresh):
    text = fresh.result("model.predict(valid_0)")
    assert re.fullmatch(r"array\(\[\[(\d\.\d{7}e-\d\d(,\s+|(?=\]))){10}\]\], dtype=float32\)", text)
    row = numbers(text)[0]
    assert row.index(max(row)) == 7 and max(row) > 0.99
    assert fresh.result("model.predict_classes") == "array([7])"
    assert re.fullmatch(r"<matplotlib.image.AxesImage at 0x[0-9a-f]+>",
                        "".join(fresh.outputs("plt.imshow")[0]["data"]["text/plain"]))


def test_most_probable_digits(fresh):
    digits = "array([5, 0, 4, 1, 9, 2, 1, 3, 1, 4])"
    assert fresh.result("y_pred = y_proba.argmax") == digits
    assert fresh.result("y_pred = model.predict_classes") == digits
    top = numbers(fresh.result("k = 3"))
    assert [row[0] for row in top] == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert all(len(set(row)) == 3 for row in top)


def test_rounded_probabilities(fresh):
    # Digit for digit as the tutorial has them.
    assert fresh.result("y_proba.max") == (
        "array([0.99, 1.  , 0.99, 1.  , 0.99, 1.  , 1.  , 1.  , 1.  , 1.  ],\n"
        "      dtype=float32)")
    assert fresh.result("row_indices") == (
        "array([[0.99, 0.01, 0.  ],\n"
        "       [1.  , 0.  , 0.  ],\n"
        "       [0.99, 0.01, 0.  ],\n"
        "       [1.  , 0.  , 0.  ],\n"
        "       [0.99, 0.  , 0.  ],\n"
        + "       [1.  , 0.  , 0.  ],\n" * 4 +
        "       [1.  , 0.  , 0.  ]], dtype=float32)")
    # The probabilities that are next to 0 depend on the initial weights.
    rows = fresh.result("n_new = 10").splitlines()
    assert rows[0] == "array([[0.  , 0.  , 0.  , 0.01, 0.  , 0.99, 0.  , 0.  , 0.  , 0.  ],"
    assert rows[4] == "       [0.  , 0.  , 0.  , 0.  , 0.  , 0.  , 0.  , 0.  , 0.  , 0.99],"
    assert rows[9:] == ["       [0.  , 0.  , 0.  , 0.  , 1.  , 0.  , 0.  , 0.  , 0.  , 0.  ]],",
                        "      dtype=float32)"]


@pytest.mark.parametrize("code, count", [("import matplotlib.pyplot", 1), ("keras.utils.plot", 1),
                                         ("plot_learning_curves", 1), ("plt.imshow", 1)])
def test_pictures(fresh, code, count):
    pictures = [each for each in fresh.outputs(code) if "image/png" in each.get("data", ())]
    assert len(pictures) == count
    assert all(len(each["data"]["image/png"]) > 3000 for each in pictures)


def test_tensorboard_opens(fresh):
    page, = fresh.outputs("%tensorboard")
    assert "<iframe" in "".join(page["data"]["text/html"])


def comparable(outputs):
    """Outputs without times, addresses and pictures."""
    found = []
    for output in outputs:
        texts = {"stream": output.get("text"), **output.get("data", {})}
        for kind, text in texts.items():
            if text is not None and kind in ("stream", "text/plain"):
                text = re.sub(r"\d+s \d+[mu]?s/sample", "TIME", "".join(text))
                found.append((kind, re.sub(r"0x[0-9a-f]+", "ADDRESS", text)))
    return found


def test_the_file_shows_what_a_run_gives(fresh):
    """To the last digit, since the same seed gives the same bits on each machine."""
    stored = Cells(NOTEBOOK)
    assert [each["source"] for each in stored] == [each["source"] for each in fresh]
    for kept, now in zip(stored, fresh):
        source = "".join(kept["source"])
        if not source.startswith(('print("python"', "%tensorboard")):
            assert comparable(kept["outputs"]) == comparable(now["outputs"]), source
