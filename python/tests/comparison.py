"""Parts of cornu.keras against what Keras says of them, which is a golden or was just computed:
described.py makes the cases.
"""

import json

import numpy as np
import pytest

from cornu import keras
from golden.differences import ABSENT, CONFIG, NOT_IN_KERAS, VALUES

SCHEDULES = keras.optimizers.schedules
MODULES = {"layers": keras.layers, "optimizers": keras.optimizers, "schedules": SCHEDULES,
           "regularizers": keras.regularizers, "initializers": keras.initializers,
           "losses": keras.losses, "metrics": keras.metrics}


def id_of(case):
    return case.get("class") or case["name"]


def made(kind, case):
    """The part as Keras's was made."""
    def argument(given):
        is_schedule = isinstance(given, dict) and hasattr(SCHEDULES, given["class_name"])
        return SCHEDULES.deserialize(given) if is_schedule else given
    return getattr(MODULES[kind], case["class"])(
        *map(argument, case["args"]),
        **{name: argument(value) for name, value in case["kwargs"].items()})


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


def check_configuration(kind, case):
    """The configuration is Keras's, and Keras's makes the same part."""
    part = made(kind, case)
    assert differences(kind, case["class"], part.get_config(), case["config"]) == {}
    other = type(part).from_config(case["config"])
    named = {"name": part.get_config().get("name")} if "name" in part.get_config() else {}
    if (kind, case["class"]) not in FORGOTTEN:
        assert same(json.loads(json.dumps({**other.get_config(), **named})),
                    json.loads(json.dumps(part.get_config())))


def check_numbers(found, theirs):
    """Each number is no farther from Keras's float64 than twice Keras's float32 is, or two
    millionths of it.
    """
    exact, rounded = np.asarray(theirs["float64"]), np.asarray(theirs["float32"])
    found = np.asarray(found, np.float64)
    assert found.shape == exact.shape
    allowed = np.maximum(2 * np.abs(rounded - exact), 2e-6 * np.abs(exact)) + 1e-7
    wrong = ~(np.abs(found - exact) <= allowed)
    assert not wrong.any(), (
        f"{wrong.sum()} of {wrong.size}: {found[wrong][:5]}, Keras {rounded[wrong][:5]}, in "
        f"float64 {exact[wrong][:5]}")


def excess(found, theirs):
    """How far numbers are from those of the float64 run, 1 for as far as they may be: twice as far
    as Keras's float32 run, or 2e-6 of the largest number.
    """
    exact = np.asarray(theirs["values"])
    if np.size(found) != exact.size:
        return np.inf
    far = np.abs(np.ravel(found) - exact).max(initial=0)
    allowed = max(2 * theirs["distance"], 2e-6 * np.abs(exact).max(initial=0))
    return far / allowed if allowed > 0 else (np.inf if far > 0 else 0.0)


def with_farthest_weight(theirs):
    """Keras's run with the distance of the farthest of its float32 weights for each of them: what is
    rounded in one reaches the others through the gradients, and a small one may be near by chance.
    """
    weights = {name: each for name, each in theirs.items() if name.startswith("weight ")}
    farthest = max((each["distance"] for each in weights.values()), default=0)
    return {**theirs, **{name: {**each, "distance": farthest} for name, each in weights.items()}}


def check_run(found, theirs):
    """Logs, weights and outputs are as near to those of Keras's float64 run as they may be."""
    assert sorted(found) == sorted(theirs)
    far = {name: excess(values, theirs[name]) for name, values in found.items()}
    assert max(far.values()) <= 1, {name: each for name, each in far.items() if not each <= 1}


def check_activation(case):
    x = np.float32(case["x"])
    check_numbers(getattr(keras.activations, case["name"])(x, **case["kwargs"]), case["y"])


def check_loss(case):
    y_true, y_pred = np.asarray(case["y_true"]), np.float32(case["y_pred"])
    loss = made("losses", case)
    check_numbers(loss(y_true, y_pred), case["result"])
    function = getattr(keras.losses, case["function"])
    options = {name: value for name, value in case["kwargs"].items() if name != "reduction"}
    check_numbers(function(y_true, y_pred, **options), case["values"])
    if case["sample_weight"] is not None:
        check_numbers(loss(y_true, y_pred, np.asarray(case["sample_weight"])), case["weighted"])


def check_metric(case):
    metric = made("metrics", case)
    results = []
    for count in case["counts"]:
        metric.reset_state()
        for batch in count:
            weight = batch["sample_weight"]
            metric.update_state(np.asarray(batch["y_true"]), np.float32(batch["y_pred"]),
                                None if weight is None else np.asarray(weight))
            results.append(float(metric.result()))
    check_numbers(results, case["results"])


def check_schedule(case, steps):
    schedule = made("schedules", case)
    check_numbers([schedule(step) for step in steps], case["rates"])


def check_initializer(case):
    values = made("initializers", case)(case["shape"])
    assert values.shape == tuple(case["shape"]) and values.dtype == np.float32
    # 60,000 draws: the deviation of a mean is 1/245 of theirs, that of their deviation 1/346.
    values = values.astype(np.float64)
    assert values.mean() == pytest.approx(case["mean"], rel=1e-6, abs=0.03 * case["std"])
    assert values.std() == pytest.approx(case["std"], rel=0.02, abs=1e-7)
    assert np.abs(values).max() == pytest.approx(case["largest"], rel=0.35)


def check_regularizer(case):
    check_numbers(made("regularizers", case)(np.float32(case["x"])), case["penalty"])


def check_callback(case):
    callback = getattr(keras.callbacks, case["class"])(*case["args"], **case["kwargs"])
    for name, value in case["attributes"].items():
        if ("callbacks", name) not in VALUES and (case["class"], name) not in VALUES:
            assert getattr(callback, name) == value, name
