"""Functions around training."""

import os

import numpy as np

from . import _seed
from .. import _cornu
from .._cornu import Error
from ._arrays import as_array
from ._checks import check_layer
from ._pictures import image_dataset_from_directory
from ._registry import (CustomObjectScope, custom_object_scope, get_custom_objects,
                        get_registered_name, get_registered_object, register_keras_serializable)


def to_categorical(x, num_classes=None):
    """Labels as one-hot rows: (n,) or (n, 1) -> (n, num_classes).

    Error for the first label that is not a whole number of 0 to num_classes - 1.

    Parameters
    ----------
    x : array
        Labels.
    num_classes : int, default None
        Length of a row; None: the largest label plus 1.

    Returns
    -------
    array
        float32.
    """
    labels = np.asarray(x)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    shape = labels.shape
    labels = as_array(labels.reshape(-1), "to_categorical")
    if num_classes is None:
        num_classes = max(1, int(labels.max()) + 1) if labels.size else 0
    return _cornu.to_categorical(labels, int(num_classes)).reshape(*shape, int(num_classes))


def set_random_seed(seed):
    """Seeds Python's and NumPy's random numbers, and the models that are made from now on.

    Parameters
    ----------
    seed : int
        The seed, from 0 to below 2**32.
    """
    import random
    random.seed(seed)
    np.random.seed(seed)
    _seed.set_model_seed(seed)


def normalize(x, axis=-1, order=2):
    """x divided by its norm along an axis; where that is 0, x itself.

    Parameters
    ----------
    x : array
        What is divided.
    axis : int, default -1
        Axis along which the norm is taken.
    order : int or float, default 2
        Order of the norm, as ``numpy.linalg.norm`` takes it; 2: Euclidean.
    """
    x = np.asarray(x)
    norm = np.atleast_1d(np.linalg.norm(x, order, axis))
    norm[norm == 0] = 1
    return x / np.expand_dims(norm, axis)


def split_dataset(dataset, left_size=None, right_size=None, shuffle=False, seed=None,
                  preferred_backend=None):
    """Arrays of samples in two parts.

    Parameters
    ----------
    dataset : array, tuple or list of arrays
        Samples along the first axis.
    left_size, right_size : int or float, default None
        Number of samples of the first and the second part, or their fraction; None: the rest.
    shuffle : bool, default False
        Whether the samples are put into a random order before.
    seed : int, default None
        Seed of that order; None: another one at each call.
    preferred_backend : default None
        Changes nothing.

    Returns
    -------
    tuple
        The two parts, each of the form of ``dataset``.
    """
    arrays = [np.asarray(each) for each in
              (dataset if isinstance(dataset, (list, tuple)) else [dataset])]
    size = len(arrays[0])
    if left_size is None and right_size is None:
        raise Error("split_dataset: expected left_size or right_size, got neither")

    def count(part):
        return round(part * size) if isinstance(part, float) else int(part)
    left = count(left_size) if left_size is not None else size - count(right_size)
    right = count(right_size) if right_size is not None else size - left
    if left < 0 or right < 0 or left + right > size:
        raise Error(f"split_dataset: expected parts of at most {size} samples, got {left} and "
                    f"{right}")
    order = np.random.default_rng(seed).permutation(size) if shuffle else np.arange(size)

    def part(chosen):
        made = tuple(each[chosen] for each in arrays)
        return made if isinstance(dataset, (list, tuple)) else made[0]
    return part(order[:left]), part(order[left:left + right])


class Picture:
    """A picture in a file at ``path``, which a notebook shows."""

    def __init__(self, path):
        self.path = path
        with open(path, "rb") as file:
            self._content = file.read()

    def _repr_png_(self):
        return self._content if self.path.endswith(".png") else None

    def _repr_svg_(self):
        return self._content.decode() if self.path.endswith(".svg") else None

    def __repr__(self):
        return f"<picture {self.path}>"


def plot_model(model, to_file="model.png", show_shapes=False, show_dtype=False,
               show_layer_names=False, rankdir="TB", expand_nested=False, dpi=200,
               show_layer_activations=False, show_trainable=False):
    """Draws the network into a file, which a notebook shows.

    Parameters
    ----------
    model : Model
        A model that is built.
    to_file : str or path, default "model.png"
        The file, .png or .svg.
    show_shapes : bool, default False
        Whether the shapes of inputs and outputs are drawn.
    show_layer_names : bool, default False
        Whether the names of layers are drawn.
    rankdir : "TB" or "LR", default "TB"
        From top to bottom, or from left to right.
    expand_nested : bool, default False
        Whether models inside the model are drawn with their layers, in frames.
    show_layer_activations : bool, default False
        Whether the activations of layers are drawn.
    show_trainable : bool, default False
        Whether it is drawn which layers train.
    show_dtype, dpi
        Change nothing.
    """
    path = os.fspath(to_file)
    _cornu.plot_model(model._handle, path, show_shapes, show_layer_names, show_layer_activations,
                      show_trainable, rankdir, expand_nested)
    return Picture(path)


def save_feature_maps(model, image, to_file="maps.png", layers=None, most=16):
    """Draws what the layers of a network make of one image, which a notebook shows.

    Keras has no such function; its users make a model of the layers' outputs and draw them.

    Parameters
    ----------
    model : Model
        A model that is built, of one input, with layers whose outputs are images, such as Conv2D.
    image : array
        In the shape of a sample. Bytes are read as those of the training data were.
    to_file : str or path, default "maps.png"
        The file, .png or .svg.
    layers : list of str, optional
        The names of the layers that are drawn; by default all that change their input.
    most : int, default 16
        Maps of a layer that are drawn, the first ones.
    """
    path = os.fspath(to_file)
    image = np.asarray(image)
    if image.dtype != np.uint8:
        image = image.astype(np.float32)
    _cornu.save_feature_maps(model._handle, np.ascontiguousarray(image), path, layers or [], most)
    return Picture(path)
