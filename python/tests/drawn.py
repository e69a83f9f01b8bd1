"""Random parts, with options and data within their valid range: each function takes a generator of
NumPy and the name of a class, and gives the arguments of its namesake in described.py.
"""

import numpy as np


def between(random, low, high):
    return round(float(random.uniform(low, high)), 3)


def whole(random, low, high):
    return int(random.integers(low, high + 1))


def one_of(random, *choices):
    return choices[random.integers(len(choices))]


def some(random, **options):
    """Each of the options with a chance of one half."""
    return {name: value for name, value in options.items() if random.random() < 0.5}


def normal(random, *shape, scale=1.0):
    return (scale * random.normal(size=shape)).astype(np.float32)


def probabilities(random, *shape):
    """Rows that add up to 1."""
    powers = np.exp(random.normal(size=shape, scale=2.0))
    return (powers / powers.sum(-1, keepdims=True)).astype(np.float32)


def one_hot(random, *shape):
    return np.eye(shape[-1], dtype=np.float32)[random.integers(0, shape[-1], shape[:-1])]


def weights(random, rows):
    return random.uniform(0.1, 3.0, rows).astype(np.float32)


# Losses

def _numbers(random, shape):
    return normal(random, *shape), normal(random, *shape)


def _positive(random, shape):
    return np.exp(normal(random, *shape)), np.exp(normal(random, *shape))


def _classes(random, shape):
    made = one_of(random, one_hot, probabilities)
    return made(random, *shape), probabilities(random, *shape)


def _hot_classes(random, shape):
    return one_hot(random, *shape), probabilities(random, *shape)


def _labels(random, shape):
    labels = random.integers(0, shape[-1], shape[:-1])
    return one_of(random, labels, labels.astype(np.float32)), probabilities(random, *shape)


def _yes(random, shape):
    parts = random.uniform(0, 1, shape).astype(np.float32)
    return one_of(random, parts, parts.round()), random.uniform(0.01, 0.99, shape)


def _signs(random, shape):
    signs = np.where(random.random(shape) < 0.5, one_of(random, -1.0, 0.0), 1.0)
    return signs.astype(np.float32), normal(random, *shape)


LOSS_DATA = {
    "CategoricalCrossentropy": _classes, "SparseCategoricalCrossentropy": _labels,
    "BinaryCrossentropy": _yes, "MeanSquaredError": _numbers, "MeanAbsoluteError": _numbers,
    "MeanAbsolutePercentageError": _positive, "MeanSquaredLogarithmicError": _positive,
    "Huber": _numbers, "LogCosh": _numbers, "Hinge": _signs, "SquaredHinge": _signs,
    "CategoricalHinge": _hot_classes, "KLDivergence": _classes, "Poisson": _positive,
    "CosineSimilarity": _numbers,
}


def loss(random, name):
    is_classes = LOSS_DATA[name] in (_classes, _hot_classes, _labels)
    is_deep = random.random() < 0.25
    shape = (whole(random, 1, 9), *[whole(random, 1, 4)] * is_deep,
             whole(random, 2 if is_classes else 1, 6))
    y_true, y_pred = LOSS_DATA[name](random, shape)
    options = some(random, reduction=one_of(random, "sum", "none", None, "mean",
                                            "sum_over_batch_size", "mean_with_sample_weight"))
    if "Crossentropy" in name and random.random() < 0.5:
        options["from_logits"] = True
        y_pred = normal(random, *shape, scale=3.0)
    if name in ("CategoricalCrossentropy", "BinaryCrossentropy"):
        options |= some(random, label_smoothing=between(random, 0, 0.5))
    if name == "Huber":
        options |= some(random, delta=between(random, 0.1, 2))
    is_weighted = len(shape) == 2 and random.random() < 0.6
    return name, options, y_true, y_pred, weights(random, shape[0]) if is_weighted else None


# Metrics

CONFUSION_COUNTS = ("TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives")
# Those that are means of a loss, with it.
LOSS_METRICS = {name: name for name in (
    "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "CosineSimilarity",
    "BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy",
    "KLDivergence", "Poisson", "Hinge", "SquaredHinge", "CategoricalHinge")} | {
        "LogCoshError": "LogCosh"}


