#!/usr/bin/env python3
"""Writes the small files that fuzzing starts from into fuzz/corpus/NAME/."""

import gzip
import io
import json
import pathlib
import struct
import tarfile
import zipfile
import zlib

CORPUS = pathlib.Path(__file__).parent / "corpus"
GOLDENS = CORPUS.parent.parent / "tests" / "goldens"


def write(name, file, data):
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(data)


def idx(*extents, data, element=8):
    return bytes([0, 0, element, len(extents)]) + struct.pack(f">{len(extents)}I", *extents) + data


def safetensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def entry(dtype, shape, begin, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


images = idx(2, 2, 3, data=bytes(range(12)))
write("idx", "images", images)
write("idx", "labels", idx(3, data=b"\x05\x00\x09"))
write("idx", "none", idx(0, 28, 28, data=b""))
write("idx", "floats", idx(2, data=struct.pack(">2f", 1.5, -2), element=13))
write("idx", "overflow", idx(2**16, 2**16, 2**16, 2**16, data=b""))

packed = gzip.compress(images, 9, mtime=0)
write("gzip", "images", packed)
write("gzip", "stored", gzip.compress(b"stored", 0, mtime=0))
write("gzip", "members", packed + gzip.compress(b"", 9, mtime=0))
write("gzip", "named", packed[:3] + b"\x08" + packed[4:10] + b"name\0" + packed[10:])
write("gzip", "zeros", gzip.compress(bytes(100000), 9, mtime=0))

write("json", "kinds", b'{"a":[1,-2,0.5,1e-7,true,false,null],"b":{"c":"\\u00e9\\n\xe2\x82\xac"}}')
write("json", "history", b'{"epoch":[0,1],"history":{"loss":[0.5,0.25]},"params":{}}')
write("json", "integers", b"[9223372036854775807,-9223372036854775808,-0,18446744073709551616]")
write("json", "doubles", b"[1.7976931348623157e308,5e-324,-0.0,1e400]")
write("json", "deep", b"[" * 64 + b"]" * 64)
write("json", "surrogates", b'["\\ud834\\udd1e"]')
write("json", "twice", b'{"a":1,"a":2}')

write("safetensors", "empty", safetensors(b"{}      "))
write("safetensors", "dense", safetensors(
    {"__metadata__": {"format": "cornu"}, "dense/kernel": entry("F32", [2, 1], 0, 8),
     "dense/bias": entry("F64", [], 8, 16), "n": entry("U8", [0, 3], 16, 16)}, bytes(16)))
write("safetensors", "integers", safetensors(
    {"a": entry("I64", [1], 0, 8), "b": entry("I32", [1, 1, 2], 8, 16)}, bytes(16)))
write("safetensors", "half", safetensors({"a": entry("F16", [1], 0, 2)}, bytes(2)))
write("safetensors", "wraps", safetensors(
    {"a": entry("F32", [4194305, 4194305, 211106198978564], 0, 16)}, bytes(16)))
write("safetensors", "overlap", safetensors(
    {"a": entry("U8", [2], 0, 2), "b": entry("U8", [2], 1, 3)}, bytes(3)))

goldens = CORPUS.parent.parent / "tests" / "goldens" / "hdf5"
for name in ["cycle", "dense", "external_link", "latest", "types"]:
    write("hdf5", name, (goldens / f"{name}.h5").read_bytes())


# Networks as Keras describes them, without the entries that no reader uses.
def layer(class_name, name, nodes=None, **config):
    whole = {"class_name": class_name, "config": {"name": name, **config}, "name": name}
    tensors = lambda node: [{"class_name": "__keras_tensor__", "config": {"keras_history": each}} for each in node]
    return whole if nodes is None else whole | {"inbound_nodes": [{"args": [tensors(node)]} for node in nodes]}


def network(class_name, **config):
    return json.dumps({"class_name": class_name, "config": {"name": "net", **config}}).encode()


dense = layer("Dense", "dense", units=3, activation="relu", kernel_regularizer={"class_name": "L2", "config": {"l2": 0.1}})
write("keras_json", "chain", network("Sequential", layers=[layer("Flatten", "flatten"), dense]))
write("keras_json", "shape", network("Sequential", layers=[dense], build_input_shape=[None, 2]))
ways = [
    layer("InputLayer", "a", [], batch_shape=[None, 4]),
    layer("Dense", "shared", [[["a", 0, 0]], [["shared", 0, 0]]], units=4),
    layer("Add", "add", [[["shared", 0, 0], ["shared", 1, 0]]]),
]
write("keras_json", "ways", network("Functional", layers=ways, input_layers=["a", 0, 0], output_layers=[["add", 0, 0]]))
ring = [ways[0], layer("Add", "add", [[["a", 0, 0], ["add", 0, 0]]])]
write("keras_json", "ring", network("Functional", layers=ring, input_layers=[["a", 0, 0]], output_layers=[["add", 0, 0]]))


def npy(header, data=b"", version=1):
    text = header.encode() + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(text)) + text + data


