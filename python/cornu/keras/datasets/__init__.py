"""Published data sets."""

from . import digits, fashion_mnist, mnist
from ... import _cornu

__all__ = ["digits", "fashion_mnist", "mnist"]


def __getattr__(name):
    known = _cornu.nearest_first(name, __all__)
    raise AttributeError(f"cornu.keras.datasets has no {name!r}; expected one of {known}")
