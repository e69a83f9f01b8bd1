#!/usr/bin/env python3
"""Makes old_keras_files/*, files that earlier versions of Keras wrote, and
old_keras_files.safetensors, from what python/tools/keras_files.py wrote with each of them:

    python3 tests/goldens/make_old_keras_files.py FOLDERS   # FOLDERS/2.15.0/arithmetic.h5, ...

Keras 1.2.2 and 2.1.6 ran on Theano, 3.0.5 to 3.10.0 on JAX, the others on TensorFlow. <file's stem>/x<i>: inputs;
y<i>: the model's outputs, target<i>: targets of one more step of training, after<i>: the outputs
after it, where that Keras steps as today's does: its RMSprop and its Nadam were others, and on
TensorFlow 1 it read weights while it wrote them.
"""

import shutil
import sys
from pathlib import Path

import h5py
import numpy as np
from golden_file import save

FILES = {  # and whether one more step is compared
    "1.2.2/layer_embedding.h5": True,
    "1.2.2/merge_functions.h5": True,
    "1.2.2/old_convolutions.h5": True,
    "1.2.2/old_convolutions_turned.h5": True,
    "1.2.2/old_convolution_of_lines.h5": True,
    "1.2.2/old_convolutions_on_tensorflow.h5": False,
    "1.2.2/old_convolution_with_steps.h5": False,
    "2.1.6/layer_convolution.h5": False,
    "2.1.6/layer_depthwise.h5": False,
    "2.1.6/nested_twice.h5": False,
    "2.1.6/optimizer_adam_amsgrad.h5": False,
    "2.2.4/shared_layers.h5": False,
    "2.3.1/chain_with_input_layer.h5": False,
    "2.3.1/outputs_dict.h5": False,
    "2.4.0/optimizer_adam_decay.h5": True,
    "2.10.0/compiled_with_objects.h5": True,
    "2.10.0/names_with_slashes.h5": True,
    "2.11.0/outputs_dict.h5": True,
    "2.13.1/nested_functional.keras": True,
    "2.13.1/named_by_windows.weights.h5": False,
    "2.15.0/arithmetic.h5": True,
    "2.15.0/metric_of_one_output.h5": True,
    "2.15.0/optimizer_sgd.keras": True,
    "3.0.5/optimizer_nadam.keras": True,
    "3.5.0/optimizer_nadam.h5": True,
    "3.10.0/names_in_utf8.h5": True,
}
UNFINISHED = "3.5.0/optimizer_adagrad.h5"  # Keras's save() ended in an error
DTYPES = {"int32": "int64"}


def as_windows(source, place):
    """The groups of tf.keras 2.13 on Windows: layers\\dense/vars/0."""
    with h5py.File(source) as old, h5py.File(place, "w") as new:
        def add(name, item):
            if isinstance(item, h5py.Dataset):
                layer, number = name.rsplit("/vars/", 1)
                new[layer.replace("/", "\\") + "/vars/" + number] = item[()]
        old.visititems(add)


def as_tensorflow(source, place):
    """Of Keras 1 on TensorFlow: other names, and kernels that Theano would turn around."""
    with h5py.File(source) as old, h5py.File(place, "w") as new:
        for key in ("keras_version", "model_config"):
            new.attrs[key] = old.attrs[key]
        new.create_group("model_weights").attrs.update(old["model_weights"].attrs)
        for layer, group in old["model_weights"].items():
            made = new["model_weights"].create_group(layer)
            names = [name if isinstance(name, str) else name.decode() for name in group.attrs["weight_names"]]
            made.attrs["weight_names"] = np.array([name + ":0" for name in names], "S")
            for name, values in group.items():
                turned = values[()][::-1, ::-1] if values.ndim == 4 else values[()]
                made[name + ":0"] = turned


def main():
    folders = Path(sys.argv[1])
    target = Path(__file__).parent / "old_keras_files"
    target.mkdir(exist_ok=True)
    tensors = {}
    for file, has_step in FILES.items():
        version, name = file.split("/")
        stem = name.split(".")[0]
        source = folders / version
        if stem == "named_by_windows":
            stem = "nested_functional"
            as_windows(source / f"{stem}.weights.h5", target / f"{version}_{name}")
            continue
        if stem == "old_convolutions_on_tensorflow":
            as_tensorflow(source / "old_convolutions.h5", target / f"{version}_{name}")
            continue
        shutil.copyfile(source / name, target / f"{version}_{name}")
        for key, values in np.load(source / f"{stem}.npz").items():
            if has_step or key[0] in "xy":
                dtype = DTYPES.get(values.dtype.name, values.dtype.name)
                tensors[f"{version}_{stem}/{key}"] = values.astype(dtype)
    shutil.copyfile(folders / UNFINISHED, target / UNFINISHED.replace("/", "_"))
    save("old_keras_files.safetensors", tensors, "make_old_keras_files.py")


if __name__ == "__main__":
    main()
