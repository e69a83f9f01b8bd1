"""fit(distribute=comm): processes give the bits of one."""

import csv
import hashlib
import os
import signal
import threading
import time

import numpy as np
import pytest

import cornu
from cornu import keras
from cornu.keras import _processes
from threads_as_processes import World, run_processes

ROWS = 45  # with batches of 16 the last one has 13
X = np.random.default_rng(1).random((ROWS, 36), np.float32)
Y = np.random.default_rng(2).integers(0, 3, ROWS)


@pytest.fixture(autouse=True)
def at_exit(monkeypatch):
    """What is to be called at the end of the interpreter."""
    calls = []
    monkeypatch.setattr(_processes.atexit, "register", calls.append)
    return calls


def network(shards=4, seed=0, last="softmax"):
    model = keras.Sequential([
        keras.layers.Reshape((6, 6, 1), input_shape=(36,)),
        keras.layers.Conv2D(4, 3, activation="relu"),
        keras.layers.Flatten(), keras.layers.BatchNormalization(),
        keras.layers.Dense(20, "relu"), keras.layers.Dropout(0.25),
        keras.layers.Dense(3, last)])
    model.compile(keras.optimizers.Adam(clipnorm=0.5), "sparse_categorical_crossentropy",
                  metrics=["accuracy"], shards=shards)
    return model


def known(model, history):
    """The fingerprint of weights, and the history."""
    digest = hashlib.sha256(b"".join(each.tobytes() for each in model.get_weights())).hexdigest()
    return digest, history.history


def trained(comm=None, shards=4, **options):
    model = network(shards)
    history = model.fit(X, Y, **{"batch_size": 16, "epochs": 3, "verbose": 0,
                                 "validation_split": 0.1, "class_weight": {0: 2.0},
                                 "distribute": comm, **options})
    return known(model, history)


def texts_of(results):
    """What they raised."""
    for each in results:
        assert isinstance(each, BaseException), each
    return [str(each) for each in results]


@pytest.mark.parametrize("shards, count", [(4, 1), (4, 2), (4, 4), (3, 3), (16, 16)])
def test_processes_have_the_bits_of_one(shards, count, at_exit):
    one = trained(shards=shards)
    assert run_processes(count, lambda comm: trained(comm, shards)) == [one] * count
    assert at_exit == []


def test_messages_may_go_in_parts(monkeypatch):
    monkeypatch.setattr(_processes, "_LARGEST_PART", 100)

    def main(comm):
        return trained(comm), max(size for _, size in comm.buffers)
    assert run_processes(2, main) == [(trained(), 100)] * 2


def test_the_memory_of_the_library_is_sent():
    def buffers(comm):
        trained(comm, epochs=1)
        return {kind for kind, _ in comm.buffers}
    assert run_processes(2, buffers) == [{memoryview}] * 2


def test_the_first_alone_prints(capfd):
    class Says(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            print(f"process {self.params['rank']}, verbose {self.params['verbose']}\n", end="")

    def main(comm):
        trained(comm, epochs=2, verbose=2, callbacks=[
            Says(), keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate, verbose=1),
            keras.callbacks.EarlyStopping("loss", min_delta=1e9, patience=1, verbose=1)])
    run_processes(2, main)
    out, err = capfd.readouterr()
    assert sorted(line for line in out.splitlines() if line.startswith("process")) == [
        "process 0, verbose 2", "process 1, verbose 0"]
    assert out.count("Epoch 2/2") == 1
    assert out.count("Epoch 2: LearningRateScheduler setting") == 1
    assert err == "Epoch 2: early stopping\n"


def test_callbacks_of_the_library_write_files_in_the_first(tmp_path):
    def main(comm):
        folder = tmp_path / str(comm.Get_rank())
        folder.mkdir()
        trained(comm, epochs=2, callbacks=[
            keras.callbacks.CSVLogger(folder / "log.csv"),
            keras.callbacks.ModelCheckpoint(folder / "model.keras")])
        return sorted(each.name for each in folder.iterdir())
    assert run_processes(2, main) == [["log.csv", "model.keras"], []]
    with open(tmp_path / "0" / "log.csv", newline="") as file:
        assert len(list(csv.reader(file))) == 3


