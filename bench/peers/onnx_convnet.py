#!/usr/bin/env python3
"""The model that `bench/convnet mnist_convnet --save MODEL.safetensors` trained, in ONNX Runtime:
seconds of the evaluation of the test images, or of one prediction. Prints one line of JSON."""

import pathlib
import sys
import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import networks
import runs

sys.path.append(str(runs.ROOT / "tools/reference"))
import numpy_forward  # noqa: E402

CALLS = 5000


def graph(weights: dict[str, np.ndarray], batch: int) -> onnx.ModelProto:
    """Channels first, as ONNX has them; the rows of the dense kernel change places accordingly."""
    constants, nodes, last, shape = {}, [], "x", (networks.SIDE, networks.SIDE, 1)

    def node(kind: str, *more: str, **attributes) -> None:
        nonlocal last
        nodes.append(helper.make_node(kind, [last, *more], [f"{kind}{len(nodes)}"], **attributes))
        last = nodes[-1].output[0]

    def weight(name: str, values: np.ndarray) -> str:
        constants[name] = np.ascontiguousarray(values)
        return name

    for name in ("conv2d", "conv2d_1"):
        kernel = weights[f"{name}/kernel"]
        own = weight(f"{name}/kernel", kernel.transpose(3, 2, 0, 1))
        node("Conv", own, weight(f"{name}/bias", weights[f"{name}/bias"]), kernel_shape=[3, 3])
        node("Relu")
        node("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
        shape = ((shape[0] - 2) // 2, (shape[1] - 2) // 2, kernel.shape[3])
    dense = weights["dense/kernel"]
    units = dense.shape[1]
    dense = dense.reshape(*shape, units).transpose(2, 0, 1, 3).reshape(-1, units)
    node("Flatten")
    node("Gemm", weight("dense/kernel", dense), weight("dense/bias", weights["dense/bias"]))
    node("Softmax")
    side = networks.SIDE
    model = helper.make_model(
        helper.make_graph(
            nodes,
            "mnist_convnet",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, 1, side, side])],
            [helper.make_tensor_value_info(last, TensorProto.FLOAT, [batch, units])],
            [numpy_helper.from_array(values, name) for name, values in constants.items()],
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    onnx.checker.check_model(model)
    return model


def session_of(model: onnx.ModelProto, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def main() -> None:
    parser = networks.parser(__doc__)
    parser.add_argument("--predict", action="store_true", help="one image at a time, bound once")
    parser.add_argument("--model", type=pathlib.Path, required=True)
    job = parser.parse_args()
    _, test = networks.load(job)
    x = test.x.reshape(-1, 1, networks.SIDE, networks.SIDE)
    weights = numpy_forward.read_model(job.model)[1]
    session = session_of(graph(weights, 1 if job.predict else job.batch_size), job.threads)
    y = session.get_outputs()[0].name

    if job.predict:
        binding = session.io_binding()
        binding.bind_ortvalue_input("x", onnxruntime.OrtValue.ortvalue_from_numpy(x[:1].copy()))
        binding.bind_output(y)
        took = []
        for _ in range(CALLS):
            begin = time.perf_counter()
            session.run_with_iobinding(binding)
            took.append(time.perf_counter() - begin)
        seconds = [max(took), float(np.median(took))]
    else:
        if len(x) % job.batch_size:
            sys.exit("--batch-size shall divide 10,000")
        seconds = []
        for _ in range(1 + job.epochs):
            begin, correct, loss = time.perf_counter(), 0, 0.0
            for i in range(0, len(x), job.batch_size):
                labels = test.y[i : i + job.batch_size]
                chances = session.run([y], {"x": x[i : i + job.batch_size]})[0]
                correct += int((chances.argmax(1) == labels).sum())
                loss -= np.log(chances[np.arange(len(labels)), labels] + 1e-7).sum()
            seconds.append(time.perf_counter() - begin)
        if correct < 0.85 * len(x):
            sys.exit(f"accuracy {correct / len(x)}: the graph is not the model's")
    networks.report(job, onnxruntime.__version__, seconds)


if __name__ == "__main__":
    main()
