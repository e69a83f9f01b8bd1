#!/usr/bin/env python3
"""Predictions one at a time: Cornu and ONNX Runtime, one thread, the same model, taking turns.

    python bench/peers/onnx_latency.py
    python bench/peers/onnx_latency.py --build build --rounds 7

Each round runs `latency`, which trains and saves the model, and then ONNX Runtime on the same
weights: input and output are bound once and `run_with_iobinding` alone is timed; `session.run` is
timed for comparison. ONNX Runtime gets the same sample every time, which stays in the first-level
cache; Cornu reads a thousand different ones, and skips their zeros.

No overhead is subtracted. An empty call under the same clock shows the cost of Python, and a graph
that copies one number shows the minimum of a bound run, with ONNX Runtime's own overhead. The C API
would save the Python call, but the wheel ships the library without headers.
"""

import argparse
import functools
import gc
import pathlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

import data
import runs

sys.path.append(str(runs.ROOT / "tools/reference"))
import numpy_forward  # noqa: E402

PERCENTILES = {"p50": 50, "p99": 99, "p99.9": 99.9, "worst": 100}
ACTIVATIONS = {"sigmoid": "Sigmoid", "softmax": "Softmax"}
# The names of `latency`'s lines, and their names in the comparison.
OURS = {
    "bytes": "Cornu, bytes",
    "float32": "Cornu, float32",
    "fixed work": "C++, fixed work",
    "nothing": "C++, empty call",
}
CHECKED_SAMPLES, TOLERANCE = 1000, 1e-5


def make_model(
    name: str, nodes: list[NodeProto], x: list[int], y: list[int], weights: dict[str, np.ndarray]
) -> ModelProto:
    def value(name: str, shape: list[int]) -> ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    constants = [numpy_helper.from_array(array, each) for each, array in weights.items()]
    graph = helper.make_graph(nodes, name, [value("x", x)], [value("y", y)], constants)
    # The file version that came with opset 17; by default the package writes its newest.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def network(model: dict, weights: dict[str, np.ndarray]) -> ModelProto:
    """The saved model for one sample of float32."""
    nodes, last = [], "x"
    dense = [layer["config"] for layer in model["layers"] if layer["type"] == "Dense"]
    for config in dense:
        name = config["name"]
        inputs, total = [last, f"{name}/kernel", f"{name}/bias"], f"{name}/sum"
        last = "y" if config is dense[-1] else name
        nodes.append(helper.make_node("Gemm", inputs, [total]))
        nodes.append(helper.make_node(ACTIVATIONS[config["activation"]], [total], [last]))
    shapes = [1, *model["input_shape"]], [1, dense[-1]["units"]]
    return make_model("network", nodes, *shapes, weights)


def identity() -> ModelProto:
    return make_model("identity", [helper.make_node("Identity", ["x"], ["y"])], [1], [1], {})


class Session:
    """A model on one thread, its input and output bound."""

    def __init__(self, model: ModelProto, x: np.ndarray) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        self.session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        self.x = x
        shape = self.session.get_outputs()[0].shape
        self.y = onnxruntime.OrtValue.ortvalue_from_shape_and_type(shape, np.float32)
        self.binding = self.session.io_binding()
        self.binding.bind_ortvalue_input("x", onnxruntime.OrtValue.ortvalue_from_numpy(x))
        self.binding.bind_ortvalue_output("y", self.y)

    def bound(self) -> Callable[[], object]:
        return functools.partial(self.session.run_with_iobinding, self.binding)

    def plain(self) -> Callable[[], object]:
        return functools.partial(self.session.run, None, {"x": self.x})

    def predict(self, x: np.ndarray) -> np.ndarray:
        return self.session.run(None, {"x": x})[0]

    def predict_bound(self) -> np.ndarray:
        self.session.run_with_iobinding(self.binding)
        return self.y.numpy()


def nothing() -> None:
    pass


