#!/usr/bin/env python3
"""Makes metrics.safetensors: every metric with its options on awkward inputs, in Keras.

input/<data>/{y_true, y_pred, sample_weight}: seven rows each.
<name>/<case>/<data>/{plain, weighted}: the result after two updates, of the first five rows and of
the last two, without and with the weights, in float64. <name>/<case>/options: JSON, in bytes.

Data: smooth; ties (many equal outputs); edges (zeros, ones, thresholds hit exactly, outside [0, 1]);
missing (a class without a sample, and one never predicted); nothing_positive; logits (to 1e4); counts
and signs for the losses that take these; lines (two in each sample).
Top-k has no ties here: TensorFlow counts every output equal to the k-th, Cornu the lower index first.
f1_score's averages are Keras's; its default here is macro, where Keras gives one score per class.

    python3 tests/goldens/make_metrics.py
"""

import json

import numpy as np
from golden_file import save
from golden_numbers import keras, single, spread, use

ROWS, CLASSES, SPLIT = 7, 6, 5
M = keras.metrics


def one_hot(labels):
    return np.eye(CLASSES)[labels]


LABELS = np.array([0, 1, 2, 3, 4, 5, 2])
smooth = spread(ROWS * CLASSES, 31, 3, 53, 0.01, 0.99).reshape(ROWS, CLASSES)
ties = single(np.round(smooth * 4) / 4)
edges = np.resize(single([0, 1, 0.5, 0.25, 0.75, 1e-8, 1 - 1e-8, -0.5, 1.5, 50 / 199]), (ROWS, CLASSES))
CLASSED = {
    "smooth": (one_hot(LABELS), smooth),
    "ties": (one_hot(LABELS), ties),
    "edges": (one_hot(LABELS), edges),
    "missing": (one_hot(np.array([0, 1, 1, 4, 4, 5, 0])), smooth * single([1, 1, 1, 0.01, 1, 1])),
    "nothing_positive": (np.zeros((ROWS, CLASSES)), single(smooth * 0.4)),
    "everything_positive": (np.ones((ROWS, CLASSES)), single(0.6 + smooth * 0.4)),
}
LABELED = {name: (np.argmax(y, -1).astype(np.float64), p) for name, (y, p) in CLASSED.items() if "positive" not in name}
NUMBERS = {
    "smooth": (spread(ROWS * 3, 29, 5, 61, -3, 3).reshape(ROWS, 3), spread(ROWS * 3, 31, 3, 53, -3, 3).reshape(ROWS, 3)),
    "awkward": (
        np.resize(single([0, 1, -1, 1e4, 1e-8]), (ROWS, 3)),
        np.resize(single([0, 2, -1, -1e4, 1e-8, 3, 7]), (ROWS, 3)),
    ),
}
BINARY = {
    "column": (single([[0], [1], [1], [0], [1], [0], [1]]), single([[0.2], [0.5], [0.7], [0.500001], [1], [0], [0.4]])),
}
LOGITS = {"logits": (one_hot(LABELS), np.resize(single([0, 3, -2, 1e4, -1e4, 0.5, -0.25]), (ROWS, CLASSES)))}
SHARES = {
    "shares": (spread(ROWS * 3, 29, 5, 61, 0.02, 0.9).reshape(ROWS, 3), spread(ROWS * 3, 31, 3, 53, 0.01, 0.99).reshape(ROWS, 3)),
}
COUNTS = {
    "counts": (spread(ROWS * 3, 29, 5, 61, 0, 6).reshape(ROWS, 3), spread(ROWS * 3, 37, 11, 101, 0.05, 5).reshape(ROWS, 3)),
    "edges": (np.resize(single([0, 1, 1e-8, 1e4, 3]), (ROWS, 3)), np.resize(single([0, 2, 1e-8, 0.5, 1e4]), (ROWS, 3))),
}
SIGNS = {
    "signs": (np.resize(single([1, -1, -1, 1, -1]), (ROWS, 3)), spread(ROWS * 3, 31, 3, 53, -3, 3).reshape(ROWS, 3)),
    "kinks": (np.resize(single([1, -1, -1, 1]), (ROWS, 3)), np.resize(single([1, -1, 1, 0, -1, 1e4, -1e4]), (ROWS, 3))),
}
# Two lines in each sample.
LINES = {
    "lines": (np.eye(3)[np.arange(ROWS * 2) * 5 % 3].reshape(ROWS, 2, 3), spread(ROWS * 6, 37, 11, 101, 0.03, 0.95).reshape(ROWS, 2, 3)),
}
LINES_OF_LABELS = {"lines": (np.argmax(LINES["lines"][0], -1).astype(np.float64), LINES["lines"][1])}
LABELED_LOGITS = {"logits": (LABELS.astype(np.float64), LOGITS["logits"][1])}
WEIGHTS = single([1, 0, 2, 0.5, 3, 1, 0.25])

