"""Writes python/tests/golden/parts.json: what Keras says of each part that cornu.keras has.

    KERAS_BACKEND=jax python python/tools/make_part_goldens.py [--check]

Needs keras and jax. Each case is how a part is made, what get_config then says, and what it
computes. python/tests/test_goldens.py makes the same with cornu.keras.
"""

import argparse
import json
import pathlib
import sys

import numpy as np

TESTS = pathlib.Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))

import described  # noqa: E402

PATH = TESTS / "golden" / "parts.json"

REGULARIZER = {"class_name": "L1L2", "config": {"l1": 0.25, "l2": 0.5}}
UNIFORM = {"class_name": "RandomUniform", "config": {"minval": -0.5, "maxval": 0.25, "seed": 7}}

# How each class is made: arguments by position, and by name.
LAYERS = [
    ("InputLayer", [[4]], {"name": "x"}),
    ("Dense", [3], {}),
    ("Dense", [3, "relu", False, "he_normal"],
     {"kernel_regularizer": REGULARIZER, "name": "mine"}),
    ("Dense", [], {"units": 2, "kernel_initializer": UNIFORM, "bias_initializer": "ones",
                   "bias_regularizer": "l2", "trainable": False}),
    ("Flatten", [], {}), ("Reshape", [[2, 3]], {}), ("Activation", ["tanh"], {}),
    ("Dropout", [0.3], {"seed": 5}), ("Dropout", [0.5], {}), ("Rescaling", [0.25, -1.0], {}),
    ("ReLU", [], {}), ("ReLU", [6.0, 0.1, 0.5], {}),
    ("LeakyReLU", [], {}), ("LeakyReLU", [0.1], {}),
    ("ELU", [], {}), ("ELU", [0.5], {}), ("Softmax", [], {}), ("Softmax", [1], {}),
    ("Add", [], {}), ("Subtract", [], {}), ("Multiply", [], {}), ("Average", [], {}),
    ("Maximum", [], {}), ("Minimum", [], {}), ("Concatenate", [], {}), ("Concatenate", [1], {}),
    ("PReLU", [], {}), ("PReLU", ["ones", "l1"], {"shared_axes": [1, 2]}),
    ("BatchNormalization", [], {}),
    ("BatchNormalization", [1, 0.9, 0.01, False, True], {"gamma_initializer": UNIFORM,
                                                         "gamma_regularizer": REGULARIZER}),
    ("LayerNormalization", [], {}), ("LayerNormalization", [-1, 0.01, True, False], {}),
    ("GaussianNoise", [0.25], {"seed": 3}), ("GaussianDropout", [0.25], {}),
    ("Embedding", [5, 2], {}), ("Embedding", [5, 2, "ones", "l2"], {"name": "words"}),
    ("Conv2D", [4, 3], {}), ("Conv2D", [4, [3, 2], [1, 2], "same", "channels_first"], {}),
    ("Conv2D", [6, 3, 1, "valid", None, 2, 3, "relu", False, "he_normal"],
     {"kernel_regularizer": "l2", "name": "seen"}),
    ("DepthwiseConv2D", [3], {}),
    ("DepthwiseConv2D", [[3, 2], [1, 1], "same", 2, "channels_first", 2, "relu", False, "he_normal"],
     {"depthwise_regularizer": "l2", "name": "seen"}),
    ("Conv1D", [4, 3], {}), ("Conv1D", [4, 3, 1, "causal", None, 2, 1, "tanh"], {}),
    ("MaxPooling2D", [], {}), ("MaxPooling2D", [3, 2], {"name": "large"}),
    ("MaxPooling2D", [[3, 2], None, "same", "channels_first", "turned"], {}),
    ("MaxPooling1D", [], {}), ("MaxPooling1D", [3, 1, "same"], {}),
    ("AveragePooling2D", [2], {}), ("AveragePooling2D", [[3, 2], [1, 2], "valid"], {}),
    ("AveragePooling1D", [2], {}), ("AveragePooling1D", [3, None, "same", "channels_first"], {}),
    ("GlobalMaxPooling2D", [], {}), ("GlobalMaxPooling1D", ["channels_first", True], {}),
    ("GlobalAveragePooling2D", [None, True], {}), ("GlobalAveragePooling1D", [], {}),
    ("ZeroPadding2D", [], {}), ("ZeroPadding2D", [[1, 3]], {}),
    ("ZeroPadding2D", [[[1, 2], [3, 4]], "channels_first"], {}),
    ("Cropping2D", [], {}), ("Cropping2D", [2], {"name": "cut"}),
    ("UpSampling2D", [], {}), ("UpSampling2D", [[3, 1], "channels_first"], {}),
    ("Permute", [[2, 1]], {}), ("RepeatVector", [3], {}),
    ("SpatialDropout1D", [0.25], {}), ("SpatialDropout1D", [0.25, 3, "drop"], {}),
    ("SpatialDropout2D", [0.25], {}), ("SpatialDropout2D", [0.25, "channels_first", 3], {}),
]
OPTIMIZER_OPTIONS = {"learning_rate": 0.25, "weight_decay": 0.125, "global_clipnorm": 2.0,
                     "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 3,
                     "gradient_accumulation_steps": 2}
