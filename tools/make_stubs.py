"""Writes the type stubs of the modules whose classes are made from the library's lists.

    PYTHONPATH=BUILD/package python tools/make_stubs.py

A test runs it with --check, which fails where a stub is not what it would write.
"""

import inspect
import pathlib
import sys

from cornu.keras import (_parts, activations, callbacks, initializers, layers, losses, metrics,
                         optimizers, regularizers)

MODULES = {"layers": layers, "losses": losses, "metrics": metrics, "optimizers": optimizers,
           "schedules": optimizers.schedules, "initializers": initializers,
           "regularizers": regularizers, "callbacks": callbacks, "activations": activations}


def parameters_of(function):
    """The parameters with their defaults; most take several types."""
    written, keyword_only = [], False
    for each in inspect.signature(function).parameters.values():
        if each.kind is each.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            written.append("*")
        mark = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        is_plain = each.default is None or isinstance(each.default, (bool, int, float, str))
        shown = repr(each.default) if is_plain else "..."
        suffix = "" if each.default is each.empty else f" = {shown}"
        is_owner = each.name in ("self", "cls")
        written.append(each.name if is_owner else f"{mark}{each.name}: Any{suffix}")
    return ", ".join(written)


def members_of(made):
    """The lines of a class: its constructor and its public members, those of private bases too."""
    members = {}
    for base in made.__bases__:
        if base.__module__.startswith("cornu.keras._") and base is not _parts.Part:
            for each in reversed(base.__mro__[:-1]):
                members.update(vars(each))
    members.update(vars(made))
    for name, member in members.items():
        if name == "__init__" or name == "__call__":
            result = "None" if name == "__init__" else "Any"
            yield f"    def {name}({parameters_of(member)}) -> {result}: ..."
        elif name.startswith("_"):
            continue
        elif isinstance(member, property):
            yield f"    {name}: Any"
        elif isinstance(member, classmethod):
            yield f"    @classmethod\n    def {name}({parameters_of(member.__func__)}) -> Any: ..."
        elif inspect.isfunction(member):
            yield f"    def {name}({parameters_of(member)}) -> Any: ..."


def class_lines(made, base):
    lines = list(members_of(made))
    return [f"class {made.__name__}({base}):", *(lines or ["    ..."]), ""]


def stub_of(kind, module):
    """The text of a module's stub."""
    lines = [f"# Written by tools/make_stubs.py: {module.__doc__.splitlines()[0]}", "",
             "from typing import Any", ""]
    if kind == "optimizers":
        lines += ["from . import schedules as schedules", ""]
    lines += ["class _Part:", *members_of(_parts.Part), ""]
    own = [(name, value) for name, value in list(vars(module).items())
           if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
           and name not in _parts.listed(kind)]
    for name, value in own:
        if inspect.isclass(value):
            bases = [each for each in value.__bases__ if each.__module__ == module.__name__]
            base = "_Part" if issubclass(value, _parts.Part) else "object"
            lines += class_lines(value, ", ".join([base] * (base == "_Part" or not bases)
                                                  + [each.__name__ for each in bases]))
        elif inspect.isfunction(value):
            lines += [f"def {name}({parameters_of(value)}) -> Any: ...", ""]
    if kind == "layers":
        lines += class_lines(layers.NumpyLayer, "Layer")
    for name in sorted(_parts.listed(kind)):
        value = getattr(module, name)
        if inspect.isclass(value):
            lines += class_lines(value, value.__bases__[0].__name__)
        else:
            lines += [f"{name}: {type(value).__name__}"]
    if kind in ("losses", "metrics", "initializers", "regularizers"):
        for function, _ in sorted(_parts.listed(kind).values()):
            lines.append(f"{function}: Any")
    return "\n".join(lines).rstrip() + "\n"


def main():
    wrong = []
    for kind, module in MODULES.items():
        path = pathlib.Path(module.__file__).resolve().with_suffix(".pyi")
        text = stub_of(kind, module)
        if "--check" not in sys.argv:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            wrong.append(str(path))
    if wrong:
        sys.exit("not what tools/make_stubs.py writes: " + ", ".join(wrong))


if __name__ == "__main__":
    main()
