"""User-defined classes and functions by name: those registered, those of a scope, and those given
to ``load_model``.
"""

import threading

from .._cornu import Error

_registered = {}   # "package>name": object
_names = {}        # object: "package>name"
_scopes = threading.local()


def register_keras_serializable(package="Custom", name=None):
    """A decorator: ``load_model`` finds the class or function without ``custom_objects``.

    Parameters
    ----------
    package : str, default "Custom"
        Files name it ``package>name``.
    name : str, default None
        None: the name of the class or function.
    """
    def register(made):
        registered = f"{package}>{name or made.__name__}"
        if isinstance(made, type) and not hasattr(made, "get_config"):
            raise Error(f"register_keras_serializable: {made.__name__}; expected a class with "
                        "get_config()")
        _registered[registered] = made
        _names[made] = registered
        return made
    return register


def get_registered_name(obj):
    """The name that ``obj``, a class or function, is registered under, or its own."""
    return _names.get(obj, obj.__name__)


def get_registered_object(name, custom_objects=None, module_objects=None):
    """The class or function of this name: in a scope, in the dict ``custom_objects``, registered,
    or in the dict ``module_objects``; None if it is nowhere.
    """
    for objects in (_scope(), custom_objects or {}, _registered, module_objects or {}):
        if name in objects:
            return objects[name]
    return None


def _scope():
    return getattr(_scopes, "objects", {})


def get_custom_objects():
    """Those of the scope that is open, as a dict; what is put there stays for this thread."""
    if not hasattr(_scopes, "objects"):
        _scopes.objects = {}
    return _scopes.objects


class CustomObjectScope:
    """``with custom_object_scope({"MyLayer": MyLayer}): keras.models.load_model(path)``

    ``custom_objects`` are user-defined classes and functions by name.
    """

    def __init__(self, custom_objects):
        self._objects = dict(custom_objects or {})

    def __enter__(self):
        self._outer = _scope()
        _scopes.objects = {**self._outer, **self._objects}
        return self

    def __exit__(self, *exception):
        _scopes.objects = self._outer


custom_object_scope = CustomObjectScope


def known(custom_objects=None):
    """All of them by the names that files use: of classes and functions alone, without packages."""
    objects = {}
    for name, each in _registered.items():
        objects[name.split(">", 1)[1]] = each
        objects.setdefault(each.__name__, each)
    for name, each in {**_scope(), **(custom_objects or {})}.items():
        objects[getattr(each, "__name__", name)] = each
        objects[name.split(">", 1)[-1]] = each
    return objects


def makers(custom_objects=None):
    """What makes parts of a file, by kind and name."""
    from .layers import Layer
    from .losses import Loss
    from .metrics import Metric
    made = {"layers": {}, "losses": {}, "metrics": {}}
    for name, each in known(custom_objects).items():
        kind = next((kind for kind, base in (("layers", Layer), ("losses", Loss),
                                             ("metrics", Metric))
                     if isinstance(each, type) and issubclass(each, base)), None)
        if kind is not None:
            made[kind][name] = each.from_config
        elif not isinstance(each, type) and callable(each):
            made["losses"][name] = made["metrics"][name] = _itself(each)
    return made


def _itself(function):
    return lambda config: function
