#!/usr/bin/env python3
"""One measurement of the notebook's cells, in a process of its own. Prints one line of JSON.

    notebook_cell.py fit|row|rows|memory|import cornu|keras|onnx

`fit` is the notebook's fit cell as it stands there, its log lines included; `row` and `rows` are
model.predict of one and of 10,000 images; `memory` is what a fit on the bytes adds to the process.
"""

import argparse
import importlib
import json
import os
import statistics
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


def keras_of(framework):
    return importlib.import_module("cornu.keras" if framework == "cornu" else "keras")


def samples():
    import data
    return data.load(argparse.Namespace(dataset="mnist", data_dir="", samples=None, density=None,
                                        all_ones=False))


def model_of(keras):
    layers = [keras.layers.Dense(64, activation="sigmoid"),
              keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential([keras.Input((784,)), *layers])
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


def fit(framework):
    keras = keras_of(framework)
    train, test = samples()
    y, y_test = (keras.utils.to_categorical(part.y, 10) for part in (train, test))
    model = model_of(keras)
    begin = time.perf_counter()
    history = model.fit(train.x, y, batch_size=128, epochs=10, verbose=1,
                        validation_data=(test.x, y_test))
    return {"seconds": time.perf_counter() - begin,
            "val_accuracy": history.history["val_accuracy"][-1]}


def seconds_of(call, least_calls, least_seconds):
    """The median of calls, after warm ones."""
    for _ in range(max(3, least_calls // 10)):
        call()
    took, begin = [], time.perf_counter()
    while len(took) < least_calls or time.perf_counter() - begin < least_seconds:
        before = time.perf_counter()
        call()
        took.append(time.perf_counter() - before)
    return statistics.median(took)


def predict(framework, count, least_calls, least_seconds):
    _, test = samples()
    x = test.x[:count]
    if framework == "onnx":
        import numpy as np
        import onnxruntime
        from onnx import TensorProto, helper, numpy_helper
        random = np.random.default_rng(0)
        weights = {"k1": random.normal(size=(784, 64)), "b1": np.zeros(64),
                   "k2": random.normal(size=(64, 10)), "b2": np.zeros(10)}
        constants = [numpy_helper.from_array(value.astype(np.float32), name)
                     for name, value in weights.items()]
        nodes = [helper.make_node("Gemm", ["x", "k1", "b1"], ["s"]),
                 helper.make_node("Sigmoid", ["s"], ["h"]),
                 helper.make_node("Gemm", ["h", "k2", "b2"], ["l"]),
                 helper.make_node("Softmax", ["l"], ["y"])]
        ends = [[helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", size])]
                for name, size in (("x", 784), ("y", 10))]
        graph = helper.make_graph(nodes, "network", *ends, constants)
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        session = onnxruntime.InferenceSession(made.SerializeToString(),
                                               providers=["CPUExecutionProvider"])

        def call():
            session.run(None, {"x": x})
    else:
        model = model_of(keras_of(framework))

        def call():
            model.predict(x, verbose=0)
    return {"seconds": seconds_of(call, least_calls, least_seconds)}


def kibibytes(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))


def memory(framework):
    """The growth of the process's largest size, in bytes, by a fit on the bytes themselves."""
    import numpy as np
    keras = keras_of(framework)
    x = np.random.default_rng(0).integers(0, 256, (60_000, 784), np.uint8)
    y = np.arange(60_000) % 10
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(64, "sigmoid"),
                              keras.layers.Dense(10, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    with open("/proc/self/clear_refs", "w") as peak:
        peak.write("5")  # the largest size begins anew
    before = kibibytes("VmRSS")
    model.fit(x, y, batch_size=128, epochs=2, verbose=0)
    return {"bytes": 1024 * (kibibytes("VmHWM") - before)}


def import_time(framework):
    """Seconds of a new Python with the import, beyond one that imports NumPy alone."""
    def run(code):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        return time.perf_counter() - begin
    module = "cornu.keras" if framework == "cornu" else "keras"
    both = [(run("import numpy"), run(f"import numpy, {module}")) for _ in range(5)]
    return {"seconds": statistics.median(ours - alone for alone, ours in both)}


def main():
    what, framework = sys.argv[1:]
    line = {"fit": lambda: fit(framework),
            "row": lambda: predict(framework, 1, 100, 0.5),
            "rows": lambda: predict(framework, 10_000, 20, 0.5),
            "memory": lambda: memory(framework),
            "import": lambda: import_time(framework)}[what]()
    print()
    print(json.dumps(line), flush=True)


main()
