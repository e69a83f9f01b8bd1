"""Data sets that are not on the disk are read by Python's own library."""

import functools
import http.server
import os
import pathlib
import threading

import numpy as np
import pytest

import cornu
from cornu import keras


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """An environment in which no data set is found."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    folder = os.environ.get("CORNU_DATASETS")
    monkeypatch.delenv("CORNU_DATASETS", raising=False)
    return folder


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that reads no further, as ours after too many bytes, is no fault."""


@pytest.fixture
def serve(monkeypatch):
    """Serves a folder, or an answer to every request, as CORNU_MIRROR."""
    servers = []

    def begin(handler):
        server = Server(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        monkeypatch.setenv("CORNU_MIRROR", f"http://127.0.0.1:{server.server_port}")
    yield begin
    for server in servers:
        server.shutdown()
        server.server_close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def answers(status, content=b"", **headers):
    class Answer(Quiet):
        def do_GET(self):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(content)
    return Answer


def test_files_are_read_verified_and_kept(nowhere, serve, tmp_path):
    if nowhere is None or not (pathlib.Path(nowhere) / "mnist").is_dir():
        pytest.skip("full MNIST not found")
    serve(functools.partial(Quiet, directory=nowhere))
    (x, y), (x_test, y_test) = keras.datasets.mnist.load_data()
    assert x.shape == (60000, 28, 28) and y_test.shape == (10000,)
    kept = sorted(each.name for each in (tmp_path / "cache").rglob("*.gz"))
    assert len(kept) == 4
    os.environ["CORNU_MIRROR"] = "http://127.0.0.1:9"
    assert (keras.datasets.mnist.load_data()[0][0] == x).all()


@pytest.mark.parametrize("handler, reason", [
    (answers(404), "HTTP 404"),
    (answers(200, b"no idx", Content_Length="6"), "not"),
    (answers(200, b"cut", Content_Length="6"), "cut off after 3 bytes"),
    (answers(200, b"x" * 60_000_000), "sends more than"),
    (answers(302, Location="http://127.0.0.1:9/"), "which is not https://")],
    ids=["missing", "wrong", "cut", "endless", "redirected"])
def test_an_answer_that_is_no_file_is_told(nowhere, serve, handler, reason, tmp_path):
    serve(handler)
    with pytest.raises(cornu.Error) as caught:
        keras.datasets.mnist.load_data()
    text = str(caught.value)
    assert text.startswith("mnist: cannot download t10k-labels-idx1-ubyte.gz (")
    assert reason in text
    assert text.endswith("or name a folder that holds mnist/ by load_data(path) or "
                         "CORNU_DATASETS; digits is part of Cornu and needs no network")
    assert not list((tmp_path / "cache").rglob("*.gz"))


def test_a_server_that_is_not_there_is_told(nowhere, monkeypatch):
    monkeypatch.setenv("CORNU_MIRROR", "http://127.0.0.1:9")
    with pytest.raises(cornu.Error, match="Connection refused"):
        keras.datasets.mnist.load_data()


def test_ctrl_c_ends_a_download(nowhere, serve, monkeypatch):
    from cornu.keras.datasets import _transfer

    def interrupted(*arguments):
        raise KeyboardInterrupt
    monkeypatch.setattr(_transfer, "_take", interrupted)
    serve(answers(200, b"x"))
    with pytest.raises(KeyboardInterrupt):
        keras.datasets.mnist.load_data()


def test_a_download_that_is_cut_off_goes_on(nowhere, serve, tmp_path):
    if nowhere is None or not (pathlib.Path(nowhere) / "mnist").is_dir():
        pytest.skip("full MNIST not found")
    asked = []

    class Cutting(Quiet):
        """Ends each connection after a part of the file."""

        def do_GET(self):
            path = pathlib.Path(nowhere) / self.path.strip("/")
            if not path.is_file():
                return self.send_error(404)
            content = path.read_bytes()
            begin = self.headers.get("Range")
            if begin and self.headers.get("If-Range") == '"one"':
                asked.append((path.name, begin))
            first = int(begin[6:-1]) if begin else 0
            self.send_response(206 if begin else 200)
            self.send_header("ETag", '"one"')
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
            self.send_header("Content-Length", str(len(content) - first))
            self.end_headers()
            self.wfile.write(content[first:first + 5_000_000])

    serve(Cutting)
    (x, _), _ = keras.datasets.mnist.load_data()
    assert x.shape == (60000, 28, 28)
    assert asked == [("train-images-idx3-ubyte.gz", "bytes=5000000-")]
    assert not list((tmp_path / "cache").rglob("*.part"))


def test_the_file_of_keras_is_read_as_it_is(nowhere, monkeypatch, tmp_path):
    """As Keras's own mnist.npz is: NumPy's compressed arrays, in this order."""
    if nowhere is None or not (pathlib.Path(nowhere) / "mnist").is_dir():
        pytest.skip("full MNIST not found")
    (x, y), (x_test, y_test) = keras.datasets.mnist.load_data(nowhere)
    folder = tmp_path / ".keras" / "datasets"
    folder.mkdir(parents=True)
    path = folder / "mnist.npz"
    np.savez_compressed(path, x_test=x_test, x_train=x, y_train=y, y_test=y_test)
    before = path.read_bytes(), path.stat().st_mtime_ns
    monkeypatch.setenv("CORNU_OFFLINE", "1")
    (again, labels), (test, test_labels) = keras.datasets.mnist.load_data()
    assert (again == x).all() and (labels == y).all()
    assert (test == x_test).all() and (test_labels == y_test).all()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert not (tmp_path / "cache").exists()
    y_test[17] ^= 1
    np.savez_compressed(path, x_test=x_test, x_train=x, y_train=y, y_test=y_test)
    with pytest.raises(cornu.Error, match="mnist.npz: y_test: wrong checksum"):
        keras.datasets.mnist.load_data()


def test_offline_nothing_is_asked(nowhere, serve, monkeypatch):
    asked = []

    class Noting(Quiet):
        def do_GET(self):
            asked.append(self.path)

    serve(Noting)
    monkeypatch.setenv("CORNU_OFFLINE", "1")
    with pytest.raises(cornu.Error, match="mnist: not found"):
        keras.datasets.mnist.load_data()
    assert not asked