def _metric_options(random, name, columns):
    k = whole(random, 1, columns)
    if name == "BinaryAccuracy":
        return some(random, threshold=between(random, 0.1, 0.9))
    if name.endswith("TopKCategoricalAccuracy"):
        return some(random, k=k)
    if name in CONFUSION_COUNTS:
        return some(random, thresholds=between(random, 0.1, 0.9))
    if name in ("Precision", "Recall"):
        options = some(random, class_id=whole(random, 0, columns - 1))
        return options | one_of(random, {}, {"top_k": k}, {"thresholds": between(random, 0.1, 0.9)})
    if name == "F1Score":
        return {"average": one_of(random, "macro", "micro", "weighted"),
                **some(random, threshold=between(random, 0.1, 0.9))}
    if name == "AUC":
        return some(random, num_thresholds=whole(random, 3, 300), curve=one_of(random, "ROC", "PR"),
                    summation_method=one_of(random, "interpolation", "minoring", "majoring"),
                    multi_label=columns > 1, from_logits=True)
    options = some(random, from_logits=True) if "Crossentropy" in name else {}
    if name in ("CategoricalCrossentropy", "BinaryCrossentropy"):
        options |= some(random, label_smoothing=between(random, 0, 0.5))
    return options


def _metric_data(random, name, rows, columns, options):
    if name == "Accuracy":
        return random.integers(0, 3, (rows, columns)), random.integers(0, 3, (rows, columns))
    if name in ("MeanSquaredError", "RootMeanSquaredError", "MeanAbsoluteError"):
        return _numbers(random, (rows, columns))
    if name in LOSS_METRICS:
        y_true, y_pred = LOSS_DATA[LOSS_METRICS[name]](random, (rows, columns))
        return y_true, (normal(random, rows, columns, scale=3.0) if "from_logits" in options
                        else y_pred)
    if name.startswith("Sparse"):
        return random.integers(0, columns, rows), probabilities(random, rows, columns)
    if name.endswith("CategoricalAccuracy") or (name == "F1Score" and "threshold" not in options):
        return one_hot(random, rows, columns), probabilities(random, rows, columns)
    y_pred = (normal(random, rows, columns, scale=2) if options.get("from_logits")
              else random.uniform(0, 1, (rows, columns)))
    return random.integers(0, 2, (rows, columns)), y_pred


def metric(random, name):
    is_classes = "Categorical" in name or name in ("F1Score", "KLDivergence")
    columns = whole(random, 2 if is_classes else 1, 5)
    options = _metric_options(random, name, columns)

    def batch():
        rows = whole(random, 1, 20)
        is_weighted = name != "F1Score" and random.random() < 0.4
        return (*_metric_data(random, name, rows, columns, options),
                weights(random, rows) if is_weighted else None)
    return name, options, [[batch() for _ in range(whole(random, 1, 4))] for _ in range(2)]


METRICS = ("Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy",
           "TopKCategoricalAccuracy", "SparseTopKCategoricalAccuracy", "Precision", "Recall",
           "F1Score", "AUC", "MeanSquaredError", "RootMeanSquaredError", "MeanAbsoluteError",
           *CONFUSION_COUNTS, *LOSS_METRICS)


# Activations

def activation(random, name):
    options = {
        "relu": some(random, negative_slope=between(random, 0, 1), max_value=between(random, 1, 6),
                     threshold=between(random, 0, 1)),
        "leaky_relu": some(random, negative_slope=between(random, 0, 1)),
        "elu": some(random, alpha=between(random, 0.1, 2))}.get(name, {})
    shape = tuple(whole(random, 1, 6) for _ in range(whole(random, 1, 3)))
    if name in ("softmax", "log_softmax"):
        shape = (*shape, 3)
        options = some(random, axis=whole(random, -len(shape), len(shape) - 1))
    return name, options, normal(random, *shape, scale=one_of(random, 0.1, 1.0, 10.0))


ACTIVATIONS = ("linear", "sigmoid", "tanh", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu",
               "silu", "softplus", "softsign", "hard_sigmoid", "exponential", "mish", "softmax",
               "log_softmax")


# Optimizers and schedules

def schedule(random, name):
    rate, steps = between(random, 0.001, 1), whole(random, 1, 20)
    if name == "PiecewiseConstantDecay":
        boundaries = sorted(set(map(int, random.integers(1, 40, whole(random, 1, 5)))))
        return name, [], {"boundaries": boundaries,
                          "values": [between(random, 0.001, 1) for _ in range(len(boundaries) + 1)]}
    options = {
        "ExponentialDecay": {"decay_rate": between(random, 0.1, 1),
                             **some(random, staircase=True)},
        "InverseTimeDecay": {"decay_rate": between(random, 0.1, 1),
                             **some(random, staircase=True)},
        "PolynomialDecay": some(random, end_learning_rate=between(random, 0, rate), cycle=True,
                                power=between(random, 0.5, 3)),
        "CosineDecay": some(random, alpha=between(random, 0, 1)),
        "CosineDecayRestarts": some(random, t_mul=between(random, 1, 3),
                                    m_mul=between(random, 0.5, 1), alpha=between(random, 0, 1)),
    }[name]
    if name == "CosineDecay" and random.random() < 0.5:
        options |= {"warmup_target": between(random, rate, 2), "warmup_steps": whole(random, 1, 9)}
    first = "first_decay_steps" if name == "CosineDecayRestarts" else "decay_steps"
    return name, [], {"initial_learning_rate": rate, first: steps, **options}


