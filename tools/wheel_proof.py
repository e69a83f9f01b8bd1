"""What an installed wheel must do where nothing of a build is; run by tools/make_wheel."""

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

import cornu
from cornu import keras

MOST_MILLISECONDS = 60


def milliseconds(code):
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (time.perf_counter() - begin) * 1000


def import_costs():
    """Milliseconds that `import cornu` takes beyond `import numpy`: the median of pairs."""
    pairs = [(milliseconds("import numpy"), milliseconds("import numpy; import cornu"))
             for _ in range(16)]
    return statistics.median(ours - numpy for numpy, ours in pairs[1:])


def main():
    (x, y), (x_test, y_test) = keras.datasets.digits.load_data()
    model = keras.Sequential([keras.layers.Flatten(input_shape=x.shape[1:]),
                              keras.layers.Dense(64, "relu"), keras.layers.Dense(10, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        logs = keras.callbacks.TensorBoard(path / "logs", histogram_freq=1, write_images=True)
        model.fit(x / 255, y, epochs=5, verbose=2, callbacks=[logs])
        assert list((path / "logs" / "train").glob("*tfevents*"))
        model.save(path / "model.safetensors")
        same = keras.models.load_model(path / "model.safetensors")
        assert np.array_equal(same.predict(x_test / 255), model.predict(x_test / 255))
        try:
            keras.utils.plot_model(model, path / "model.png")
            print("plot_model draws: cairo is there")
        except cornu.Error as error:
            print(error)
            assert "apt-get install libcairo2" in str(error)
    assert "Number of outputs" in keras.layers.Dense.__doc__
    accuracy = model.evaluate(x_test / 255, y_test, verbose=0)[1]
    assert accuracy > 0.85, accuracy
    costs = import_costs()
    print(f"cornu {cornu.__version__}, Python {sys.version.split()[0]}, accuracy {accuracy:.3f}, "
          f"import {costs:.0f} ms more than NumPy's")
    assert costs <= MOST_MILLISECONDS


main()
