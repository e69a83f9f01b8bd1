"""What the processes of test_mpi.py do: mpi_fit.py WHAT. Each prints "RANK of SIZE: RESULT"."""

import hashlib
import os
import signal
import sys

import numpy as np

from cornu import keras


class Acts(keras.callbacks.Callback):
    """Does something in the second process before a step."""

    def __init__(self, act):
        self.act = act

    def on_train_batch_begin(self, batch, logs=None):
        if batch == 3 and self.params["rank"] == 1:
            self.act()


def fail():
    raise KeyError("own fault")


ACTS = {"train": lambda: None, "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP), "fail": fail,
        "interrupt": lambda: os.kill(os.getpid(), signal.SIGINT)}


def train(comm, what="train", timeout=60):
    keras.utils.set_random_seed(7)
    random = np.random.default_rng(1)
    x, y = random.random((450, 36), np.float32), random.integers(0, 3, 450)
    model = keras.Sequential([
        keras.layers.Dense(600, "relu", input_shape=(36,)), keras.layers.BatchNormalization(),
        keras.layers.Dropout(0.25), keras.layers.Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], shards=4)
    try:
        model.fit(x, y, batch_size=100, epochs=2, verbose=2, validation_split=0.1,
                  callbacks=[Acts(ACTS[what])], distribute=comm, timeout=timeout)
    except KeyboardInterrupt:
        print("interrupted\n", end="")
    digest = hashlib.sha256(repr(model.history.history).encode())
    for each in model.get_weights():
        digest.update(each.tobytes())
    return digest.hexdigest()


if __name__ == "__main__":
    from mpi4py import MPI
    comm = MPI.COMM_WORLD
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.alarm(60)  # no process outlives a test
    result = "here" if sys.argv[1] == "meet" else train(
        comm, sys.argv[1], timeout=1 if sys.argv[1] == "stop" else 60)
    print(f"{comm.Get_rank()} of {comm.Get_size()}: {result}\n", end="", flush=True)