DECAY = {"class_name": "ExponentialDecay",
         "config": {"initial_learning_rate": 0.5, "decay_steps": 10, "decay_rate": 0.5}}
OPTIMIZERS = [
    *((name, [], {}) for name in ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta",
                                  "Adamax", "Nadam", "Lion")),
    *((name, [], OPTIMIZER_OPTIONS) for name in ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad",
                                                 "Adadelta", "Adamax", "Nadam", "Lion")),
    ("SGD", [0.5, 0.75, True], {"clipnorm": 1.5}), ("SGD", [DECAY], {}),
    ("Adam", [0.5, 0.75, 0.875, 0.001, True], {"clipvalue": 0.5}),
    ("AdamW", [0.5, 0.25, 0.75, 0.875], {}), ("RMSprop", [0.5, 0.75, 0.25, 0.001, True], {}),
    ("Adagrad", [0.5, 0.25, 0.001], {}), ("Adadelta", [0.5, 0.75, 0.001], {}),
    ("Adamax", [0.5, 0.75, 0.875], {}), ("Nadam", [0.5, 0.75, 0.875], {}),
    ("Lion", [0.5, 0.75, 0.875], {}),
]
SCHEDULES = [
    ("ExponentialDecay", [0.5, 10, 0.75], {}), ("ExponentialDecay", [0.5, 10, 0.75, True], {}),
    ("PiecewiseConstantDecay", [[3, 12], [0.5, 0.25, 0.125]], {}),
    ("PolynomialDecay", [0.5, 10], {}), ("PolynomialDecay", [0.5, 10, 0.125, 2.0, True], {}),
    ("InverseTimeDecay", [0.5, 10, 0.75], {}), ("InverseTimeDecay", [0.5, 10, 0.75, True], {}),
    ("CosineDecay", [0.5, 10], {}), ("CosineDecay", [0.0, 10, 0.25, "name", 0.5, 4], {}),
    ("CosineDecayRestarts", [0.5, 10], {}),
    ("CosineDecayRestarts", [0.5, 10, 1.5, 0.75, 0.125], {}),
]
STEPS = [0, 1, 3, 4, 9, 10, 11, 12, 13, 25, 40, 100]
INITIALIZERS = [
    *((name, [], options) for name in ("GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal",
                                       "LecunUniform", "LecunNormal")
      for options in ({}, {"seed": 5})),
    ("Zeros", [], {}), ("Ones", [], {}), ("Constant", [0.25], {}), ("RandomUniform", [], {}),
    ("RandomUniform", [-0.5, 1.0, 5], {}), ("RandomNormal", [], {}),
    ("RandomNormal", [1.0, 2.0, 5], {}),
    ("TruncatedNormal", [], {}), ("TruncatedNormal", [1.0, 2.0, 5], {}),
    ("VarianceScaling", [], {}),
    ("VarianceScaling", [2.0, "fan_avg", "uniform", 5], {}),
    ("VarianceScaling", [2.0, "fan_out", "untruncated_normal", 5], {}),
    ("Orthogonal", [], {}), ("Orthogonal", [2.0, 5], {}), ("Identity", [], {}),
    ("Identity", [2.0], {}),
]
REGULARIZERS = [("L1", [], {}), ("L1", [0.25], {}), ("L2", [], {}), ("L2", [0.25], {}),
                ("L1L2", [], {}), ("L1L2", [0.25, 0.5], {})]
