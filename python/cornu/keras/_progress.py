"""Where progress is shown, and in which form."""

import sys

from .. import _cornu

_TERMINAL_MS, _NOTEBOOK_MS = 50, 150  # between two drawings of a running bar
_style = "tutorial"


def style():
    """The form of progress lines."""
    return _style


def set_style(name):
    """Sets it; Error for a name that no form has."""
    global _style
    _cornu.check_progress_style(name)
    _style = name


def view():
    """For sys.stdout: the form of lines, the milliseconds between two drawings of a running bar (0:
    there is none), the descriptor of the terminal that it must fit into (-1: none), and whether
    each line is flushed.
    """
    if _is_watched_cell():
        # The kernel sends what is written five times a second; to flush is to wait for it.
        return _style, _NOTEBOOK_MS, -1, False
    terminal = _terminal()
    return _style, _TERMINAL_MS if terminal >= 0 else 0, terminal, not _is_cell()


def _terminal():
    try:
        return sys.stdout.fileno() if sys.stdout.isatty() else -1
    except (AttributeError, OSError, ValueError):
        return -1


def _is_cell():
    kernel_streams = sys.modules.get("ipykernel.iostream")
    return kernel_streams is not None and isinstance(sys.stdout, kernel_streams.OutStream)


def _is_watched_cell():
    """Whether sys.stdout is a notebook's cell and someone sees it while it runs. Programs that run
    notebooks, as nbconvert does, keep every state of a bar, and tell the kernel that nobody is
    there to answer input().
    """
    if not _is_cell():
        return False
    kernel = getattr(sys.modules["IPython"].get_ipython(), "kernel", None)
    try:
        return bool(kernel.get_parent("shell")["content"]["allow_stdin"])
    except (AttributeError, KeyError, LookupError, TypeError):
        return False
