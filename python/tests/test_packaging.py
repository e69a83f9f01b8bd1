"""The installed package: what its import loads, its metadata, its types."""

import importlib.metadata
import pathlib
import re
import subprocess
import sys

import pytest

import cornu

ROOT = pathlib.Path(__file__).parents[2]


def test_the_import_loads_no_library_for_pictures_or_downloads():
    code = "import cornu.keras; print(open('/proc/self/maps').read())"
    maps = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True,
                          text=True).stdout
    assert "_cornu" in maps
    for library in ("libcairo", "libcurl", "libX11", "libfontconfig"):
        assert library not in maps


def test_the_package_is_typed():
    folder = pathlib.Path(cornu.__file__).parent
    assert (folder / "py.typed").exists()
    for name in ("_cornu", "keras/layers", "keras/callbacks"):
        assert (folder / f"{name}.pyi").exists()


def test_the_citation_has_the_version():
    text = (ROOT / "CITATION.cff").read_text()
    assert re.search(r"^version: (.*)$", text, re.M).group(1) == cornu.__version__


def test_metadata():
    try:
        metadata = importlib.metadata.metadata("cornu")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the module is not installed")
    assert metadata["Version"] == cornu.__version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.10"
    needs = [each for each in metadata.get_all("Requires-Dist") if "extra" not in each]
    assert {re.match("[a-z-]+", each).group() for each in needs} == {"nanobind-backend", "numpy"}
    classifiers = metadata.get_all("Classifier")
    for version in ("3.10", "3.11", "3.12", "3.13"):
        assert f"Programming Language :: Python :: {version}" in classifiers
    assert "Typing :: Typed" in classifiers
