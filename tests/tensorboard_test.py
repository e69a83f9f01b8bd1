#!/usr/bin/env python3
"""The real TensorBoard, without TensorFlow, reads the logs of the command: every tag, step and value.

    python3 tests/tensorboard_test.py COMMAND

Ends with `N passed, N failed`.
"""

import json
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.plugins.graph.keras_util import keras_model_to_graph_def
from tensorboard.util import tensor_util

passed = failed = 0
ALL = {kind: 0 for kind in ("tensors", "scalars", "histograms", "images", "graph", "compressedHistograms")}


def check(name, good, found=None):
    global passed, failed
    if good:
        passed += 1
        print("ok:", name)
    else:
        failed += 1
        print("FAILED:", name, "" if found is None else f": {found}")


def read(folder):
    accumulator = EventAccumulator(str(folder), size_guidance=ALL)
    accumulator.Reload()
    return accumulator


def points(accumulator, tag):
    return [(each.step, tensor_util.make_ndarray(each.tensor_proto)) for each in accumulator.Tensors(tag)]


def float32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def same(accumulator, tag, steps, values):
    found = [(step, float(value)) for step, value in points(accumulator, tag)]
    check(tag, found == list(zip(steps, map(float32, values))), found)


def train(command, home, *options):
    line = [command, "train", "digits", "--epochs", "3", "--batch-size", "500", "--json", *options]
    return json.loads(subprocess.run(line, cwd=home, check=True, stdout=subprocess.PIPE).stdout)


def epochs_and_steps(command, home):
    text = "tensor_board(log_dir=steps, histogram_freq=1, write_images=true, update_freq=1)"
    run = train(command, home, "--out", "run", "--tensorboard", "--callback", text)
    steps_of_an_epoch = -(-run["samples"]["train"] // 500)
    logs = run["epochs"]
    for folder in (home / "run" / "tensorboard", home / "steps"):
        trained, validated = read(folder / "train"), read(folder / "validation")
        epochs = range(3)
        same(trained, "epoch_loss", epochs, [each["loss"] for each in logs])
        same(trained, "epoch_accuracy", epochs, [each["accuracy"] for each in logs])
        same(trained, "epoch_learning_rate", epochs, [0.001] * 3)
        same(validated, "epoch_loss", epochs, [each["val_loss"] for each in logs])
        same(validated, "epoch_accuracy", epochs, [each["val_accuracy"] for each in logs])
        iterations = [steps_of_an_epoch * (epoch + 1) for epoch in epochs]
        same(validated, "evaluation_loss_vs_iterations", iterations, [each["val_loss"] for each in logs])
        for tag, count in (("dense/kernel", 64 * 400), ("dense_1/bias", 10)):
            found = points(trained, f"sequential/{tag}/histogram")
            check(tag, [step for step, _ in found] == [0, 1, 2] and all(h[:, 2].sum() == count for _, h in found))
        graph = json.loads(trained.Tensors("keras")[0].tensor_proto.string_val[0])
        nodes = [node.name for node in keras_model_to_graph_def(graph).node]
        check("keras", [name.split("/")[-1] for name in nodes] == ["input_layer", "flatten", "dense", "dense_1"], nodes)
    steps = points(trained, "batch_loss")
    check("batch_loss", [step for step, _ in steps] == list(range(1, 3 * steps_of_an_epoch + 1)))
    ends = [float(steps[(epoch + 1) * steps_of_an_epoch - 1][1]) for epoch in epochs]
    check("the last of an epoch is the epoch's", ends == [float32(each["loss"]) for each in logs], ends)
    image = points(trained, "sequential/dense/kernel/image")[0][1]
    check("pictures", [bytes(image[0]), bytes(image[1])] == [b"400", b"64"] and image[2][:4] == b"\x89PNG")


def get(address):
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.read().decode()


# The program itself reads with a server of its own, and shows the pages' data.
def pages(home):
    program = [sys.executable, "-m", "tensorboard.main", "--logdir", str(home), "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(program, stderr=subprocess.PIPE, text=True) as server:
        try:
            address = None
            for line in server.stderr:
                if found := re.search(r"at http://[^:]+:(\d+)/", line):
                    address = f"http://127.0.0.1:{found[1]}/data/"
                    break
            scalars = {}
            end = time.time() + 120
            while time.time() < end and "epoch_loss" not in scalars.get("steps/validation", {}):
                time.sleep(0.5)
                scalars = json.loads(get(address + "plugin/scalars/tags"))
            check("the page Scalars", "batch_loss" in scalars.get("steps/train", {}), scalars)
            loss = json.loads(get(address + "plugin/scalars/scalars?run=steps%2Ftrain&tag=epoch_loss"))
            check("its points", [point[1] for point in loss] == [0, 1, 2], loss)
            histograms = json.loads(get(address + "plugin/histograms/tags"))
            check("the page Histograms", "sequential/dense/kernel/histogram" in histograms["steps/train"])
            images = json.loads(get(address + "plugin/images/tags"))
            check("the page Images", "sequential/dense/kernel/image" in images["steps/train"])
            graph = get(address + "plugin/graphs/graph?run=steps%2Ftrain&tag=keras&conceptual=true")
            check("the page Graphs", 'name: "sequential/dense_1"' in graph, graph[:300])
        finally:
            server.terminate()


# As the operating system does it when memory is short.
def killed(command, home):
    text = "tensor_board(log_dir=killed, histogram_freq=1, update_freq=1)"
    line = [command, "train", "digits", "--epochs", "1000000", "--verbose", "0", "--callback", text]
    process = subprocess.Popen(line, cwd=home, stdout=subprocess.DEVNULL)
    folder = home / "killed" / "train"
    end = time.time() + 60
    while time.time() < end:
        if folder.is_dir() and sum(path.stat().st_size for path in folder.iterdir()) > 200_000:
            break
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    (path,) = folder.iterdir()
    records = [Event.FromString(record) for record in RawEventFileLoader(str(path)).Load()]
    steps = [event.step for event in records for value in event.summary.value if value.tag == "batch_loss"]
    check("a killed run", len(steps) > 50 and steps == list(range(1, len(steps) + 1)), len(steps))
    size = sum(16 + event.ByteSize() for event in records)
    check("it loses less than a record", 0 <= path.stat().st_size - size < 4000)


def main():
    command = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        epochs_and_steps(command, home)
        pages(home)
        killed(command, home)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
