"""Writes the texts of the library's parts and of their options, from its C++ comments.

    python python/tools/make_texts.py src/cornu TEXTS.json

The docstrings of the Python module are made of them: {kind: {class: {"text": ..., "options":
{option: {"type": ..., "text": ...}}}}}. Paragraphs are separated by empty lines. A part of the
library's tables whose class or option has no comment is an error.
"""

import json
import pathlib
import re
import sys

# The tables whose lines name the class of each part. Classes and options stand in the headers
# beside their table.
TABLES = {"layers": "layers/table.cc", "losses": "losses/loss.cc", "metrics": "metrics/metric.cc",
          "optimizers": "optimizers/optimizer.cc", "schedules": "schedules/learning_rate.cc",
          "initializers": "initializers/initializer.cc",
          "regularizers": "regularizers/regularizer.cc"}
ENTRY = re.compile(r"entry\w*<(?:\w+::)*(\w+)>\(\w*\)[,}]")
# In that of the callbacks a line names the options and the class.
CALLBACK_ENTRY = re.compile(r'\{"\w+", defaults<(\w+)>,.*?return (\w+)\(', re.S)
ACTIVATION_ENTRY = re.compile(r"\beach\((\w+)\)")

COMMENT = r"((?:^ *///[^\n]*\n)*)"  # the lines above a declaration
ACTIVATION = re.compile(COMMENT + r"^SlotId (\w+)\(Builder&", re.M)
BODY = r" \{\n(.*?)^\};"
CLASS = re.compile(COMMENT + r"^class CORNU_API (\w+) final : public \w+" + BODY, re.M | re.S)
STRUCT = re.compile(r"^struct (\w+)(?: : (\w+))?" + BODY, re.M | re.S)
FIELD = re.compile(COMMENT + r"^  ([\w:<>]+) (\w+)(?: = [^;]*)?;(?: *///<(.*))? *$", re.M)
VISITED = re.compile(r'\bv\("(\w+)", self\.')  # an option, as the library lists it

TYPES = {"bool": "bool", "int64_t": "int", "double": "float", "float": "float",
         "std::string": "str", "Shape": "tuple of int", "LearningRate": "float or schedule",
         "Activation": "str, activation or layer", "Initializer": "str or initializer",
         "Regularizer": "str or regularizer", "Edges": "int or tuple of int",
         "UpdateFreq": "str or int", "SaveFreq": "str or int"}


class Missing(Exception):
    """What has no text."""


def python_type(name):
    """Python's words for a type of C++."""
    inner = re.fullmatch(r"std::(optional|vector)<(.+)>", name)
    if inner is None and name not in TYPES:
        raise Missing(f"type {name}: expected Python's words for it")
    if inner is None:
        return TYPES[name]
    of = python_type(inner[2])
    return f"{of} or None" if inner[1] == "optional" else f"list of {of}"


def joined(comment):
    """The text of a comment; its empty lines separate paragraphs."""
    lines = [line.strip().removeprefix("///").strip() for line in comment.strip().split("\n")]
    return "\n\n".join(" ".join(part.split()) for part in "\n".join(lines).split("\n\n"))


def sentence(text):
    """A text as a sentence; a name or a formula at its beginning stays as it is."""
    text = text[0].upper() + text[1:] if re.match(r"(?:a|[a-z]{2,}) [a-z(]", text) else text
    return text if text.endswith(".") else text + "."


def options_of(struct, structs):
    """Type and text of each field of an options struct, those of its base first. Error for an
    option without a field.
    """
    if struct not in structs:
        raise Missing(f"struct {struct}: expected in the headers")
    base, body = structs[struct]
    options = options_of(base, structs) if base else {}
    for above, type_name, name, beside in FIELD.findall(body):
        text = joined(above) or (beside or "").strip()
        if not text:
            raise Missing(f"{struct}::{name}: expected a comment, got none")
        if type_name.startswith("std::optional"):
            text = text.replace("; none:", "; None:")
        options[name] = {"type": python_type(type_name), "text": sentence(text)}
    visited = VISITED.findall(body)
    if "visit_update_fields" in body and struct != "UpdateOptions":
        visited += options_of("UpdateOptions", structs)
    for name in visited:
        if name not in options:
            raise Missing(f"{struct}::{name}: expected a field with a comment")
    return options


def class_of(name, classes):
    """The comment and the body of a part's class."""
    comment, body = classes.get(name, ("", ""))
    if not comment:
        raise Missing(f"{name}: expected a comment, got none")
    return joined(comment), body


def read(*paths):
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def headers_in(folder):
    return read(*sorted(folder.glob("*.h")))


def declared(text):
    """The structs and classes of C++ text, by name."""
    structs = {name: (base, body) for name, base, body in STRUCT.findall(text)}
    return structs, {name: (comment, body) for comment, name, body in CLASS.findall(text)}


def parts_of(table, text):
    """The parts that a table names, which are declared in this text."""
    structs, classes = declared(text)
    parts = {}
    for name in ENTRY.findall(table):
        comment, body = class_of(name, classes)
        known_as = re.search(r'kType = "(\w+)"', body)
        options = options_of(re.search(r"using Options = (\w+);", body)[1], structs)
        parts[known_as[1] if known_as else name] = {"text": comment, "options": options}
    return parts


def callbacks(source):
    table = read(source / "listing" / "callback_table.cc")
    structs, classes = declared(headers_in(source / "callbacks") + table)
    return {name: {"text": class_of(name, classes)[0], "options": options_of(options, structs)}
            for options, name in CALLBACK_ENTRY.findall(table)}


def activations(source):
    folder = source / "activations"
    found = ACTIVATION.findall(read(*sorted(folder.glob("*.cc"))))
    functions = {name: (comment, "") for comment, name in found}
    return {name: {"text": class_of(name, functions)[0], "options": {}}
            for name in ACTIVATION_ENTRY.findall(headers_in(folder))}


def texts_of(source):
    """The texts of every kind."""
    kinds = {kind: parts_of(read(source / table), headers_in((source / table).parent))
             for kind, table in TABLES.items()}
    kinds |= {"callbacks": callbacks(source), "activations": activations(source)}
    for kind, parts in kinds.items():
        if not parts:
            raise Missing(f"{kind}: expected a table of parts")
    return kinds


def main(source, path):
    try:
        texts = texts_of(pathlib.Path(source))
    except Missing as error:
        sys.exit(f"make_texts.py: {error}")
    text = json.dumps(texts, ensure_ascii=False, indent=1) + "\n"
    pathlib.Path(path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
