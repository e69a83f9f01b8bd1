"""Runs the scripts of examples/python on Keras, with `import keras` for `from cornu import keras`.

    KERAS_BACKEND=jax python python/tools/run_examples.py

They have to reach the results that python/tests/test_examples.py asks of cornu.keras.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests"))

import test_examples  # noqa: E402

IMPORT = "from cornu import keras\n"


def main():
    failed = []
    for name, reached in test_examples.RESULTS.items():
        path = test_examples.FOLDER / f"{name}.py"
        source = path.read_text()
        assert source.count(IMPORT) == 1 and "cornu" not in source.replace(IMPORT, "")
        names = {"__name__": "__main__", "__file__": str(path)}
        print(f"{name}: ", end="", flush=True)
        exec(compile(source.replace(IMPORT, "import keras\n"), path, "exec"), names)
        if not reached(names):
            failed.append(name)
    sys.exit(f"other results: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
