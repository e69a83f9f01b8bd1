"""Five models trained as Keras trains them: tools/make_fit_goldens.py wrote the goldens.

The numbers are compared with those of a float64 run. They may be twice as far from it as Keras's
float32 run is, or 2e-6 of the largest number.
"""

import json
import pathlib

import numpy as np
import pytest

from cornu import keras

import fit_models

GOLDEN = json.loads((pathlib.Path(__file__).parent / "golden" / "fits.json").read_text())


def excess(found, golden):
    """How far numbers are from those of the float64 run, 1 for as far as they may be."""
    exact = np.asarray(golden["values"])
    allowed = max(2 * golden["distance"], 2e-6 * np.abs(exact).max())
    return np.abs(np.ravel(found) - exact).max() / allowed


@pytest.mark.parametrize("name", fit_models.MODELS)
def test_fits_are_keras(name):
    history, weights = fit_models.fitted(name, keras)
    golden = GOLDEN[name]
    assert sorted(history) == sorted(golden["history"])
    far = {each: excess(values, golden["history"][each]) for each, values in history.items()}
    far.update({i: excess(*pair) for i, pair in enumerate(zip(weights, golden["weights"]))})
    assert len(weights) == len(golden["weights"])
    assert max(far.values()) <= 1, far
    losses = history["loss"]
    assert losses[-1] < 0.9 * losses[0]


def test_every_model_has_a_golden():
    assert set(GOLDEN) == set(fit_models.MODELS)
