"""Writes python/tests/golden/checkpoints.json: the files that Keras's ModelCheckpoint writes in the
fits of checkpoint_cases.py, and what it prints.

    KERAS_BACKEND=jax python python/tools/make_checkpoint_goldens.py

Needs keras, jax and h5py. python/tests/test_backup.py does the same with cornu.keras.
"""

import contextlib
import io
import json
import logging
import pathlib
import sys
import tempfile
import warnings

TESTS = pathlib.Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))

import keras  # noqa: E402

import checkpoint_cases  # noqa: E402

PATH = TESTS / "golden" / "checkpoints.json"


def golden(options, values):
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            files = checkpoint_cases.files_of(keras, folder, options, values)
        return {"options": options, "values": values, "files": files,
                "printed": printed.getvalue().replace(folder, "DIR")}


def text():
    """The file, a case on each line."""
    cases = [golden(*case) for case in checkpoint_cases.CASES]
    return "[\n" + ",\n".join(json.dumps(each, separators=(",", ":")) for each in cases) + "\n]\n"


if __name__ == "__main__":
    PATH.write_text(text())
