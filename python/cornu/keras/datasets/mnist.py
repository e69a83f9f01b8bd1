"""MNIST: 60,000 and 10,000 images of handwritten digits, 28 x 28."""

from ._load import load


def load_data(path="mnist.npz"):
    """((x_train, y_train), (x_test, y_test)), uint8 images and labels.

    ``path`` is a folder that is searched first; the set is downloaded where it is found nowhere.
    """
    return load("mnist", path if path != "mnist.npz" else "")