CALLBACKS = [
    ("EarlyStopping", [], {}),
    ("EarlyStopping", ["loss", 0.5, 3, 1, "min", 2.0, True, 4], {}),
    ("ReduceLROnPlateau", [], {}),
    ("ReduceLROnPlateau", ["loss", 0.5, 3, 1, "max", 0.25, 2, 0.125], {}),
    ("CSVLogger", ["log.csv"], {}), ("CSVLogger", ["log.csv", ";", True], {}),
    ("TensorBoard", [], {"log_dir": "logs"}),
    ("TensorBoard", ["logs", 2, False, True, True], {"update_freq": 5}),
    ("TerminateOnNaN", [], {}),
    ("ModelCheckpoint", ["{epoch}.keras"], {}),
    ("ModelCheckpoint", ["{epoch}.weights.h5", "loss", 1, True, True, "max", 5, 0.25], {}),
    ("BackupAndRestore", ["backup"], {}), ("BackupAndRestore", ["backup", 5, True, False], {}),
]

# Targets and outputs: numbers, yes or no, one-hot classes with probabilities, labels.
NUMBERS = [[[0.0, 1.5, -2.0], [3.0, 0.25, 1.0]], [[0.5, 1.0, -1.0], [1.0, 0.5, 1.25]]]
POSITIVE = [[[0.5, 1.5, 2.0], [3.0, 0.25, 1.0]], [[0.75, 1.0, 2.5], [1.0, 0.5, 1.25]]]
YES = [[[0], [1], [1], [0], [1]], [[0.1], [0.8], [0.4], [0.7], [0.9]]]
SEVERAL = [[[1, 0, 1], [0, 1, 0]], [[0.7, 0.2, 0.4], [0.1, 0.6, 0.3]]]
SIGNS = [[[-1, 1, 1], [1, -1, -1]], [[-0.5, 0.5, 2.0], [0.25, 0.75, -2.0]]]
CLASSES = [[[0, 1, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0]],
           [[0.2, 0.7, 0.1], [0.5, 0.25, 0.25], [0.4, 0.5, 0.1], [0.1, 0.2, 0.7]]]
LABELS = [[1, 0, 2, 1], CLASSES[1]]
DEEP = [[[[0, 1], [1, 0]]], [[[0.25, 0.75], [0.5, 0.5]]]]
# Two samples of three steps with a label each.
STEPS_OF_LABELS = [[[1, 0, 2], [0, 0, 1]], [CLASSES[1][:3], [[0.3, 0.6, 0.1], [0.2, 0.3, 0.5],
                                                        [0.1, 0.8, 0.1]]]]
STEPS_OF_CLASSES = [[[[0, 1], [1, 0]], [[1, 0], [1, 0]]],
                    [[[0.25, 0.75], [0.4, 0.6]], [[0.9, 0.1], [0.35, 0.65]]]]
LOGITS = {"from_logits": True}