SCHEDULES = ("ExponentialDecay", "PiecewiseConstantDecay", "PolynomialDecay", "InverseTimeDecay",
             "CosineDecay", "CosineDecayRestarts")


def optimizer(random, name):
    betas = some(random, beta_1=between(random, 0.5, 0.95), beta_2=between(random, 0.8, 0.999))
    epsilon = some(random, epsilon=10.0 ** whole(random, -7, -2))
    options = {
        "SGD": some(random, momentum=between(random, 0, 0.95), nesterov=True),
        "Adam": betas | epsilon | some(random, amsgrad=True),
        "AdamW": betas | epsilon | some(random, amsgrad=True),
        "RMSprop": epsilon | some(random, rho=between(random, 0.5, 0.95), centered=True,
                                  momentum=between(random, 0, 0.9)),
        "Adagrad": epsilon | some(random, initial_accumulator_value=between(random, 0, 0.5)),
        "Adadelta": epsilon | some(random, rho=between(random, 0.5, 0.99)),
        "Adamax": betas | epsilon, "Nadam": betas | epsilon, "Lion": betas,
    }[name]
    largest = {"SGD": 0.2, "Adadelta": 1.0, "Adagrad": 0.2}.get(name, 0.02)
    rate = between(random, 0.001, largest)
    if random.random() < 0.25:
        class_name, _, config = schedule(random, one_of(random, *SCHEDULES))
        config = {each: value for each, value in config.items() if "warmup" not in each}
        if class_name != "PiecewiseConstantDecay":
            config["initial_learning_rate"] = rate
            if "end_learning_rate" in config:
                config["end_learning_rate"] = round(rate / 2, 4)
        else:
            config["values"] = [round(rate / (i + 1), 4) for i in range(len(config["values"]))]
        rate = {"class_name": class_name, "config": config}
    options |= some(random, learning_rate=rate, weight_decay=between(random, 0.001, 0.1))
    options |= one_of(random, {}, {"clipnorm": between(random, 0.1, 1)},
                      {"global_clipnorm": between(random, 0.1, 1)},
                      {"clipvalue": between(random, 0.01, 0.5)})
    if random.random() < 0.25:
        options |= {"use_ema": True, "ema_momentum": between(random, 0.5, 0.99),
                    **some(random, ema_overwrite_frequency=whole(random, 1, 4))}
    if random.random() < 0.25:
        options["gradient_accumulation_steps"] = whole(random, 2, 4)
    return name, [], options


OPTIMIZERS = ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam", "Lion")


# Initializers and regularizers

def initializer(random, name):
    low = between(random, -1, 0)
    seed = some(random, seed=whole(random, 0, 1000))
    options = {
        "Zeros": {}, "Ones": {}, "Constant": {"value": between(random, -2, 2)},
        "RandomUniform": some(random, minval=low, maxval=between(random, 0.1, 1)),
        "RandomNormal": some(random, mean=low, stddev=between(random, 0.01, 2)),
        "TruncatedNormal": some(random, mean=low, stddev=between(random, 0.01, 2)),
        "VarianceScaling": some(
            random, scale=between(random, 0.1, 3),
            mode=one_of(random, "fan_in", "fan_out", "fan_avg"),
            distribution=one_of(random, "uniform", "truncated_normal", "untruncated_normal")),
        "Orthogonal": some(random, gain=between(random, 0.1, 2)),
        "Identity": some(random, gain=between(random, 0.1, 2))}.get(name, {})
    has_seed = name not in ("Zeros", "Ones", "Constant", "Identity")
    shapes = ((200, 300), (300, 200), (20, 30, 100), (5, 6, 20, 100), (60000,), (1, 60000))
    if name in ("Orthogonal", "Identity"):  # those of one column or of no square differ much
        shapes = shapes[:2]
    return name, [], options | (seed if has_seed else {}), one_of(random, *shapes)


INITIALIZERS = ("GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform",
                "LecunNormal", "Zeros", "Ones", "Constant", "RandomUniform", "RandomNormal",
                "TruncatedNormal", "VarianceScaling", "Orthogonal", "Identity")


def regularizer(random, name):
    options = {"L1": ("l1",), "L2": ("l2",), "L1L2": ("l1", "l2")}[name]
    shape = tuple(whole(random, 1, 9) for _ in range(whole(random, 1, 4)))
    return name, [], some(random, **{each: between(random, 0, 1) for each in options}), normal(
        random, *shape)


REGULARIZERS = ("L1", "L2", "L1L2")