def untied(datas):
    return {name: data for name, data in datas.items() if name in ("smooth", "missing", "nothing_positive")}


def of_one_class(datas):
    return {name: data for name, data in datas.items() if "everything" not in name}


METRICS = {
    "accuracy": [("default", {}, lambda: M.CategoricalAccuracy(), {k: v for k, v in CLASSED.items() if "positive" not in k})],
    "binary_accuracy": [
        ("default", {}, M.BinaryAccuracy, {**CLASSED, **BINARY}),
        ("threshold", {"threshold": 0.25}, M.BinaryAccuracy, {**CLASSED, **BINARY}),
    ],
    "categorical_accuracy": [("default", {}, M.CategoricalAccuracy, CLASSED)],
    "sparse_categorical_accuracy": [("default", {}, M.SparseCategoricalAccuracy, LABELED)],
    "top_k_categorical_accuracy": [
        ("default", {}, M.TopKCategoricalAccuracy, untied(CLASSED)),
        ("k", {"k": 2}, M.TopKCategoricalAccuracy, untied(CLASSED)),
    ],
    "sparse_top_k_categorical_accuracy": [
        ("default", {}, M.SparseTopKCategoricalAccuracy, untied(LABELED)),
        ("k", {"k": 2}, M.SparseTopKCategoricalAccuracy, untied(LABELED)),
    ],
    "mean_squared_error": [("default", {}, M.MeanSquaredError, {**NUMBERS, **BINARY})],
    "root_mean_squared_error": [("default", {}, M.RootMeanSquaredError, {**NUMBERS, **BINARY})],
    "mean_absolute_error": [("default", {}, M.MeanAbsoluteError, {**NUMBERS, **BINARY})],
    "mean_absolute_percentage_error": [("default", {}, M.MeanAbsolutePercentageError, {**NUMBERS, **BINARY, **LINES})],
    "mean_squared_logarithmic_error": [("default", {}, M.MeanSquaredLogarithmicError, {**COUNTS, **BINARY, **LINES})],
    "log_cosh_error": [("default", {}, M.LogCoshError, {**NUMBERS, **BINARY, **LINES})],
    "cosine_similarity": [
        ("default", {}, M.CosineSimilarity, {**NUMBERS, **LINES}),
        ("axis", {"axis": 1}, M.CosineSimilarity, NUMBERS),
    ],
    "binary_crossentropy": [
        ("default", {}, M.BinaryCrossentropy, {**CLASSED, **BINARY, **LINES}),
        ("label_smoothing", {"label_smoothing": 0.2}, M.BinaryCrossentropy, {**CLASSED, **BINARY}),
        ("from_logits", {"from_logits": True}, M.BinaryCrossentropy, LOGITS),
        ("both", {"from_logits": True, "label_smoothing": 0.2}, M.BinaryCrossentropy, LOGITS),
    ],
    "categorical_crossentropy": [
        ("default", {}, M.CategoricalCrossentropy, {**of_one_class(CLASSED), **LINES}),
        ("label_smoothing", {"label_smoothing": 0.2}, M.CategoricalCrossentropy, of_one_class(CLASSED)),
        ("from_logits", {"from_logits": True, "axis": 1}, M.CategoricalCrossentropy, LOGITS),
    ],
    "sparse_categorical_crossentropy": [
        ("default", {}, M.SparseCategoricalCrossentropy, {**LABELED, **LINES_OF_LABELS}),
        ("from_logits", {"from_logits": True, "axis": 1}, M.SparseCategoricalCrossentropy, LABELED_LOGITS),
    ],
    "kl_divergence": [("default", {}, M.KLDivergence, {**CLASSED, **SHARES, **LINES})],
    "poisson": [("default", {}, M.Poisson, {**COUNTS, **LINES})],
    "hinge": [("default", {}, M.Hinge, SIGNS)],
    "squared_hinge": [("default", {}, M.SquaredHinge, SIGNS)],
    "categorical_hinge": [("default", {}, M.CategoricalHinge, {**CLASSED, **LOGITS, **LINES})],
    "f1_score": [
        (
            f"{average}{'_threshold' if options else ''}",
            {"average": average, **options},
            M.F1Score,
            CLASSED,
        )
        for average in ("macro", "micro", "weighted")
        for options in ({}, {"threshold": 0.25})
    ],
    "auc": [
        (case, options, M.AUC, {**CLASSED, **BINARY})
        for case, options in {
            "default": {},
            "few": {"num_thresholds": 5},
            "minoring": {"summation_method": "minoring"},
            "majoring": {"summation_method": "majoring"},
            "pr": {"curve": "PR"},
            "pr_minoring": {"curve": "PR", "summation_method": "minoring"},
            "pr_majoring": {"curve": "PR", "summation_method": "majoring"},
        }.items()
    ]
    + [
        ("multi_label", {"multi_label": True}, M.AUC, CLASSED),
        ("multi_label_pr", {"multi_label": True, "curve": "PR"}, M.AUC, CLASSED),
        ("from_logits", {"from_logits": True}, M.AUC, LOGITS),
    ],
}
for name in ("TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives"):
    METRICS[keras.src.utils.naming.to_snake_case(name)] = [
        ("default", {}, getattr(M, name), {**CLASSED, **BINARY}),
        ("thresholds", {"thresholds": 0.25}, getattr(M, name), {**CLASSED, **BINARY}),
    ]