LOSSES = [
    ("CategoricalCrossentropy", {}, CLASSES), ("CategoricalCrossentropy", LOGITS, CLASSES),
    ("CategoricalCrossentropy", {"label_smoothing": 0.25}, CLASSES),
    ("CategoricalCrossentropy", {}, DEEP),
    ("SparseCategoricalCrossentropy", {}, LABELS),
    ("SparseCategoricalCrossentropy", LOGITS, LABELS),
    ("SparseCategoricalCrossentropy", {}, [[1.0, 0.0, 2.0, 1.0], CLASSES[1]]),
    ("SparseCategoricalCrossentropy", {}, [[[1], [0], [2], [1]], CLASSES[1]]),
    ("BinaryCrossentropy", {}, YES), ("BinaryCrossentropy", LOGITS, SEVERAL),
    ("BinaryCrossentropy", {"label_smoothing": 0.25}, SEVERAL), ("BinaryCrossentropy", {}, DEEP),
    ("MeanSquaredError", {}, NUMBERS), ("MeanSquaredError", {}, DEEP),
    ("MeanAbsoluteError", {}, NUMBERS), ("MeanAbsolutePercentageError", {}, POSITIVE),
    ("MeanSquaredLogarithmicError", {}, POSITIVE), ("Huber", {}, NUMBERS),
    ("Huber", {"delta": 0.25}, NUMBERS), ("LogCosh", {}, NUMBERS), ("Hinge", {}, SIGNS),
    ("Hinge", {}, SEVERAL), ("SquaredHinge", {}, SIGNS), ("CategoricalHinge", {}, CLASSES),
    ("KLDivergence", {}, CLASSES), ("Poisson", {}, POSITIVE), ("CosineSimilarity", {}, NUMBERS),
    *(("Huber", {"reduction": reduction}, NUMBERS)
      for reduction in ("sum", "none", None, "mean", "mean_with_sample_weight")),
    ("SparseCategoricalCrossentropy", {"reduction": "sum"}, LABELS),
    ("SparseCategoricalCrossentropy", {}, STEPS_OF_LABELS),
    ("SparseCategoricalCrossentropy", LOGITS, STEPS_OF_LABELS),
    ("SparseCategoricalCrossentropy", {}, [[[1], [0]], [[CLASSES[1][0]], [CLASSES[1][1]]]]),
    ("SparseCategoricalCrossentropy", {"reduction": "sum"},
     [np.expand_dims(STEPS_OF_LABELS[0], -1).tolist(), STEPS_OF_LABELS[1]]),
    ("BinaryCrossentropy", {"reduction": "none"}, SEVERAL),
]
METRICS = [
    ("Accuracy", {}, [[1, 2, 3, 4], [1, 2, 4, 4]]),
    ("Accuracy", {}, [[[1, 0, 2], [0, 1, 2], [3, 3, 3]], [[1, 0, 0], [2, 1, 2], [0, 0, 0]]]),
    ("Accuracy", {}, [[[1], [2], [3]], [[1], [0], [3]]]),
    ("BinaryAccuracy", {}, YES), ("BinaryAccuracy", {"threshold": 0.35, "name": "mine"}, SEVERAL),
    ("CategoricalAccuracy", {}, CLASSES), ("SparseCategoricalAccuracy", {}, LABELS),
    ("TopKCategoricalAccuracy", {"k": 2}, CLASSES),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, LABELS),
    ("TopKCategoricalAccuracy", {}, CLASSES), ("SparseTopKCategoricalAccuracy", {}, LABELS),
    ("CategoricalAccuracy", {}, STEPS_OF_CLASSES),
    ("TopKCategoricalAccuracy", {"k": 1}, STEPS_OF_CLASSES),
    ("SparseCategoricalAccuracy", {}, STEPS_OF_LABELS),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, STEPS_OF_LABELS),
    ("SparseCategoricalAccuracy", {}, [[[1], [2]], [[CLASSES[1][0]], [CLASSES[1][1]]]]),
    ("Precision", {}, YES), ("Precision", {"thresholds": 0.75}, YES),
    ("Precision", {"top_k": 1}, CLASSES),
    ("Precision", {"class_id": 1}, SEVERAL), ("Recall", {}, YES),
    ("Recall", {"thresholds": 0.75}, YES),
    *((name, options, YES) for name in ("TruePositives", "TrueNegatives", "FalsePositives",
                                        "FalseNegatives") for options in ({}, {"thresholds": 0.75})),
    ("Recall", {"class_id": 0}, SEVERAL), ("F1Score", {"average": "macro"}, CLASSES),
    ("F1Score", {"average": "micro", "threshold": 0.45}, SEVERAL),
    ("F1Score", {"average": "weighted"}, CLASSES), ("AUC", {}, YES),
    ("AUC", {"num_thresholds": 50, "curve": "PR", "summation_method": "majoring"}, YES),
    ("AUC", {"curve": "PR"}, SEVERAL), ("AUC", {"multi_label": True}, [
        [[1, 0], [0, 1], [1, 1], [0, 0]], [[0.7, 0.2], [0.6, 0.6], [0.8, 0.3], [0.1, 0.4]]]),
    ("MeanSquaredError", {}, NUMBERS), ("RootMeanSquaredError", {}, NUMBERS),
    ("MeanAbsoluteError", {}, NUMBERS),
    ("MeanAbsolutePercentageError", {}, POSITIVE),
    ("MeanSquaredLogarithmicError", {}, POSITIVE), ("LogCoshError", {}, NUMBERS),
    ("LogCoshError", {"name": "mine"}, NUMBERS),
    ("CosineSimilarity", {}, NUMBERS), ("CosineSimilarity", {"axis": 1}, NUMBERS),
    ("BinaryCrossentropy", {}, YES), ("BinaryCrossentropy", LOGITS, SEVERAL),
    ("BinaryCrossentropy", {"label_smoothing": 0.25}, SEVERAL),
    ("CategoricalCrossentropy", {}, CLASSES), ("CategoricalCrossentropy", LOGITS, CLASSES),
    ("CategoricalCrossentropy", {"label_smoothing": 0.25, "axis": 1}, CLASSES),
    ("CategoricalCrossentropy", {}, STEPS_OF_CLASSES),
    ("SparseCategoricalCrossentropy", {}, LABELS),
    ("SparseCategoricalCrossentropy", {**LOGITS, "name": "mine"}, LABELS),
    ("SparseCategoricalCrossentropy", {}, STEPS_OF_LABELS),
    ("KLDivergence", {}, CLASSES), ("Poisson", {}, POSITIVE), ("Hinge", {}, SIGNS),
    ("SquaredHinge", {}, SIGNS), ("CategoricalHinge", {}, CLASSES),
]
X = [[-30.0, -3.5, -1.0, -0.25], [0.0, 0.25, 1.0, 30.0]]
ACTIVATIONS = [
    *((name, {}) for name in ("linear", "sigmoid", "tanh", "relu", "relu6", "leaky_relu", "elu",
                              "selu", "gelu", "silu", "softplus", "softsign", "hard_sigmoid",
                              "exponential", "mish", "softmax", "log_softmax")),
    ("relu", {"negative_slope": 0.25, "max_value": 6, "threshold": 0.5}),
    ("relu", {"max_value": 1}),
    ("leaky_relu", {"negative_slope": 0.5}), ("elu", {"alpha": 0.25}), ("softmax", {"axis": 0}),
    ("log_softmax", {"axis": 0}),
]
# Names that `get` takes.
NAMES = {"losses": ["mse", "mae", "mape", "msle", "bce", "kld", "huber", "MeanSquaredError",
                    "categorical_crossentropy"],
         "metrics": ["mse", "accuracy", "binary_accuracy", "AUC", "MeanAbsoluteError", "mape", "bce",
                     "log_cosh_error", "KLDivergence", "cosine_similarity"],
         "optimizers": ["sgd", "adam", "Adam", "rmsprop", "adamw", "nadam"],
         "initializers": ["zeros", "glorot_uniform", "HeNormal", "normal", "uniform", "orthogonal"],
         "regularizers": ["l1", "l2", "L2", "L1L2"], "activations": ["relu", "softmax", "silu"]}


