"""Data for the tests."""

import os

import numpy as np

from cornu import keras

# Whether the module is built with the address sanitizer, under which a fit takes a hundred times as
# long, and freed memory is kept for a while.
SANITIZED = "libasan" in os.environ.get("LD_PRELOAD", "")


def blobs(count=200, size=8, classes=3, seed=0):
    """Samples around one center per class, and their labels."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes, count)
    centers = random.normal(size=(classes, size))
    x = centers[labels] + 0.3 * random.normal(size=(count, size))
    return x.astype(np.float32), labels


def classifier(size=8, classes=3):
    """A small compiled network for ``blobs``."""
    model = keras.Sequential([keras.layers.Dense(16, activation="relu", input_shape=(size,)),
                              keras.layers.Dense(classes, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
