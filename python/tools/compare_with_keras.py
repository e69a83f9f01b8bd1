"""Writes docs/keras-differences.md: where the signatures of cornu.keras differ from Keras's.

    KERAS_BACKEND=jax python python/tools/compare_with_keras.py [--check]

Needs cornu, keras and jax. --check writes nothing and fails if the page is out of date.
"""

import argparse
import inspect
import operator
import pathlib
import sys

import keras

import cornu

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "keras-differences.md"
PLACES = ["models", "Model", "Sequential", "layers", "layers.Layer", "activations", "initializers",
          "regularizers", "losses", "metrics", "optimizers", "optimizers.schedules", "callbacks",
          "callbacks.Callback", "utils", "datasets", *sorted(
              f"datasets.{name}" for name in dir(keras.datasets) if not name.startswith("_"))]

HEAD = """# Where `cornu.keras` differs from Keras

Cornu offers a part of Keras under the same names. This page compares the two: the names, the
order and the defaults of parameters, and whether they are given by position or by name. What
Cornu has in addition is not listed. A parameter that is missing here may still be taken by name
with the value that changes nothing.

Cornu {cornu} is compared with Keras {keras}. This command writes the page:

    KERAS_BACKEND=jax python python/tools/compare_with_keras.py

Of {compared} classes, functions and methods that both have, {same} have the same signature.

## Differences in signatures

"""


def public(owner):
    """What a module or class offers by name: classes, functions and methods."""
    found = {}
    for name in dir(owner):
        value = None if name.startswith("_") else getattr(owner, name)
        home = getattr(value, "__module__", None) or ""
        if callable(value) and home.startswith(("keras.", "cornu.")) and home != "cornu._cornu":
            found[name] = value
    return found


def parameters(value):
    """The parameters of a call by name, without self, *args and **kwargs."""
    called = value.__init__ if isinstance(value, type) else value
    return {each.name: each for each in inspect.signature(called).parameters.values()
            if each.name != "self" and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)}


def shown(parameter):
    """A parameter with its default, as it is written."""
    default = parameter.default
    if default is parameter.empty:
        return f"`{parameter.name}`"
    return f"`{parameter.name}={getattr(default, '__name__', None) or repr(default)}`"


def differences(ours, theirs):
    """In words, what differs between the parameters of two calls."""
    missing = [shown(each) for name, each in theirs.items() if name not in ours]
    found = ["without " + ", ".join(missing)] if missing else []
    both = [name for name in theirs if name in ours]
    for name in both:
        if shown(ours[name]) != shown(theirs[name]):
            found.append(f"{shown(ours[name])}, Keras {shown(theirs[name])}")
        elif ours[name].kind != theirs[name].kind:
            found.append(f"`{name}` is {ours[name].kind.description}, "
                         f"Keras: {theirs[name].kind.description}")
    order = [name for name in ours if name in theirs]
    if order != both:
        found.append(f"order `{', '.join(order)}`, Keras `{', '.join(both)}`")
    return "; ".join(found)


def compare():
    """The text of the page."""
    compared, rows, absent = 0, [], []
    for place in PLACES:
        theirs = public(operator.attrgetter(place)(keras))
        try:
            owner = operator.attrgetter(place)(cornu.keras)
        except AttributeError:
            owner = None
        ours = public(owner)
        both = sorted(ours.keys() & theirs.keys())
        compared += len(both)
        for name in both:
            found = differences(parameters(ours[name]), parameters(theirs[name]))
            if found:
                rows.append(f"| `{place}.{name}` | {found} |\n")
        missing = sorted((name for name in theirs if not hasattr(owner, name)),
                         key=lambda name: (name.lower(), name))
        if missing:
            absent.append(f"| `{place}` | {', '.join(f'`{name}`' for name in missing)} |\n")
    head = HEAD.format(cornu=cornu.__version__, keras=keras.__version__, compared=compared,
                       same=compared - len(rows))
    return "".join([head, "| Name | Cornu |\n|---|---|\n", *rows,
                    "\n## Not there\n\n| Module or class | Names |\n|---|---|\n", *absent])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if the page is out of date")
    page = compare()
    if not parser.parse_args().check:
        PAGE.write_text(page)
    elif not PAGE.exists() or PAGE.read_text() != page:
        sys.exit(f"{PAGE} is out of date; write it anew without --check")


if __name__ == "__main__":
    main()
