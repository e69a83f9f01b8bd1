"""Writes python/tests/golden/fits.json: seven models as Keras trains them in float64, and how far
its float32 is from that.

    KERAS_BACKEND=jax python python/tools/make_fit_goldens.py

Needs keras and jax. python/tests/test_fits.py trains the same models with cornu.keras.
"""

import json
import pathlib
import sys

TESTS = pathlib.Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))

import described  # noqa: E402
import fit_models  # noqa: E402

PATH = TESTS / "golden" / "fits.json"


def text():
    lines = [f"{json.dumps(name)}: {json.dumps(described.run(fitted), separators=(',', ':'))}"
             for name, fitted in fit_models.FITTED.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    PATH.write_text(text())
