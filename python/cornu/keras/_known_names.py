"""Methods whose error for an unknown parameter names the nearest one."""

import functools
import inspect


def names_the_nearest(method):
    """The method; its TypeError for an unknown parameter says which was meant."""
    parameters = [*inspect.signature(method).parameters][1:]
    known = frozenset(parameters)

    @functools.wraps(method)
    def called(self, *args, **kwargs):
        if kwargs and not known.issuperset(kwargs):
            unknown = next(name for name in kwargs if name not in known)
            raise TypeError(_error(f"{type(self).__name__}.{method.__name__}()", unknown,
                                   parameters))
        return method(self, *args, **kwargs)
    return called


def _error(where, name, known):
    import difflib
    nearest = difflib.get_close_matches(name, known, 1)
    end = f". Did you mean '{nearest[0]}'?" if nearest else f"; expected one of {', '.join(known)}"
    return f"{where} got an unexpected keyword argument '{name}'{end}"
