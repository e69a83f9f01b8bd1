"""Runs a notebook from top to bottom and stores its outputs.

    python python/tools/run_notebook.py NOTEBOOK [RESULT]

writes RESULT, without it NOTEBOOK itself. Needs nbclient, ipykernel and Pillow. What the cells
write to disk is removed, and a TensorBoard that they start is stopped; NOTEBOOK does not keep its
page.
"""

import base64
import glob
import io
import json
import os
import signal
import sys
import tempfile

import nbformat
from nbclient import NotebookClient
from PIL import Image


def run(notebook):
    """Runs the cells in a new kernel; what a cell prints becomes one output."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as temporary:
        client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": folder}},
                                record_timing=False, coalesce_streams=True)
        try:
            client.execute(env={**os.environ, "TMPDIR": temporary})
        finally:
            stop_tensorboard(temporary)


def stop_tensorboard(temporary):
    """Ends the processes of which TensorBoard keeps a note in the kernel's temporary folder."""
    for note in glob.glob(os.path.join(temporary, ".tensorboard-info", "pid-*.info")):
        with open(note) as file:
            os.kill(json.load(file)["pid"], signal.SIGTERM)


def compress_pictures(outputs):
    """256 colours are enough for plots and take a third of the bytes."""
    for output in outputs:
        if "image/png" not in output.get("data", ()):
            continue
        picture = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
        small = io.BytesIO()
        picture.convert("RGB").quantize(256).save(small, "png", optimize=True)
        output.data["image/png"] = base64.b64encode(small.getvalue()).decode() + "\n"


def main():
    source, result = sys.argv[1], sys.argv[-1]
    notebook = nbformat.read(source, as_version=4)
    run(notebook)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        compress_pictures(cell.get("outputs", []))
        if result == source and cell.source.startswith("%tensorboard"):
            cell.outputs = []
    nbformat.write(notebook, result)


if __name__ == "__main__":
    main()
