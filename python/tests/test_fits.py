"""Seven models trained as Keras trains them: tools/make_fit_goldens.py wrote the goldens."""

import json
import pathlib

import pytest

from cornu import keras

import comparison
import fit_models

GOLDEN = json.loads((pathlib.Path(__file__).parent / "golden" / "fits.json").read_text())


@pytest.mark.parametrize("name", fit_models.FITTED)
def test_fits_are_keras(name):
    found = fit_models.FITTED[name](keras)
    comparison.check_run(found, GOLDEN[name])
    assert found["loss"][-1] < 0.9 * found["loss"][0]


def test_every_model_has_a_golden():
    assert set(GOLDEN) == set(fit_models.FITTED)