def test_a_fit_goes_on_in_another_number_of_processes(tmp_path):
    whole = trained(epochs=4)

    class Enough(Exception):
        pass

    class Ends(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == self.at:
                raise Enough

    def part(comm, epoch):
        ends = Ends()
        ends.at = epoch
        try:
            return trained(comm, epochs=4,
                           callbacks=[keras.callbacks.BackupAndRestore(tmp_path), ends])
        except Enough:
            return None
    assert run_processes(4, lambda comm: part(comm, 1)) == [None] * 4
    assert run_processes(2, lambda comm: part(comm, 3)) == [None] * 2
    assert part(None, None) == whole


@pytest.mark.parametrize("memory", ["0", "1"])
def test_large_gradients_and_moments_are_those_of_one(memory, monkeypatch, tmp_path):
    # Each process updates a slice, of which callbacks and the end of fit see all.
    monkeypatch.setenv("CORNU_SHARED_MEMORY", memory)

    def fitted(comm, folder):
        saved = keras.callbacks.ModelCheckpoint(tmp_path / folder / "{epoch}.keras")
        model = keras.Sequential([keras.layers.Dense(400, "relu", input_shape=(36,), name="a"),
                                  keras.layers.Dense(300, "relu", name="b"),
                                  keras.layers.Dense(3, name="c")], name="wide")
        model.compile("adam", "mse", shards=4)
        model.fit(X, X[:, :3], batch_size=5, epochs=2, verbose=0, callbacks=[saved],
                  distribute=comm)
        return [each.tobytes() for each in model.get_weights()]

    one = fitted(None, "one")
    files = [sorted(each.read_bytes() for each in (tmp_path / "one").iterdir())]
    for count in (2, 4):
        assert run_processes(count, lambda comm: fitted(comm, str(count))) == [one] * count
        files.append(sorted(each.read_bytes() for each in (tmp_path / str(count)).iterdir()))
    assert len(files[0]) == 2
    assert files == [files[0]] * 3


@pytest.mark.parametrize("shards, text", [
    (1, "such as 3, got 1"), (4, "such as 3 or 6, got 4")])
def test_processes_divide_shards(shards, text):
    for each in run_processes(3, lambda comm: trained(comm, shards)):
        assert isinstance(each, cornu.Error)
        assert f"cannot divide a batch among 3 processes; expected shards that their number " \
               f"divides, {text}. Hint: " in str(each)


def fit_otherwise(comm, what):
    """A fit that differs in the last process."""
    is_other = comm.Get_rank() == comm.Get_size() - 1
    if is_other and what == "network":
        model = network(last="sigmoid")
    else:
        model = network()
    if is_other and what == "weights":
        model.layers[-1].set_weights([np.ones((20, 3)), np.zeros(3)])
    x = X[:-1] if is_other and what == "data" else X
    model.fit(x, Y[:len(x)], epochs=2 + (is_other and what == "epochs"), distribute=comm,
              shuffle=not (is_other and what == "fit"), verbose=0)


@pytest.mark.parametrize("what, text", [
    ("network", "another network"), ("weights", "another set of weights"),
    ("data", "another data set"), ("epochs", "another number of epochs"),
    ("fit", "another batch_size, shuffle or other options of fit")])
def test_one_that_begins_elsewhere_is_told(what, text):
    results = run_processes(2, lambda comm: fit_otherwise(comm, what))
    assert [f"fit: process 1 has {text} than process 0" in each for each in texts_of(results)] \
        == [True] * 2, results


class WaitsAt(keras.callbacks.Callback):
    """Waits in one process before a step."""

    def __init__(self, rank, step, wait):
        self.rank, self.step, self.wait = rank, step, wait

    def on_train_batch_begin(self, batch, logs=None):
        if batch == self.step and self.params["rank"] == self.rank:
            self.wait()


def test_one_that_hangs_is_named_by_all(at_exit):
    ended = threading.Semaphore(0)

    def wait():
        for _ in range(3):
            assert ended.acquire(timeout=60)

    def main(comm):
        try:
            trained(comm, epochs=1, timeout=0.5, callbacks=[WaitsAt(1, 1, wait)])
        finally:
            ended.release()
    results = run_processes(4, main)
    for rank in (0, 2, 3):
        assert isinstance(results[rank], cornu.Error)
        assert str(results[rank]).startswith("fit: timeout; rank 1 (host ")
        assert ") of 4 has not answered for 0.5 s. Hint: " in str(results[rank])
    assert isinstance(results[1], cornu.Error)
    assert len(at_exit) == 4


def test_one_that_never_comes_is_named():
    results = run_processes(2, lambda comm: comm.Get_rank() == 0 and trained(comm, timeout=0.2))
    assert str(results[0]).startswith(
        "fit: timeout; rank 1 (host ) of 2 has not answered for 0.2 s")


def test_one_that_comes_while_others_ask_is_waited_for():
    # After the timeout and before the end of its patience; then another hangs for good.
    def slow(comm):
        return trained(comm, epochs=1, timeout=0.6,
                       callbacks=[WaitsAt(1, 1, lambda: time.sleep(0.75))])
    assert run_processes(4, slow) == [trained(epochs=1)] * 4

    def then_hangs(comm):
        trained(comm, epochs=1, timeout=0.6,
                callbacks=[WaitsAt(1, 1, lambda: time.sleep(0.75)),
                           WaitsAt(2, 2, lambda: time.sleep(3))])
    results = run_processes(4, then_hangs)
    for rank in (0, 1, 3):
        assert str(results[rank]).startswith("fit: timeout; rank 2 (host "), results


def test_other_calls_are_told():
    def crossed(comm):
        with _processes.Processes(comm, 0.2) as processes:
            other = 1 - comm.Get_rank()
            processes.exchange([], [(other, memoryview(bytearray(1)))])
    assert texts_of(run_processes(2, crossed)) == [
        "fit: distribute; all processes wait for each other: they do not make the same calls"] * 2

    def unequal(comm):
        with _processes.Processes(comm, 0.2) as processes:
            other, size = 1 - comm.Get_rank(), 8 - 4 * comm.Get_rank()
            processes.exchange([(other, memoryview(bytes(size)))],
                               [(other, memoryview(bytearray(4)))])
    assert str(run_processes(2, unequal)[1]).startswith(
        "fit: distribute; rank 0: message truncated. Hint: all processes make the same calls")


def test_an_exception_in_one_ends_it_at_exit(at_exit, monkeypatch):
    class Fails(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if self.params["rank"] == 1:
                raise KeyError("own fault")
    comms = {}

    def main(comm):
        comms[comm.Get_rank()] = comm
        trained(comm, timeout=0.2, callbacks=[Fails()])
    results = run_processes(2, main)
    assert repr(results[1]) == "KeyError('own fault')"
    assert str(results[0]).startswith("fit: timeout; rank 1 (host ")
    # As the interpreter ends: the first has failed in an exchange; the second only if its
    # exception ended the script.
    monkeypatch.delattr("sys.last_value", raising=False)
    for each in at_exit:
        each()
    assert (comms[0].aborted, comms[1].aborted) == ([1], [])
    monkeypatch.setattr("sys.last_value", results[1], raising=False)
    for each in at_exit:
        each()
    assert comms[1].aborted == [1]


def test_a_layer_that_fails_in_one_ends_all_after_the_same_step():
    class Fails(keras.layers.NumpyLayer):
        def forward(self, x):
            if self.fails and self.calls == 5:
                raise KeyError("own fault")
            self.calls += 1
            return x

        def backward(self, dy, y, x):
            return dy

    def main(comm):
        layer = Fails(input_shape=(36,))
        layer.fails, layer.calls = comm.Get_rank() == 1, 0
        model = keras.Sequential([layer, keras.layers.Dense(3, "softmax")])
        model.compile("sgd", "sparse_categorical_crossentropy", shards=2)
        model.fit(X, Y, epochs=9, verbose=0, distribute=comm)
    first, second = run_processes(2, main)
    assert repr(second) == "KeyError('own fault')"
    assert isinstance(first, KeyboardInterrupt)
    assert str(first) == "fit: another process was interrupted, or failed"


def test_ctrl_c_in_one_ends_all_after_the_same_step(ctrl_c, at_exit):
    models = {}

    def main(comm):
        rank = comm.Get_rank()
        models[rank] = network()
        interrupt = WaitsAt(0, 1, lambda: os.kill(os.getpid(), signal.SIGINT))
        models[rank].fit(X, Y, batch_size=16, epochs=1000, verbose=0, distribute=comm,
                         callbacks=[interrupt])
    results = run_processes(4, main, first_here=True)
    assert [type(each) for each in results] == [KeyboardInterrupt] * 4
    assert [str(each) for each in results] == [
        "", *["fit: another process was interrupted, or failed"] * 3]
    stopped = {known(each, each.history)[0] for each in models.values()}
    assert len(stopped) == 1
    assert all(each.history.epoch == [0] for each in models.values())
    assert at_exit == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_ends_one_that_waits(ctrl_c):
    world = World(2)  # of which the second never comes

    def interrupt():
        for _ in range(2):
            time.sleep(0.3)
            os.kill(os.getpid(), signal.SIGINT)
    threading.Thread(target=interrupt).start()
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        trained(world.comms()[0], timeout=None)
    assert time.monotonic() - begin > 0.5


@pytest.mark.parametrize("given, found", [
    (2, "int"), ("mpi", "'mpi'"), (World, "World"), (signal, "module")])
def test_what_is_no_communicator_is_told(given, found):
    with pytest.raises(TypeError) as raised:
        trained(given)
    assert str(raised.value) == (
        "fit: distribute; expected a communicator of mpi4py, or an object with its methods "
        f"Get_rank, Get_size, Isend, Irecv, Abort, got {found}. "
        "Hint: from mpi4py import MPI; model.fit(..., distribute=MPI.COMM_WORLD)")


def test_the_module_of_keras_is_answered_with_the_parameter():
    with pytest.raises(AttributeError, match=r"distribute=comm\) trains in several processes"):
        keras.distribution.DataParallel()


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), "10"])
def test_a_timeout_is_seconds(timeout):
    with pytest.raises(cornu.Error, match="^fit: timeout; expected seconds > 0, or None to wait"):
        trained(World(1).comms()[0], timeout=timeout)


def test_batches_of_a_generator_are_refused():
    def main(comm):
        network().fit(((X[:16], Y[:16]) for _ in range(3)), distribute=comm, verbose=0)
    for text in texts_of(run_processes(2, main)):
        assert text == ("fit: expected arrays, for several processes, got a generator or sequence, "
                        "of which each process would have its own.")
