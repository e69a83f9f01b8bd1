"""The arguments that an object of a user-defined class was made with, as Keras keeps them."""

import inspect

from .. import _cornu
from .._cornu import Error


def remember(made, args, kwargs):
    """Keeps the arguments of a constructor, by name; called in ``__new__``."""
    if type(made).__init__.__module__.startswith(__package__):
        made.__dict__["_given"] = {}  # a constructor of the library's classes
        return
    try:
        bound = inspect.signature(type(made).__init__).bind(made, *args, **kwargs)
    except (TypeError, ValueError):
        return  # __init__ will say what is wrong
    bound.apply_defaults()
    given = {}
    for name, parameter in list(bound.signature.parameters.items())[1:]:
        if parameter.kind is parameter.VAR_POSITIONAL:
            return
        value = bound.arguments[name]
        given.update(value if parameter.kind is parameter.VAR_KEYWORD else {name: value})
    made.__dict__["_given"] = given


def remembered(made, base):
    """``base``, and the arguments that the object was made with.

    Error for one that is no data: its class then needs a get_config() of its own.
    """
    given = made.__dict__.get("_given")
    if given is None:
        raise Error(f"{type(made).__name__}: has *args, so its options are not known. Hint: "
                    "override get_config()")
    for name, value in given.items():
        try:
            _cornu.check_value(value)
        except Error as error:
            raise Error(f"{type(made).__name__}: {name}; expected data, so that it can be made "
                        f"again: {error}. Hint: override get_config()") from None
    parameters = inspect.signature(type(made).__init__).parameters
    if not any(each.kind is each.VAR_KEYWORD for each in parameters.values()):
        base = {name: value for name, value in base.items() if name in parameters}
    return {**given, **base}
