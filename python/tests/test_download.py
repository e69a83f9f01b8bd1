"""Data sets that are not on the disk are read by Python's own library."""

import functools
import http.server
import os
import pathlib
import threading

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
                         "CORNU_DATASETS")
    assert not list((tmp_path / "cache").rglob("*.gz"))


def test_a_server_that_is_not_there_is_told(nowhere, monkeypatch):
    monkeypatch.setenv("CORNU_MIRROR", "http://127.0.0.1:9")
    with pytest.raises(cornu.Error, match="Connection refused"):
        keras.datasets.mnist.load_data()


def test_ctrl_c_ends_a_download(nowhere, serve, monkeypatch):
    from cornu.keras.datasets import _transfer

    def interrupted(*arguments):
        raise KeyboardInterrupt
    monkeypatch.setattr(_transfer, "_all_of", interrupted)
    serve(answers(200, b"x"))
    with pytest.raises(KeyboardInterrupt):
        keras.datasets.mnist.load_data()