def measure(call: Callable[[], object], calls: int) -> dict[str, float]:
    """Nanoseconds of each call, warm and without Python's collector."""
    clock = time.perf_counter_ns
    took = [0] * calls
    for _ in range(calls // 10):
        call()
    gc.collect()
    gc.disable()
    for i in range(calls):
        begin = clock()
        call()
        took[i] = clock() - begin
    gc.enable()
    return dict(zip(PERCENTILES, np.percentile(took, list(PERCENTILES.values())).tolist()))


def test_images() -> np.ndarray:
    files = data.find(argparse.Namespace(dataset="mnist", data_dir=""))
    images = data.read_idx(files[2])[:CHECKED_SAMPLES]
    return images.reshape(len(images), -1)


class Peer:
    """ONNX Runtime on the model that `latency` saved."""

    def __init__(self, path: pathlib.Path) -> None:
        model, weights = numpy_forward.read_model(path)
        images = test_images()
        samples = images.astype(np.float32) / np.float32(255)
        self.network = Session(network(model, weights), samples[:1].copy())
        self.identity = Session(identity(), np.zeros(1, np.float32))

        expected = numpy_forward.predict(model, weights, images)
        found = [self.network.predict(sample[None]) for sample in samples]
        # The last is the first sample again, bound.
        found = np.concatenate([*found, self.network.predict_bound()])
        expected = np.concatenate([expected, expected[:1]])
        self.difference = float(np.abs(found - expected).max())
        if not self.difference <= TOLERANCE:
            sys.exit(f"ONNX Runtime's probabilities differ by {self.difference:.1e} from NumPy's")

    def measure(self, calls: int) -> dict[str, dict[str, float]]:
        return {
            "ONNX Runtime, bound": measure(self.network.bound(), calls),
            "ONNX Runtime, session.run": measure(self.network.plain(), calls),
            "ONNX Runtime, one number, bound": measure(self.identity.bound(), calls),
            "Python, empty call": measure(functools.partial(nothing), calls),
        }


def medians(rounds: list[dict]) -> dict[str, dict[str, float]]:
    return {
        what: {key: statistics.median(each[what][key] for each in rounds) for key in PERCENTILES}
        for what in rounds[0]
    }


def print_table(found: dict[str, dict[str, float]], rounds: int) -> None:
    heads = "".join(f"{key:>12}" for key in PERCENTILES)
    print(f"{f'nanoseconds, median of {rounds} rounds':<34}{heads}")
    for what, ns in found.items():
        print(f"{what:<34}" + "".join(f"{value:12,.0f}" for value in ns.values()))


def print_verdicts(found: dict[str, dict[str, float]]) -> None:
    def verdict(what: str, ratio: float, words: str, wanted: float, holds: bool) -> None:
        print(f"{what:<44} {ratio:5.2f}, {words} {wanted:g} wanted: {'yes' if holds else 'NO'}")

    fixed = found["C++, fixed work"]
    # Both read float32 here.
    faster = found["ONNX Runtime, bound"]["p50"] / found["Cornu, float32"]["p50"]
    verdict("p50: ONNX Runtime, bound / Cornu, float32", faster, "at least", 3, faster >= 3)
    for name in ("Cornu, float32", "Cornu, bytes"):
        ours = found[name]
        tail, far_tail = ours["p99"] / ours["p50"], ours["p99.9"] / fixed["p99.9"]
        verdict(f"{name}: p99 / p50", tail, "at most", 1.5, tail <= 1.5)
        verdict(f"{name}: p99.9 / that of fixed work", far_tail, "at most", 1.5, far_tail <= 1.5)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--build", type=pathlib.Path, default=runs.ROOT / "build", help="has bench/latency")
    add("--rounds", type=int, default=3)
    add("--calls", type=int, default=200_000, help="of ONNX Runtime, per round")
    add("--timeout", type=float, default=300, help="limit per run of `latency` in seconds")
    add("--output", type=pathlib.Path, default=runs.RESULTS / "onnx_latency.json")
    arguments = parser.parse_args()

    probes, rounds, peer = [runs.probe(arguments.build)], [], None
    entry = {"ONNX Runtime": onnxruntime.__version__, "probes": probes, "rounds": rounds}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.safetensors")
        command = [str(arguments.build / "bench/latency"), "--json", str(path)]
        for number in range(arguments.rounds):
            done = runs.run(command, arguments.timeout)
            if done.line is None:
                sys.exit(f"latency: {done.error}")
            ours = {OURS[what]: ns for what, ns in done.line["nanoseconds"].items()}
            # The same weights every time.
            peer = peer or Peer(path)
            rounds.append(ours | peer.measure(arguments.calls))
            runs.save(arguments.output, entry)
            p50 = "; ".join(f"{what} {ns['p50']:.0f}" for what, ns in rounds[-1].items())
            print(f"round {number + 1}, p50: {p50}", file=sys.stderr, flush=True)
    probes.append(runs.probe(arguments.build))
    runs.save(arguments.output, entry)

    version = f"Cornu {done.line['version']}, ONNX Runtime {onnxruntime.__version__}"
    print(f"{probes[0]['cpu']}, {version}")
    print(f"probabilities within {peer.difference:.1e} of NumPy's\n")
    found = medians(rounds)
    print_table(found, arguments.rounds)
    print()
    print_verdicts(found)
    doubt = runs.distrust(probes)
    print(f"\n{f'not to be trusted: {doubt}' if doubt else 'trusted'}")


if __name__ == "__main__":
    main()
