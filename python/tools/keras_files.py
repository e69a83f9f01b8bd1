#!/usr/bin/env python3
"""Saves the models of keras_models.py with this Keras, and opens files that Cornu wrote.

    python keras_files.py write FOLDER [NAME ...]   # NAME.keras, NAME.h5, NAME.weights.h5, NAME.npz
    python keras_files.py read FOLDER               # FOLDER/*.keras, *.h5: adds FILE.npz or FILE.error

In NAME.npz: x0, ... (inputs), y0, ... (outputs for them), target0, ... and after0, ... (outputs
after one more step of training on x and target).
"""

import json
import os
import sys
import traceback

import numpy as np

try:
    import theano.ifelse  # Keras 1 takes it for imported
except ImportError:
    pass

import keras_variants  # adds to CASES
from keras_models import CASES, VERSION, Numbers, alone, keras, listed


def set_weights(model, numbers):
    """Other than the initializers give; what is near 1, as a variance, stays positive."""
    values = []
    for each in model.get_weights():
        shift = 0.5 if each.ndim == 1 and np.all(each > 0) else 0
        values.append((numbers(*each.shape) * (0.5 if shift else 0.9)).astype(np.float32) + shift * 2)
    model.set_weights(values)


def outputs(model, x):
    made = model.predict(alone(x), verbose=0)
    return [np.asarray(each) for each in (made.values() if isinstance(made, dict) else listed(made))]


def with_names(**lists):
    return {name + str(i): each for name, values in lists.items() for i, each in enumerate(values)}


def endings():
    if VERSION >= (2, 13):
        return [".keras", ".h5", ".weights.h5"]
    # 2.12 has Keras 3's format, but saves .h5 and TensorFlow's folders unless told.
    return [".h5", ".weights.h5"] if VERSION < (2, 12) else [".keras", ".h5", ".weights.h5"]


def save(model, place):
    if place.endswith(".weights.h5"):
        model.save_weights(place)
    elif VERSION[0] == 2 and place.endswith(".keras"):
        model.save(place, save_format="keras")
    else:
        model.save(place)


def write(folder, name):
    if hasattr(keras.backend, "clear_session"):
        keras.backend.clear_session()  # else graphs of TensorFlow 1 grow
    numbers = Numbers(name)
    made = CASES[name](numbers)
    set_weights(made.model, numbers)
    if made.y is not None:
        made.model.compile(**made.compile_options)
        for _ in range(0 if name == "fresh" else 3):
            made.model.train_on_batch(alone(made.x), alone(made.y))
    arrays = with_names(x=made.x, y=outputs(made.model, made.x))
    problems = []
    for ending in endings():
        try:
            save(made.model, os.path.join(folder, name + ending))
        except Exception as error:
            problems.append("%s: %s" % (ending, " ".join(str(error).split())[:200]))
    if made.y is not None:
        made.model.train_on_batch(alone(made.x), alone(made.y))
        arrays.update(with_names(target=made.y, after=outputs(made.model, made.x)))
    np.savez(os.path.join(folder, name + ".npz"), **arrays)
    return problems


def array_list(arrays, name):
    all = []
    while name + str(len(all)) in arrays:
        all.append(arrays[name + str(len(all))])
    return all


def read(place, data):
    x, target = array_list(data, "x"), array_list(data, "target")
    model = keras.models.load_model(place)
    arrays = with_names(y=outputs(model, x))
    # Keras 3 cannot go on training a model of an .h5 file: "Unknown variable".
    if target and (place.endswith(".keras") or VERSION[0] < 3):
        model.train_on_batch(alone(x), alone(target))
        arrays.update(with_names(after=outputs(model, x)))
    np.savez(place + ".npz", **arrays)


def main():
    action, folder, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    if action == "write":
        report = {"version": keras.__version__, "written": [], "not": {}}
        for name in names or sorted(CASES):
            try:
                problems = write(folder, name)
                report["written"].append(name)
                if problems:
                    report["not"][name] = problems
            except Exception as error:
                if os.environ.get("CORNU_TRACE"):
                    traceback.print_exc()
                report["not"][name] = " ".join(str(error).split())[:200]
        with open(os.path.join(folder, "report.json"), "w") as file:
            json.dump(report, file, indent=1)
        print("Keras %s: %d written" % (report["version"], len(report["written"])))
        for name in sorted(report["not"]):
            print("not %s: %s" % (name, report["not"][name]))
        return
    for file in sorted(os.listdir(folder)):
        if not file.endswith((".keras", ".h5")) or file.endswith(".weights.h5"):
            continue
        place = os.path.join(folder, file)
        data = np.load(os.path.join(folder, file[:file.rindex(".")] + ".npz"))
        try:
            read(place, data)
        except Exception as error:
            with open(place + ".error", "w") as out:
                text = " ".join(str(error).split())
                short = text if len(text) < 600 else text[:300] + " ... " + text[-300:]
                out.write("%s: %s" % (type(error).__name__, short))


if __name__ == "__main__":
    main()
