"""Published data sets."""

from . import cifar10, digits, fashion_mnist, mnist
from ... import _cornu

__all__ = ["cifar10", "digits", "fashion_mnist", "mnist"]


def __getattr__(name):
    known = _cornu.nearest_first(name, __all__)
    raise AttributeError(f"cornu.keras.datasets has no {name!r}; expected one of {known}")
