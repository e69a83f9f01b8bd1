"""CIFAR-10: 50,000 and 10,000 photographs of ten kinds of things, 32 x 32, in colour."""

from ._load import load


def load_data(path=""):
    """((x_train, y_train), (x_test, y_test)), uint8 images (n, 32, 32, 3) and labels (n, 1).

    ``path`` is a folder that is searched first; the set is downloaded where it is found nowhere.
    What Keras keeps of it are pickles, which are not opened.
    """
    (x_train, y_train), (x_test, y_test) = load("cifar10", path)
    return (x_train, y_train.reshape(-1, 1)), (x_test, y_test.reshape(-1, 1))
