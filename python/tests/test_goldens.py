"""Every part against what Keras says of it: tools/make_part_goldens.py wrote the goldens."""

import json
import pathlib

import numpy as np
import pytest

from cornu import keras
from cornu.keras import _parts
from golden.differences import ABSENT, CONFIG, NOT_IN_KERAS, NOT_OURS, VALUES

GOLDEN = json.loads((pathlib.Path(__file__).parent / "golden" / "parts.json").read_text())
SCHEDULES = keras.optimizers.schedules
MODULES = {"layers": keras.layers, "optimizers": keras.optimizers, "schedules": SCHEDULES,
           "regularizers": keras.regularizers, "initializers": keras.initializers,
           "losses": keras.losses, "metrics": keras.metrics}


def cases_of(kind):
    return GOLDEN["schedules"]["cases"] if kind == "schedules" else GOLDEN[kind]


def ids(case):
    return case.get("class") or case["name"]


def made(kind, case):
    """The part as Keras's was made."""
    def argument(given):
        is_schedule = isinstance(given, dict) and hasattr(SCHEDULES, given["class_name"])
        return SCHEDULES.deserialize(given) if is_schedule else given
    return getattr(MODULES[kind], case["class"])(*map(argument, case["args"]), **case["kwargs"])


def differences(kind, name, ours, theirs):
    """The options on which two configurations do not agree, without those that are listed."""
    found = {}
    for option in ours.keys() | theirs.keys():
        where = (kind, name, option)
        if option not in ours:
            known = next((each for each in ABSENT if option == each[1] and kind == each[0]), None)
            if known is None or theirs[option] not in ABSENT[known][0]:
                found[option] = ("missing", theirs[option])
        elif option not in theirs:
            if where not in NOT_IN_KERAS and ours[option] is not None:
                found[option] = (ours[option], "missing")
        elif not same(ours[option], theirs[option]) and not listed(where):
            found[option] = (ours[option], theirs[option])
    return found


def listed(where):
    kind, name, option = where
    return where in CONFIG or (kind, None, option) in CONFIG


def same(ours, theirs):
    """Equal, numbers as float32 holds them."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(same(ours[each], theirs[each])
                                                    for each in ours)
    if isinstance(ours, (list, tuple)) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, float) or isinstance(theirs, float):
        return ours is not None and theirs is not None and ours == pytest.approx(theirs, rel=1e-7)
    return ours == theirs and type(ours) is type(theirs)


# Keras's configuration does not tell these apart from those with default options.
FORGOTTEN = {each[:2] for each, reason in NOT_IN_KERAS.items() if "makes another" in reason}
EVERY = [(kind, case) for kind in MODULES for case in cases_of(kind)]


@pytest.mark.parametrize("kind, case", EVERY, ids=[f"{kind}-{ids(case)}" for kind, case in EVERY])
def test_configurations_are_keras(kind, case):
    part = made(kind, case)
    assert differences(kind, case["class"], part.get_config(), case["config"]) == {}
    # Keras's own configuration makes the same part.
    other = type(part).from_config(case["config"])
    named = {"name": part.get_config().get("name")} if "name" in part.get_config() else {}
    if (kind, case["class"]) not in FORGOTTEN:
        assert same(json.loads(json.dumps({**other.get_config(), **named})),
                    json.loads(json.dumps(part.get_config())))


@pytest.mark.parametrize("kind", [*MODULES, "activations", "callbacks"])
def test_every_part_has_a_golden(kind):
    cases = GOLDEN["activations"]["cases"] if kind == "activations" else cases_of(kind)
    assert set(_parts.listed(kind)) - {ids(case) for case in cases} == {
        name for where, name in NOT_OURS if where == kind}


@pytest.mark.parametrize("case", GOLDEN["activations"]["cases"], ids=ids)
def test_activations(case):
    function = getattr(keras.activations, case["name"])
    y = function(np.float32(GOLDEN["activations"]["x"]), **case["kwargs"])
    np.testing.assert_allclose(y, case["y"], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("case", GOLDEN["losses"], ids=ids)
def test_losses(case):
    y_true, y_pred = np.asarray(case["y_true"]), np.float32(case["y_pred"])
    loss = made("losses", case)
    assert loss(y_true, y_pred) == pytest.approx(case["mean"], rel=1e-6, abs=1e-7)
    function = getattr(keras.losses, case["function"])
    values = function(y_true, y_pred, **case["kwargs"])
    np.testing.assert_allclose(values, case["values"], rtol=1e-6, atol=1e-7)
    assert values.shape == np.shape(case["values"])
    if case["weighted"] is not None:
        weights = np.arange(1.0, len(y_pred) + 1)
        assert loss(y_true, y_pred, weights) == pytest.approx(case["weighted"], rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("case", GOLDEN["metrics"], ids=ids)
def test_metrics(case):
    y_true, y_pred = np.asarray(case["y_true"]), np.float32(case["y_pred"])
    metric = made("metrics", case)
    metric.update_state(y_true[:1], y_pred[:1])
    tolerance = {"rel": 1e-6, "abs": 1e-7}
    assert metric.result() == pytest.approx(case["first"], **tolerance)
    metric.update_state(y_true[1:], y_pred[1:])
    assert metric.result() == pytest.approx(case["result"], **tolerance)
    metric.reset_state()
    if case["weighted"] is not None:
        weights = np.arange(1.0, len(y_pred) + 1)
        assert metric(y_true, y_pred, weights) == pytest.approx(case["weighted"], **tolerance)


@pytest.mark.parametrize("case", GOLDEN["schedules"]["cases"], ids=ids)
def test_schedules(case):
    schedule = made("schedules", case)
    rates = [schedule(step) for step in GOLDEN["schedules"]["steps"]]
    assert rates == pytest.approx(case["rates"], rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("case", GOLDEN["initializers"], ids=ids)
def test_initializers(case):
    values = made("initializers", case)((200, 300))
    assert values.shape == (200, 300) and values.dtype == np.float32
    # 60,000 draws: the deviation of a mean is 1/245 of theirs, that of their deviation 1/346.
    assert values.mean() == pytest.approx(case["mean"], abs=0.03 * case["std"])
    assert values.std() == pytest.approx(case["std"], rel=0.02)
    assert np.abs(values).max() == pytest.approx(case["largest"], rel=0.35)


@pytest.mark.parametrize("case", GOLDEN["callbacks"], ids=ids)
def test_callbacks(case):
    callback = getattr(keras.callbacks, case["class"])(*case["args"], **case["kwargs"])
    for name, value in case["attributes"].items():
        if ("callbacks", name) not in VALUES:
            assert getattr(callback, name) == value, name


@pytest.mark.parametrize("kind", GOLDEN["names"])
def test_names_that_get_takes(kind):
    for name, expected in GOLDEN["names"][kind].items():
        part = getattr(keras, kind).get(name)
        assert (getattr(part, "__name__", None) or type(part).__name__) == expected


@pytest.mark.parametrize("kind", MODULES)
def test_parts_survive_serialize(kind):
    module = MODULES[kind]
    for case in cases_of(kind):
        written = module.serialize(made(kind, case))
        assert written["class_name"] == case["class"] and written["registered_name"] is None
        assert module.deserialize(json.loads(json.dumps(written))).get_config() == \
            json.loads(json.dumps(written["config"]))