def losses():
    """Each loss; of outputs with two axes also with a weight for each sample."""
    return [described.loss(name, options, y_true, y_pred,
                           np.arange(1.0, len(y_pred) + 1) if np.ndim(y_pred) == 2 else None)
            for name, options, (y_true, y_pred) in LOSSES]


def metrics():
    """Each metric, counted in two parts, and then with weights."""
    cases = []
    for name, options, (y_true, y_pred) in METRICS:
        weighted = [(y_true, y_pred, np.arange(1.0, len(y_pred) + 1))]
        parts = [(y_true[:1], y_pred[:1], None), (y_true[1:], y_pred[1:], None)]
        cases.append(described.metric(name, options,
                                      [parts] if name == "F1Score" else [parts, weighted]))
    return cases


def initializers():
    described.keras.utils.set_random_seed(5)
    return [described.initializer(*each, (200, 300)) for each in INITIALIZERS]


def goldens():
    described.keras.utils.clear_session()  # names are numbered anew
    return {
        "keras": described.keras.__version__,
        "layers": [described.part("layers", *each) for each in LAYERS],
        "optimizers": [described.part("optimizers", *each) for each in OPTIMIZERS],
        "regularizers": [described.regularizer(*each, NUMBERS[0]) for each in REGULARIZERS],
        "schedules": {"steps": STEPS,
                      "cases": [described.schedule(*each, STEPS) for each in SCHEDULES]},
        "initializers": initializers(), "losses": losses(), "metrics": metrics(),
        "callbacks": [described.callback(*each) for each in CALLBACKS],
        "names": {kind: described.names(kind, known) for kind, known in NAMES.items()},
        "activations": [described.activation(*each, X) for each in ACTIVATIONS]}


def lines_of(value, depth=0):
    """JSON with a case on each line."""
    if isinstance(value, dict) and depth < 2:
        lines = (f"{json.dumps(name)}: {lines_of(each, depth + 1)}" for name, each in value.items())
        return "{\n" + ",\n".join(lines) + "\n}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(json.dumps(each, separators=(",", ":")) for each in value) + "\n]"
    return json.dumps(value, separators=(",", ":"))


def text():
    """The file."""
    return lines_of(goldens()) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if Keras says something else")
    is_check = parser.parse_args().check
    found = text()
    if not is_check:
        PATH.write_text(found)
    elif PATH.read_text() != found:
        sys.exit(f"{PATH} is not what Keras {described.keras.__version__} says")


if __name__ == "__main__":
    main()
