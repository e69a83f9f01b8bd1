"""Every part of cornu.keras beside that of Keras in one process, with options and data drawn at
random; and the goldens beside what Keras says today. Needs keras with JAX or TensorFlow:

    KERAS_BACKEND=tensorflow PYTHONPATH=build/python/package python -m pytest -m long \\
        python/tests/test_beside_keras.py

CORNU_SEED=1 draws other cases; the name of a test ends with the number that its case is drawn from,
which is a thousand times that seed and more.
"""

import importlib
import os

import numpy as np
import pytest

from cornu import keras
from cornu.keras import _parts

import comparison
import drawn
import drawn_networks
import fit_models
from golden.differences import NOT_OURS

# Keras's own warnings are not ours.
pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("default")]

TOOLS = os.path.join(os.path.dirname(os.path.dirname(__file__)), "tools")
FIRST = 1000 * int(os.environ.get("CORNU_SEED", 0))
STEPS = [*range(0, 30), 41, 60, 99, 1000]


@pytest.fixture(scope="module")
def theirs():
    """Keras's side, described.py."""
    import described
    return described


def cases(names, count):
    """A test for each of some random cases of each name: the name, and a function that draws."""
    every = [(name, FIRST + i) for name in names for i in range(count)]
    return pytest.mark.parametrize("name, seed", every, ids=[f"{name}-{i}" for name, i in every])


def random_of(name, seed):
    return np.random.default_rng([seed, *name.encode()])


@cases(drawn.ACTIVATIONS, 4)
def test_activations(theirs, name, seed):
    comparison.check_activation(theirs.activation(*drawn.activation(random_of(name, seed), name)))


def test_exact_runs_are_float64(theirs):
    x = np.linspace(-3, 3, 12).reshape(3, 4)
    for name in drawn.ACTIVATIONS:
        types = theirs.both(lambda floatx: theirs.keras.backend.standardize_dtype(
            theirs.keras.activations.get(name)(x.astype(floatx)).dtype))
        assert types == {"float64": "float64", "float32": "float32"}, name
    exact = theirs.both(lambda floatx: np.asarray(theirs.keras.ops.var(x.astype(floatx))))["float64"]
    assert float(exact) == pytest.approx(x.var(), rel=1e-14)


@cases(drawn.LOSS_DATA, 12)
def test_losses(theirs, name, seed):
    case = theirs.loss(*drawn.loss(random_of(name, seed), name))
    comparison.check_configuration("losses", case)
    comparison.check_loss(case)


@cases(drawn.METRICS, 12)
def test_metrics(theirs, name, seed):
    case = theirs.metric(*drawn.metric(random_of(name, seed), name))
    comparison.check_configuration("metrics", case)
    comparison.check_metric(case)


@cases(drawn.SCHEDULES, 10)
def test_schedules(theirs, name, seed):
    case = theirs.schedule(*drawn.schedule(random_of(name, seed), name), STEPS)
    comparison.check_configuration("schedules", case)
    comparison.check_schedule(case, STEPS)


@cases(drawn.INITIALIZERS, 3)
def test_initializers(theirs, name, seed):
    case = theirs.initializer(*drawn.initializer(random_of(name, seed), name))
    comparison.check_configuration("initializers", case)
    comparison.check_initializer(case)


@cases(drawn.REGULARIZERS, 4)
def test_regularizers(theirs, name, seed):
    case = theirs.regularizer(*drawn.regularizer(random_of(name, seed), name))
    comparison.check_configuration("regularizers", case)
    comparison.check_regularizer(case)


@cases(drawn_networks.LAYERS, 5)
def test_layers(theirs, name, seed):
    options, trained = drawn_networks.layer(random_of(name, seed), name)
    comparison.check_configuration("layers", theirs.part("layers", name, [], options))
    comparison.check_run(trained(keras),
                         comparison.with_farthest_weight(theirs.run(trained)))


@cases(drawn.OPTIMIZERS, 6)
def test_optimizers(theirs, name, seed):
    options, trained = drawn_networks.optimizer(random_of(name, seed), name)
    comparison.check_configuration("optimizers", theirs.part("optimizers", name, [], options))
    comparison.check_run(trained(keras), theirs.run(trained))


@cases(drawn_networks.CALLBACKS, 10)
def test_callbacks(theirs, name, seed):
    options, trained = drawn_networks.callback(random_of(name, seed), name)
    comparison.check_callback(theirs.callback(name, [], options))
    comparison.check_run(trained(keras), theirs.run(trained))


def test_logs_of_callbacks(theirs):
    comparison.check_run(drawn_networks.logged(keras), theirs.run(drawn_networks.logged))


def test_hooks(theirs):
    assert drawn_networks.hooks(keras) == drawn_networks.hooks(theirs.keras)


@pytest.mark.parametrize("name", fit_models.FITTED)
def test_fits(theirs, name):
    fitted = fit_models.FITTED[name]
    comparison.check_run(fitted(keras), theirs.run(fitted))


@pytest.mark.parametrize("kind, names", [
    ("layers", drawn_networks.LAYERS), ("activations", drawn.ACTIVATIONS),
    ("losses", drawn.LOSS_DATA), ("metrics", drawn.METRICS), ("optimizers", drawn.OPTIMIZERS),
    ("schedules", drawn.SCHEDULES), ("initializers", drawn.INITIALIZERS),
    ("regularizers", drawn.REGULARIZERS)])
def test_every_part_is_drawn(kind, names):
    own = {name for where, name in NOT_OURS if where == kind}
    assert set(_parts.listed(kind)) - own - {"InputLayer"} == set(names)


@pytest.mark.parametrize("tool", ["make_part_goldens", "make_fit_goldens",
                                  "make_checkpoint_goldens"])
def test_goldens_are_what_keras_says(theirs, monkeypatch, tool):
    if theirs.keras.backend.backend() != "jax":
        pytest.skip("the goldens are made with JAX, whose last digits are other ones")
    monkeypatch.syspath_prepend(TOOLS)
    made = importlib.import_module(tool)
    assert made.text() == made.PATH.read_text()
