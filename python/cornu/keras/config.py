"""Settings that hold for the whole process."""

from . import _progress
from .backend import epsilon, floatx

__all__ = ["epsilon", "floatx", "progress_style", "set_progress_style"]


def progress_style():
    """The form of progress lines that ``set_progress_style`` set."""
    return _progress.style()


def set_progress_style(style):
    """Sets the form of the lines that fit, evaluate and predict print.

    Parameters
    ----------
    style : "tutorial" or "keras3"
        "tutorial" is TensorFlow 2.0's, which counts samples, and predict prints nothing unless it
        is asked: ``60000/60000 [====] - 1s 15us/sample - loss: 0.1051 - accuracy: 0.9707``.
        "keras3" is today's, which counts steps:
        ``469/469 ━━━━ 1s 2ms/step - accuracy: 0.9707 - loss: 0.1051``.
    """
    _progress.set_style(style)
