"""Writes python/tests/golden/fits.json: five models as Keras trains them in float64, and how far
its float32 is from that.

    python python/tools/make_fit_goldens.py

Needs keras and jax. python/tests/test_fits.py trains the same models with cornu.keras.
"""

import json
import os
import pathlib
import sys

os.environ.update(KERAS_BACKEND="jax", JAX_ENABLE_X64="1")

import keras  # noqa: E402
import numpy as np  # noqa: E402

TESTS = pathlib.Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))

import fit_models  # noqa: E402


def short(values):
    """Numbers in ten digits."""
    return [float(f"{each:.10g}") for each in np.ravel(values)]


def compared(exact, rounded):
    """The numbers of the float64 run, and the farthest that float32 is from one."""
    distance = np.max(np.abs(np.asarray(exact) - np.asarray(rounded)))
    return {"values": short(exact), "distance": float(f"{distance:.3g}")}


def golden(name):
    runs = {}
    for floatx in ("float32", "float64"):
        keras.config.set_floatx(floatx)
        keras.utils.clear_session()
        runs[floatx] = fit_models.fitted(name, keras)
    (history, weights), (history32, weights32) = runs["float64"], runs["float32"]
    return {"history": {each: compared(history[each], history32[each]) for each in history},
            "weights": [compared(*pair) for pair in zip(weights, weights32)]}


if __name__ == "__main__":
    lines = [f"{json.dumps(name)}: {json.dumps(golden(name), separators=(',', ':'))}"
             for name in fit_models.MODELS]
    (TESTS / "golden" / "fits.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