def literal(descr, shape, fortran=False):
    return str({"descr": descr, "fortran_order": fortran, "shape": shape})


for descr in ("|u1", "<i4", ">i8", "<f4", ">f8", "|b1"):
    write("npy", descr.strip("|<>"), npy(literal(descr, (2, 3)), bytes(range(6 * int(descr[2])))))
write("npy", "fortran", npy(literal(">f4", (2, 1, 3), True), bytes(24), 2))
write("npy", "scalar", npy(literal("<f4", ()), bytes(4), 3))
write("npy", "python2", npy("{'shape': (1L,), 'fortran_order': False, 'descr': '<f4', }  ", bytes(4)))
write("npy", "wraps", npy(literal("<f4", (4194305, 4194305, 211106198978564)), bytes(16)))
write("npy", "records", npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (0,)}"))
write("npy", "object", npy(literal("|O", (1,)), b"\x80\x04N."))


class Stream(io.BytesIO):
    def seekable(self):
        return False

    def tell(self):
        raise OSError


def archive(*members, stream=io.BytesIO, method=zipfile.ZIP_STORED):
    out = stream()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            file.writestr(info, data)
    return out.getvalue()


two = ("metadata.json", b'{"keras_version": "3.15.1"}'), ("assets/\u00e9", b"")
array = "x.npy", npy(literal("|u1", (300,)), bytes(300))
write("zip", "empty", archive())
write("zip", "stored", archive(*two))
write("zip", "deflated", archive(*two, array, method=zipfile.ZIP_DEFLATED))
write("zip", "streamed", archive(*two, stream=Stream, method=zipfile.ZIP_DEFLATED))
write("zip", "arrays", archive(array, ("y.npy", npy(literal(">f4", (2, 2), True), bytes(16)))))
labelled = ("x_train.npy", npy(literal("|u1", (4, 2, 2)), bytes(16)))
one_hot = npy(literal("<f4", (4, 2)), struct.pack("<8f", 1, 0, 0, 1, 1, 0, 0, 1))
write("own_arrays", "classes", archive(labelled, ("y_train.npy", npy(literal("<i8", (4,)), struct.pack("<4q", 0, 1, 2, 0)))))
write("own_arrays", "one_hot", archive(labelled, ("y_train.npy", one_hot)))
write("own_arrays", "numbers", archive(("x.npy", one_hot), ("y.npy", npy(literal("<f8", (4,)), struct.pack("<4d", 0.5, -1, 2, 7)))))
write("own_arrays", "test", archive(labelled, ("y_train.npy", npy(literal("|u1", (4, 1)), b"\0\1\0\1")),
                                    ("x_test.npy", npy(literal("|u1", (1, 2, 2)), bytes(4))), ("y_test.npy", npy(literal("|u1", (1, 1)), b"\1"))))


# A picture with its width before it, as rows of letters: "." is paper, "#" ink.
def picture(*rows, paper=255, ink=0):
    return bytes([len(rows[0])]) + bytes(paper if each == "." else ink for row in rows for each in row)


one = ["." * 40] * 8 + ["." * 18 + "###" + "." * 19] * 22 + ["." * 40] * 8
write("digits", "one", picture(*one))
write("digits", "light", picture(*one, paper=10, ink=240))
write("digits", "two", picture(*[row[:28] + row[16:24] + row[36:] for row in one]))
write("digits", "ruled", picture(*one[:5], "#" * 40, *one[6:34], "#" * 40, *one[35:]))
write("digits", "none", picture("." * 20, "." * 20))
write("zip", "escapes", archive(("../x", b"1")))
write("zip", "folder", archive(("assets/", b""), ("assets/a", b"1")))

goldens = pathlib.Path(__file__).parent.parent / "tests/goldens/keras_files"
for name in ("chain.keras", "chain.h5", "fresh.keras", "network.keras", "chain.weights.h5"):
    write("keras_file", name, (goldens / name).read_bytes())


