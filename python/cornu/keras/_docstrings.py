"""Docstrings of parts in NumPy's style, made of the comments of the library's C++ headers, which
the build writes into ``_texts.json``.
"""

import functools
import json
import os
import re
import textwrap

from .. import _cornu

_WIDTH = 79  # of a line, as help() shows it

_OF_EVERY_LAYER = ("``input_shape``, the shape of a sample, for the first layer of a Sequential; "
                   "and parameters of Keras's layers with values that change nothing.")


class Docstring:
    """A docstring that is made when someone reads it: that of a class, or with ``of_class``, which
    is then the class's own, that of its objects.
    """

    def __init__(self, make, of_class=None):
        self._make, self._of_class = make, of_class

    def __get__(self, instance, owner):
        if self._of_class is None:
            return self._make()
        return self._of_class if instance is None else self._make(instance)


@functools.cache
def _texts():
    path = os.path.join(os.path.dirname(_cornu.__file__), "_texts.json")
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def option(kind, class_name, name, library_default=None, is_none=False):
    """Type and text of an option. ``is_none`` if Python has None for the library's default."""
    found = _texts()[kind][class_name]["options"][name]
    text = found["text"]
    if is_none:
        word = ("none" if library_default is None else "empty" if library_default in ("", [])
                else json.dumps(library_default))
        text = re.sub(rf"(?<=; ){re.escape(word)}(?=:| or )", "None", text)
    return found["type"], text


def docstring(kind, name, entries, returns=()):
    """The docstring of a part.

    ``entries`` has a (name, type, text) for each parameter; those with the same type and text that
    follow each other share a heading.
    """
    blocks = [_filled(each) for each in _paragraphs(_texts()[kind][name]["text"])]
    if entries:
        lines = ["Parameters", "----------"]
        for heading, text in _shared_headings(entries):
            lines += [heading, _filled(text, "    ")]
        blocks.append("\n".join(lines))
    if returns:
        blocks.append("\n".join(["Returns", "-------", *returns]))
    return "\n\n".join(blocks)


def parameter(each, type_name, text):
    """The entry of a parameter, with its default."""
    if each.default is each.empty:
        return each.name, type_name, text
    if each.default is None and type_name and not type_name.endswith("None"):
        type_name = type_name.replace(" or ", ", ") + " or None"
    return each.name, ", ".join(filter(None, (type_name, f"default {each.default!r}"))), text


def without_effect(each, allowed):
    """The entry of a parameter that changes nothing, with the values allowed; None: any."""
    if allowed is None:
        return parameter(each, "", "Changes nothing.")
    *others, last = [repr(value) for value in allowed]
    values = f"{', '.join(others)} or {last}" if others else last
    return parameter(each, "", f"Must be {values}: Cornu has no other.")


def of_every_layer():
    """The entry of a layer's other parameters."""
    return "**kwargs", "", _OF_EVERY_LAYER


def _shared_headings(entries):
    """A heading and a text for each group of entries, whose names fit into a line."""
    shared = []
    for name, *described in entries:
        if shared and shared[-1][1] == described:
            names = [*shared[-1][0], name]
            if len(", ".join(names)) + len(described[0]) < _WIDTH - 3:
                shared[-1][0].append(name)
                continue
        shared.append(([name], described))
    for names, (type_name, text) in shared:
        yield " : ".join(filter(None, (", ".join(names), type_name))), text


# What stays in one line: (None, n), a − b, Σ eˣ. Not compiled yet, since an import should be fast.
_WHOLE = r"\([^() ]+(?:, [^() ]+)+\)| (?:[−+·/=<>≤≥]|[−+<>]=) |(?<=[ΣΠ]) "


def _filled(text, indent=""):
    """The text in lines."""
    whole = re.sub(_WHOLE, lambda found: found[0].replace(" ", "\xa0"), text)
    lines = textwrap.fill(whole, _WIDTH, initial_indent=indent, subsequent_indent=indent,
                          break_long_words=False, break_on_hyphens=False)
    return lines.replace("\xa0", " ")


def _paragraphs(text):
    """A summary, and what a comment says of formula, shapes, weights and errors."""
    summary, *rest = re.split(r"(?<=\.) (?=[A-Z`])|\n\n", text, maxsplit=1)
    if len(summary) > _WIDTH and ": " in summary:
        summary, more = summary.split(": ", 1)
        rest = [" ".join([_begun(more), *rest])]
        summary += "."
    return [summary, *(part for each in rest for part in re.split(
        r"(?<=\.) (?=(?:Shapes|Weights|Error|Its other names)\b)|\n\n", each))]


def _begun(text):
    """With a capital, unless it begins with a formula."""
    return text[0].upper() + text[1:] if re.match(r"(?:a|[a-z]{2,}) [a-z]", text) else text
