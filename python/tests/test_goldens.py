"""Every part against what Keras says of it: tools/make_part_goldens.py wrote the goldens."""

import json
import pathlib

import pytest

from cornu import keras
from cornu.keras import _parts

import comparison
from comparison import MODULES, id_of
from golden.differences import NOT_OURS

GOLDEN = json.loads((pathlib.Path(__file__).parent / "golden" / "parts.json").read_text())


def cases_of(kind):
    return GOLDEN["schedules"]["cases"] if kind == "schedules" else GOLDEN[kind]


def each(kind):
    """A test for each case of a kind."""
    return pytest.mark.parametrize("case", cases_of(kind), ids=id_of)


EVERY = [(kind, case) for kind in MODULES for case in cases_of(kind)]


@pytest.mark.parametrize("kind, case", EVERY, ids=[f"{kind}-{id_of(case)}" for kind, case in EVERY])
def test_configurations_are_keras(kind, case):
    comparison.check_configuration(kind, case)


@pytest.mark.parametrize("kind", [*MODULES, "activations", "callbacks"])
def test_every_part_has_a_golden(kind):
    assert set(_parts.listed(kind)) - {id_of(case) for case in cases_of(kind)} == {
        name for where, name in NOT_OURS if where == kind}


@each("activations")
def test_activations(case):
    comparison.check_activation(case)


@each("losses")
def test_losses(case):
    comparison.check_loss(case)


@each("metrics")
def test_metrics(case):
    comparison.check_metric(case)


@each("schedules")
def test_schedules(case):
    comparison.check_schedule(case, GOLDEN["schedules"]["steps"])


@each("initializers")
def test_initializers(case):
    comparison.check_initializer(case)


@each("regularizers")
def test_regularizers(case):
    comparison.check_regularizer(case)


@each("callbacks")
def test_callbacks(case):
    comparison.check_callback(case)


@pytest.mark.parametrize("kind", GOLDEN["names"])
def test_names_that_get_takes(kind):
    for name, expected in GOLDEN["names"][kind].items():
        part = getattr(keras, kind).get(name)
        assert (getattr(part, "__name__", None) or type(part).__name__) == expected


@pytest.mark.parametrize("kind", MODULES)
def test_parts_survive_serialize(kind):
    module = MODULES[kind]
    for case in cases_of(kind):
        written = module.serialize(comparison.made(kind, case))
        assert written["class_name"] == case["class"] and written["registered_name"] is None
        assert module.deserialize(json.loads(json.dumps(written))).get_config() == \
            json.loads(json.dumps(written["config"]))