def checkpoint(**changes):
    """The state of a fit of one weight, after two epochs and within the third."""
    fit = {"format": 1, "version": "1.0", "settings": {"fit": {"batch_size": 8}}, "seed": -1,
           "training": {"steps": 5, "steps_before": 0, "epochs_begun": 3, "next_epoch": 2,
                        "learning_rate": None},
           "feed": {"key": -7, "steps_of_pass": 1, "steps_of_epoch": 1, "samples": 0,
                    "ended": False},
           "history": {"seconds": 0.5, "names": ["loss", "val_loss"]}, "epoch": 2,
           "earlier_epochs": 0, "stopped": False,
           "callbacks": [{"name": "EarlyStopping",
                          "values": {"best": {"__float__": "inf"}, "wait": 1}}],
           "part": {"steps": 1, "samples": 8, "seconds": 0.1, "counts": [1.5, 8.0, 0.0, 8.0]},
           **changes}
    arrays = {"dense/bias": ("F32", [1], struct.pack("<f", 0.5)),
              "fit//optimizer/sgd/dense/bias/momentum": ("F32", [1], struct.pack("<f", 0.25)),
              "fit//callbacks/0/best_weights/0": ("F32", [1], struct.pack("<f", 0.125)),
              "fit//history/epochs": ("I64", [2], struct.pack("<2q", 0, 1)),
              "fit//history/seconds": ("F64", [2], struct.pack("<2d", 0.1, 0.2)),
              "fit//history/values": ("F64", [2, 2], struct.pack("<4d", 1, 0, 0.5, 0.75)),
              "fit//history/places": ("I32", [2, 2], struct.pack("<4i", 1, 0, 1, 2))}
    header, data = {"__metadata__": {"cornu.fit": json.dumps(fit)}}, b""
    for name, (dtype, shape, values) in arrays.items():
        header[name] = entry(dtype, shape, len(data), len(data) + len(values))
        data += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


write("checkpoint", "within_an_epoch", checkpoint())
write("checkpoint", "nothing", safetensors(b"{}      "))
write("checkpoint", "newer_format", checkpoint(format=2))
write("checkpoint", "no_callbacks", checkpoint(callbacks=[]))


def tar(form, *names):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(name)
            archive.addfile(member, io.BytesIO(name.encode()))
    return packed.getvalue()[:4096]


write("tar", "ustar", tar(tarfile.USTAR_FORMAT, "folder/a", "far/" * 40 + "b"))
write("tar", "gnu", tar(tarfile.GNU_FORMAT, "folder/a", "b"))
write("tar", "long", tar(tarfile.GNU_FORMAT, "far/" * 40 + "b"))
write("tar", "pax", tar(tarfile.PAX_FORMAT, "far/" * 100 + "b"))


def png(width, height, depth, kind, line, *more):
    def chunk(name, data):
        return (struct.pack(">I", len(data)) + name + data
                + struct.pack(">I", zlib.crc32(name + data)))
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunk(*each) for each in more)
            + chunk(b"IDAT", zlib.compress((b"\0" + line) * height)) + chunk(b"IEND", b""))


write("picture", "gray", png(3, 2, 8, 0, b"abc"))
write("picture", "bits", png(9, 2, 1, 0, b"\xaa\x80"))
write("picture", "deep", png(2, 2, 16, 2, bytes(range(12))))
write("picture", "transparent", png(2, 2, 8, 6, bytes(range(8))))
write("picture", "palette", png(3, 2, 8, 3, b"\0\1\0", (b"PLTE", b"\xff\0\0\0\xff\0")))
for golden in ("grey.jpg", "colours_progressive.jpg", "colours_turned_6.jpg", "inks.jpg", "grey_4.png",
               "colours_opacity_interlaced.png", "colours_turned_6.png", "palette_opacity.png"):
    write("picture", golden, (GOLDENS / "pictures" / golden).read_bytes())

write("csv", "quotes", b'"a""",b\r\n1.5,"x\ny"\n,NA\n')
write("csv", "semicolons", b"a;b;c\n1,5;2;\n")
write("csv", "tabs", b"\xef\xbb\xbfa\tb\n1e-60\t-2\n")
write("csv", "open", b'a,b\n1,"2\n')
write("csv", "parquet", b"PAR1\x15\x04")
write("csv", "returns", b"a,b\r1,2\r")

write("table", "classes", b"x,colour,y\n1,red,a\n2,,b\nNA,blue,a\n1e-400,red,b\n5,red,a\n")
write("table", "numbers", b"a;b\n1;10.5\n2;20.25\n?;30\n")
write("table", "dates", b"when,y\n2024-01-31,1\n31.01.2024,2.5\n12:30,3\n")
write("table", "commas", b"a;y\n1,5;1\n2,5;2\n1,5;1\n2,5;2\n")
write("table", "too_large", b"a,y\n1e999,1\ninf,2.5\n")
columns = [{"name": "x", "kind": "number", "mean_and_scale": [0.5, 2]},
           {"name": "colour", "kind": "text", "categories": ["", "red"]}]
for name, label in (("classes", {"name": "y", "kind": "text", "classes": ["a", "b"]}),
                    ("numbers", {"name": "y", "kind": "number", "mean_and_scale": [1, 1]})):
    write("table_encoding", name, json.dumps({"kind": "table", "columns": columns, "label": label}).encode())
