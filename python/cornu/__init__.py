"""Keras over a compiled C++ core: ``from cornu import keras``."""

from ._cornu import Error, __version__
from . import keras

__all__ = ["Error", "keras", "__version__"]
