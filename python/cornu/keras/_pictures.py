"""Folders of pictures as batches, as keras.utils.image_dataset_from_directory reads them."""

import copy
import os

import numpy as np

from .. import _cornu
from .._cornu import Error

_WHERE = "image_dataset_from_directory"
_ENDINGS = (".jpeg", ".jpg", ".png")
# Keras lists these as well.
_OTHER_ENDINGS = (".bmp", ".gif")
_CHANNELS = {"grayscale": 1, "rgb": 3, "rgba": 4}
_INTERPOLATIONS = ("bilinear", "nearest")


class PictureDataset:
    """Batches of pictures with their labels, read from files while they are iterated.

    ``fit``, ``evaluate`` and ``predict`` take it. ``file_paths`` and ``class_names`` are those of
    the files; with ``shuffle`` each iteration has an order of its own, drawn from the seed.
    """

    def __init__(self, files, labels, class_names, batch_size, form, seed, channels_first=False):
        self.file_paths, self.class_names = files, class_names
        self._labels, self._batch_size = labels, batch_size
        self._form, self._seed, self._channels_first = form, seed, channels_first
        self._epoch = 0
        self._most = None

    def __len__(self):
        count = -(-len(self.file_paths) // (self._batch_size or 1))
        return count if self._most is None else min(count, self._most)

    def __iter__(self):
        batches = self._batches(self._next_order())
        return batches if self._batch_size else _samples(batches)

    def take(self, count):
        """The first ``count`` batches of each iteration."""
        part = copy.copy(self)
        part._most = count if self._most is None else min(count, self._most)
        return part

    def prefetch(self, buffer_size=None):
        """Itself: some batches are always read ahead."""
        return self

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(
            f"a data set of pictures has no {name!r}, it is no tf.data.Dataset; expected one of "
            "class_names, file_paths, prefetch, take. Hint: layers such as Rescaling work on "
            "batches, and np.concatenate([x for x, _ in data]) has all pictures")

    def _next_order(self):
        count = len(self.file_paths)
        if self._seed is None:
            order = np.arange(count)
        else:
            order = np.random.default_rng([self._seed, self._epoch]).permutation(count)
        self._epoch += 1
        return order if self._most is None else order[:self._most * (self._batch_size or 1)]

    def _batches(self, order):
        size = self._batch_size or 32
        read = _cornu.picture_batches([self.file_paths[i] for i in order], batch_size=size,
                                      **self._form)
        for begin in range(0, len(order), size):
            x = read.next_batch()
            if self._form["nearest"]:
                x = x.astype(np.uint8)
            if self._channels_first:
                x = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
            yield x if self._labels is None else (x, self._labels[order[begin:begin + size]])


def image_dataset_from_directory(
        directory, labels="inferred", label_mode="int", class_names=None, color_mode="rgb",
        batch_size=32, image_size=(256, 256), shuffle=True, seed=None, validation_split=None,
        subset=None, interpolation="bilinear", follow_links=False, crop_to_aspect_ratio=False,
        pad_to_aspect_ratio=False, data_format=None, format="tf", verbose=True):
    """Batches of the PNG and JPEG files in a folder for each class.

    Labels, their order, the split and the pixels are Keras's; pictures are turned as their EXIF
    data say, which Keras does not do. Files are read on all cores, some batches ahead.

    Parameters
    ----------
    directory : str or path
        The folder, with a folder for each class unless labels are given.
    labels : "inferred", None, list or tuple of int, default "inferred"
        The classes: by folder, none, or a number for each file in the order of their paths.
    label_mode : "int", "categorical", "binary" or None, default "int"
        int32 numbers, float32 one-hot rows, float32 (n, 1) of two classes, or no labels.
    class_names : list of str, default None
        The folders that are classes, in their order; None: all, by name.
    color_mode : "grayscale", "rgb" or "rgba", default "rgb"
        1, 3 or 4 channels.
    batch_size : int, default 32
        Pictures in a batch; None: single ones, not in batches.
    image_size : (int, int), default (256, 256)
        Height and width that all are brought to.
    shuffle : bool, default True
        Whether files, and those of each iteration anew, are in random order.
    seed : int, default None
        Seed of these orders; None: another one at each call.
    validation_split : float, default None
        Fraction of the files, the last ones, that validate.
    subset : "training", "validation" or "both", default None
        The part of the split that is returned; "both": a list of the two.
    interpolation : "bilinear" or "nearest", default "bilinear"
        How pictures are resized. Keras's others are errors.
    follow_links : bool, default False
        Whether links to folders are followed.
    crop_to_aspect_ratio : bool, default False
        Whether the middle of a picture is taken, in the shape of the size, where it would be
        stretched.
    pad_to_aspect_ratio : bool, default False
        Whether black is added instead.
    data_format : "channels_last" or "channels_first", default None
        Whether x is (rows, height, width, channels), as None means, or (rows, channels, height,
        width).
    format : "tf" or "grain", default "tf"
        Changes nothing.
    verbose : bool, default True
        Whether it is printed how many files were found.

    Returns
    -------
    PictureDataset
        Iterating gives ``(x, y)`` of NumPy arrays, x float32 from 0 to 255, or x alone without
        labels; ``nearest`` gives uint8.
    """
    _check_choices(label_mode=(label_mode, ("int", "categorical", "binary", None)),
                   color_mode=(color_mode, tuple(_CHANNELS)),
                   interpolation=(str(interpolation).lower(), _INTERPOLATIONS),
                   data_format=(data_format, (None, "channels_last", "channels_first")),
                   format=(format, ("tf", "grain")),
                   subset=(subset, (None, "training", "validation", "both")))
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise _error("expected crop_to_aspect_ratio or pad_to_aspect_ratio, got both")
    height, width = _size(image_size)
    _check_split(validation_split, subset, shuffle, seed)
    if labels is None or label_mode is None:
        labels = label_mode = None
    if seed is None:
        seed = np.random.randint(1e6)
    files, numbers, class_names = _listed(os.fspath(directory), labels, class_names, follow_links)
    if numbers is not None:
        numbers = _encoded(numbers, label_mode, class_names)
    if verbose:
        classes = "" if numbers is None else f" belonging to {len(class_names)} classes"
        print(f"Found {len(files)} files{classes}.")
    if shuffle:
        order = np.arange(len(files))
        np.random.RandomState(seed).shuffle(order)
        files = [files[i] for i in order]
        numbers = None if numbers is None else numbers[order]
    form = {"height": height, "width": width, "channels": _CHANNELS[color_mode],
            "nearest": str(interpolation).lower() == "nearest",
            "crop": bool(crop_to_aspect_ratio), "pad": bool(pad_to_aspect_ratio)}

    def part(name, chosen, shuffle):
        if validation_split and verbose:
            print(f"Using {len(files[chosen])} files for {name}.")
        return PictureDataset(files[chosen], None if numbers is None else numbers[chosen],
                              class_names, batch_size, form, seed if shuffle else None,
                              data_format == "channels_first")
    if not validation_split:
        return part("training", slice(None), shuffle)
    split = len(files) - int(validation_split * len(files))
    if split == len(files) or split == 0:
        raise _error(f"validation_split={validation_split} of {len(files)} files leaves a part "
                     "without any")
    parts = {"training": slice(split), "validation": slice(split, None)}
    if subset == "both":
        return [part(name, chosen, shuffle and name == "training")
                for name, chosen in parts.items()]
    return part(subset, parts[subset], shuffle)


def _error(text):
    return Error(f"{_WHERE}: {text}")


def _check_choices(**given):
    for name, (value, known) in given.items():
        if value not in known:
            raise _error(f"{name}: expected one of {', '.join(map(repr, known))}, got {value!r}")


def _size(image_size):
    size = (image_size, image_size) if isinstance(image_size, int) else image_size
    if not isinstance(size, (list, tuple)) or len(size) != 2 or min(size) < 1:
        raise _error(f"image_size: expected (height, width), got {image_size!r}")
    return map(int, size)


def _check_split(validation_split, subset, shuffle, seed):
    if validation_split and not 0 < validation_split < 1:
        raise _error(f"validation_split: expected a fraction between 0 and 1, got "
                     f"{validation_split}")
    if bool(validation_split) != bool(subset):
        raise _error("expected validation_split and subset, or neither, got "
                     f"validation_split={validation_split!r} and subset={subset!r}")
    if validation_split and shuffle and seed is None:
        raise _error("with shuffle, validation_split needs a seed: else training and validation "
                     "would share files")


def _listed(directory, labels, class_names, follow_links):
    """Files, their labels or None, and the names of the classes."""
    inferred = isinstance(labels, str) and labels == "inferred"
    if inferred:
        folders = sorted(each for each in os.listdir(directory) if not each.startswith(".")
                         and os.path.isdir(os.path.join(directory, each)))
        unknown = [name for name in class_names or [] if name not in folders]
        if unknown:
            raise _error(f"class_names: expected folders of {directory}, {folders}, got "
                         f"{unknown[0]!r}")
        folders = folders if class_names is None else list(class_names)
    elif class_names is not None:
        raise _error('class_names: expected None unless labels="inferred"')
    else:
        folders = [""]
    files, numbers = [], []
    for number, folder in enumerate(folders):
        found = [*_pictures(os.path.join(directory, folder), follow_links)]
        files += found
        numbers += [number] * len(found)
    if not files:
        raise _error(f"{directory}: expected files with the endings {', '.join(_ENDINGS)}, got "
                     "none")
    if inferred:
        return files, numbers, folders
    if labels is None:
        return files, None, None
    if not isinstance(labels, (list, tuple)):
        raise _error(f'labels: expected "inferred", None or a list of numbers, got {labels!r}')
    if len(labels) != len(files):
        raise _error(f"labels: expected {len(files)}, one for each file of {directory}, got "
                     f"{len(labels)}")
    return files, labels, [str(each) for each in sorted(set(labels))]


def _pictures(folder, follow_links):
    for root, _, names in sorted(os.walk(folder, followlinks=follow_links),
                                 key=lambda each: each[0]):
        for name in sorted(names):
            if name.lower().endswith(_ENDINGS):
                yield os.path.join(root, name)
            elif name.lower().endswith(_OTHER_ENDINGS):
                raise _error(f"{os.path.join(root, name)}: expected PNG and JPEG files, got a "
                             f"{name[-3:].upper()} file. Hint: ImageMagick converts most pictures: "
                             "convert IN OUT.png")


def _encoded(numbers, label_mode, class_names):
    labels = np.asarray(numbers)
    if labels.dtype.kind not in "iu":
        raise _error(f"labels: expected whole numbers, got {labels.dtype}")
    labels = labels.astype(np.int32)
    classes = len(class_names)
    if label_mode == "binary" and classes != 2:
        raise _error(f'label_mode="binary": expected two classes, got {class_names}')
    if label_mode == "int":
        return labels
    wrong = labels[(labels < 0) | (labels >= classes)]
    if wrong.size:
        raise _error(f"label_mode={label_mode!r}: expected labels from 0 to {classes - 1}, got "
                     f"{wrong[0]}")
    if label_mode == "binary":
        return labels.astype(np.float32)[:, None]
    return np.eye(classes, dtype=np.float32)[labels]


def _samples(batches):
    for batch in batches:
        yield from (zip(*batch) if isinstance(batch, tuple) else batch)