for name, make in (("precision", M.Precision), ("recall", M.Recall)):
    METRICS[name] = [
        ("default", {}, make, {**CLASSED, **BINARY}),
        ("thresholds", {"thresholds": 0.25}, make, {**CLASSED, **BINARY}),
        ("top_k", {"top_k": 2}, make, untied(CLASSED)),
        ("top_k_thresholds", {"top_k": 2, "thresholds": 0.5}, make, untied(CLASSED)),
        ("class_id", {"class_id": 2}, make, CLASSED),
        ("top_k_class_id", {"top_k": 2, "class_id": 2}, make, untied(CLASSED)),
    ]


def result(make, options, y_true, y_pred, weights):
    metric = make(**options)
    for rows in (slice(0, SPLIT), slice(SPLIT, ROWS)):
        # TensorFlow's in_top_k accepts only float32.
        outputs = y_pred.astype(np.float32) if "TopK" in make.__name__ else y_pred
        metric.update_state(y_true[rows], outputs[rows], None if weights is None else weights[rows])
    return np.float64(metric.result())


def main():
    use("float64")
    tensors = {"sample_weight": WEIGHTS}
    cases = 0
    for name, variants in METRICS.items():
        for case, options, make, datas in variants:
            tensors[f"{name}/{case}/options"] = np.frombuffer(json.dumps(options).encode(), np.uint8)
            for data, (y_true, y_pred) in datas.items():
                kind = "labels" if y_true.ndim < y_pred.ndim else "x".join(map(str, y_true.shape[1:]))
                tensors[f"input/{kind}/{data}/y_true"] = y_true
                tensors[f"input/{kind}/{data}/y_pred"] = y_pred
                place = f"{name}/{case}/{kind}/{data}"
                tensors[place + "/plain"] = result(make, options, y_true, y_pred, None)
                tensors[place + "/weighted"] = result(make, options, y_true, y_pred, WEIGHTS)
                cases += 1
    print(cases, "cases")
    save("metrics.safetensors", tensors, "make_metrics.py")


if __name__ == "__main__":
    main()
