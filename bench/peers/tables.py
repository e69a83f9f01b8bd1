#!/usr/bin/env python3
"""`cornu train FILE.csv` beside scikit-learn, on five real tables.

    tables.py path/to/cornu

Needs scikit-learn, pandas and palmerpenguins. Each table is split five times, 80/20. scikit-learn
has MLPClassifier or MLPRegressor, max_iter=2000, behind scaling, one-hot encoding and imputation, in
the one of three widths that is best in the mean of the splits; its seconds are those of Pipeline.fit.
Cornu has its own defaults; its seconds are those of run.json. The means go to standard output.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
import pandas as pd
from palmerpenguins import load_penguins
from sklearn import datasets
from sklearn.compose import make_column_transformer
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

WIDTHS = 50, 100, 200
SPLITS = 5


def of_sklearn(loaded):
    table = loaded.frame.rename(columns=lambda name: name.replace(" ", "_"))
    if hasattr(loaded, "target_names"):
        table["target"] = [str(loaded.target_names[i]) for i in loaded.target]
    return table


def tables():
    for name in "breast_cancer", "wine", "diabetes", "digits":
        yield name, of_sklearn(getattr(datasets, f"load_{name}")(as_frame=True)), "target"
    yield "penguins", load_penguins().drop(columns="year").dropna(subset="species"), "species"


def peer(train, test, label):
    """Score and seconds of each width."""
    x, y = train.drop(columns=label), train[label]
    numbers = x.select_dtypes("number").columns
    texts = x.columns.difference(numbers)
    results = []
    for width in WIDTHS:
        model = MLPRegressor if y.dtype.kind == "f" else MLPClassifier
        pipeline = make_pipeline(
            make_column_transformer(
                (make_pipeline(SimpleImputer(), StandardScaler()), numbers),
                (make_pipeline(SimpleImputer(strategy="constant", fill_value="missing"),
                               OneHotEncoder(handle_unknown="ignore")), texts)),
            model(hidden_layer_sizes=(width,), max_iter=2000, random_state=0))
        begin = time.perf_counter()
        pipeline.fit(x, y)
        seconds = time.perf_counter() - begin
        results.append((pipeline.score(test.drop(columns=label), test[label]), seconds))
    return results


def cornu(command, folder, train, test, label, options):
    train.to_csv(folder / "train.csv", index=False)
    test.to_csv(folder / "test.csv", index=False)

    def run(*arguments):
        line = [command, *arguments, "--json"]
        return json.loads(subprocess.run(line, cwd=folder, check=True, capture_output=True).stdout)

    trained = run("train", "train.csv", "--label", label, "--out", "run", "--overwrite", *options)
    found = run("evaluate", "run", "test.csv")
    seconds = trained["seconds"]
    if "accuracy" in found:
        return found["accuracy"], seconds
    return 1 - found["loss"] / test[label].var(ddof=0), seconds


def main():
    warnings.simplefilter("ignore", ConvergenceWarning)
    command = str(pathlib.Path(sys.argv[1]).resolve())
    options = sys.argv[2:]
    print("| table | rows | scikit-learn | Cornu | its seconds | Cornu's | |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, table, label in tables():
        theirs, ours = [], []
        for split in range(SPLITS):
            classes = table[label] if table[label].dtype.kind != "f" else None
            train, test = train_test_split(table, test_size=0.2, random_state=split, stratify=classes)
            with tempfile.TemporaryDirectory() as folder:
                ours.append(cornu(command, pathlib.Path(folder), train, test, label, options))
            theirs.append(peer(train, test, label))
        score, seconds = max(map(tuple, np.mean(theirs, axis=0)))  # of the best width
        own_score, own_seconds = np.mean(ours, axis=0)
        print(f"| {name} | {len(table)} | {score:.4f} | {own_score:.4f} | {seconds:.2f} | "
              f"{own_seconds:.3f} | {seconds / own_seconds:.1f}× |", flush=True)


if __name__ == "__main__":
    main()
