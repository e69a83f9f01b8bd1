"""The scripts of examples/python, each with a result that it has to reach."""

import pathlib
import runpy

import numpy as np
import pytest

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "examples" / "python"


def callbacks_do(names):
    history, rates = names["history"].history, names["watch"].rates
    epochs = len(history["loss"])
    return (epochs < 200 and names["kept"] == pytest.approx(names["best"], rel=1e-5)
            and rates[-1] < rates[0] and len(names["rows"]) == epochs
            and names["watch"].batches == 15 * epochs)


def class_weights_do(names):
    return names["weighted"]["recall"] > names["plain"]["recall"] + 0.3


def learning_rates_do(names):
    losses = names["losses"]
    return (names["rates"] == pytest.approx([0, 0.1, 0.2, 0.1, 0], abs=1e-6)
            and all(losses[each] < losses["constant 0.001"] / 5 for each in
                    ("exponential", "cosine", "steps", "by epoch")))


RESULTS = {
    "regression_csv": lambda names: names["error"] < names["usual"] / 5,
    "binary_classification": lambda names: (
        names["results"]["accuracy"] > 0.95 and names["results"]["auc"] > 0.98
        and names["alone"] == pytest.approx(names["results"]["precision"], rel=1e-6)),
    "images": lambda names: (names["accuracy"] > 0.95 and names["probabilities"].shape == (3, 3)
                             and np.allclose(names["probabilities"].sum(1), 1, atol=1e-6)),
    "several_inputs": lambda names: names["error"] < names["usual"] / 4,
    "several_outputs": lambda names: (
        names["last"]["val_gear_accuracy"] > 0.88 and names["last"]["val_speed_mae"] < 0.5
        and names["speeds"].shape == (300, 1) and names["gears"].shape == (300, 3)),
    "callbacks": callbacks_do, "class_weights": class_weights_do,
    "learning_rates": learning_rates_do,
    "save_and_load": lambda names: (np.array_equal(names["found"], names["expected"])
                                    and names["accuracy"] > 0.9
                                    and names["grown"].output_shape == (None, 5)),
    "own_loss": lambda names: (0.7 < names["enough"] < 0.9 and 0.4 < names["half"] < 0.6
                               and names["size_of"](names["small"])
                               < names["size_of"](names["middle"]) / 1.5),
}


def test_every_script_is_run():
    assert {path.stem for path in FOLDER.glob("*.py")} == set(RESULTS)


@pytest.mark.parametrize("name", RESULTS)
def test_scripts_reach_their_results(name, capsys):
    names = runpy.run_path(str(FOLDER / f"{name}.py"), run_name="__main__")
    assert RESULTS[name](names)
    assert capsys.readouterr().out
