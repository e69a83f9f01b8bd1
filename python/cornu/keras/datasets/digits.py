"""4,000 and 1,000 handwritten digits, 20 x 20, that are part of Cornu."""

from ._load import load


def load_data(path=""):
    """((x_train, y_train), (x_test, y_test)), uint8 images and labels.

    ``path`` is a folder that is searched first; the set is downloaded where it is found nowhere.
    """
    return load("digits", path if path != "digits.npz" else "")
