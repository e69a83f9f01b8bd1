"""Models in files, pickles and copies."""

import os
import warnings

from .. import _cornu
from .._cornu import Error


class Saved:
    """The methods of a model that write it and read it."""

    def save(self, filepath, overwrite=True, zipped=None):
        """Writes network, weights, compile options and, in files of Keras's, the optimizer's state.

        Parameters
        ----------
        filepath : str or path
            The file: .keras or .h5, as Keras writes them and reads them, or .safetensors.
        overwrite : bool, default True
            Whether a file that exists is replaced; else it is an error.
        zipped : default None
            Must be None: Cornu has no other.
        """
        refuse("save", zipped=zipped)
        _cornu.save(self._handle, _new_file(filepath, overwrite))

    def save_weights(self, filepath, overwrite=True, max_shard_size=None):
        """Writes the weights alone.

        Parameters
        ----------
        filepath : str or path
            The file: .weights.h5, as Keras writes it and reads it, .npz or .safetensors.
        overwrite : bool, default True
            Whether a file that exists is replaced; else it is an error.
        max_shard_size : default None
            Must be None: Cornu has no other.
        """
        refuse("save_weights", max_shard_size=max_shard_size)
        _cornu.save_weights(self._handle, _new_file(filepath, overwrite))

    def load_weights(self, filepath, skip_mismatch=False, **kwargs):
        """Sets every weight, from .safetensors and .npz by name, from Keras's files by the order of
        layers. An error changes nothing.

        Parameters
        ----------
        filepath : str or path
            A file that ``save`` or ``save_weights`` of Cornu or Keras wrote.
        skip_mismatch : bool, default False
            Whether weights of another shape stay as they are; a warning says which. Layers with
            another number of weights stay as they are, too, but not where those of .h5 files match
            by their order.
        **kwargs
            ``by_name=True``: layers match by name, and all others stay as they are. Of .h5, .npz
            and .safetensors files.
        """
        by_name = bool(kwargs.pop("by_name", False))
        refuse("load_weights", **kwargs)
        for each in _cornu.load_weights(self._handle, os.fspath(filepath), by_name,
                                        bool(skip_mismatch)):
            warnings.warn(f"load_weights: not set: {each}", stacklevel=2)

    def __reduce__(self):
        import tempfile
        if not self._handle.built and self._has_call:
            return _from_options, (type(self), self.get_config(), self._compile_given)
        if not self._handle.built:
            return _from_layers, ([(type(each), each.get_config()) for each in self.layers],
                                  self.name)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.safetensors")
            self.save(path)
            with open(path, "rb") as file:
                return _unpickled, (file.read(), self._custom_objects())

    def _custom_objects(self):
        """The user-defined classes and functions that it is made of, by name."""
        found = dict(self._custom)
        if not self._is_library_class:
            found[type(self).__name__] = type(self)
        for handle in self._handle.layers:
            _add_classes(found, handle)
        for part in self._own_parts:
            add_own(found, part, only_once=True)
        return found


def _new_file(filepath, overwrite):
    path = os.fspath(filepath)
    if not overwrite and os.path.exists(path):
        raise Error(f"{path}: exists already. Hint: overwrite=True")
    return path


def _add_classes(found, handle):
    """The user-defined classes of a layer and of those inside it."""
    made = handle.user_object
    if made is not None:
        found[type(made).__name__] = type(made)
    for inside in handle.layers:
        _add_classes(found, inside)


def add_own(found, part, only_once=False):
    """The user-defined class or function of a loss or metric, or of lists and dicts of them.

    Error for two of one name if ``only_once``.
    """
    if isinstance(part, (list, tuple, dict)):
        for each in part.values() if isinstance(part, dict) else part:
            add_own(found, each, only_once)
        return
    if getattr(part, "_is_own", False):
        part = type(part)
    elif not callable(part) or hasattr(part, "__cornu_value__"):
        return
    name = getattr(part, "__name__", "function")
    if only_once and found.get(name, part) is not part:
        raise Error(f"copy: two different losses or metrics are called {name}, and a copy finds "
                    "them by their names. Hint: def gives a function a name of its own")
    found[name] = part


def _from_options(made, config, compiled):
    model = made.from_config(config)
    if compiled is not None:
        model.compile(**compiled)
    return model


def _unpickled(content, custom_objects=None):
    import tempfile
    from . import models
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.safetensors")
        with open(path, "wb") as file:
            file.write(content)
        return models.load_model(path, custom_objects)


def _from_layers(layers, name):
    from . import models
    return models.Sequential([made.from_config(config) for made, config in layers], name=name)


def refuse(where, **given):
    """Error for a parameter of Keras's that is given and would have an effect."""
    for name, value in given.items():
        if value:
            raise Error(f"{where}: {name}; expected none, got {value!r}. Hint: Cornu has no other")
