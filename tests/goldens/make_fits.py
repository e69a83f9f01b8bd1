#!/usr/bin/env python3
"""Makes fits.safetensors: whole fits of networks drawn at random, in Keras.

<n>/network: as model.to_json() writes it, in bytes. <n>/job: the layers that do not train, losses,
metrics, optimizer and batch_size, as JSON in bytes. <n>/x0, y0, w0, val_x0, …: data and sample
weights, inputs of bytes to be divided by 255. <n>/before/… and <n>/after/…: the weights.
<n>/history/…: the logs of three epochs.

Not drawn is where Keras on TensorFlow is known to differ: an Embedding under an optimizer that
squares gradients, and the losses of single outputs, which it means over batches.

    python3 tests/goldens/make_fits.py
"""

import json
import random

import numpy as np
from golden_file import save
from golden_numbers import keras

FITS = 40
L = keras.layers
ACTIVATIONS = (
    "linear sigmoid tanh relu relu6 leaky_relu elu selu gelu silu softplus softsign hard_sigmoid mish"
).split()
# Kind of target, activation before the loss, Keras's class, its options.
LOSSES = {
    "categorical_crossentropy": [
        ("one_hot", "softmax", "CategoricalCrossentropy", {"label_smoothing": 0.1}),
        ("one_hot", "linear", "CategoricalCrossentropy", {"from_logits": True}),
    ],
    "sparse_categorical_crossentropy": [
        ("label", "softmax", "SparseCategoricalCrossentropy", {}),
        ("label", "linear", "SparseCategoricalCrossentropy", {"from_logits": True}),
    ],
    "binary_crossentropy": [
        ("binary", "sigmoid", "BinaryCrossentropy", {}),
        ("binary", "linear", "BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}),
    ],
    "mean_squared_error": [("number", "linear", "MeanSquaredError", {})],
    "mean_absolute_error": [("number", "linear", "MeanAbsoluteError", {})],
    "mean_absolute_percentage_error": [("number", "linear", "MeanAbsolutePercentageError", {})],
    "mean_squared_logarithmic_error": [("count", "softplus", "MeanSquaredLogarithmicError", {})],
    "huber": [("number", "linear", "Huber", {"delta": 0.7})],
    "log_cosh": [("number", "linear", "LogCosh", {})],
    "hinge": [("sign", "linear", "Hinge", {})],
    "squared_hinge": [("sign", "tanh", "SquaredHinge", {})],
    "categorical_hinge": [("one_hot", "linear", "CategoricalHinge", {})],
    "kl_divergence": [("share", "softmax", "KLDivergence", {})],
    "poisson": [("count", "softplus", "Poisson", {})],
    "cosine_similarity": [("direction", "linear", "CosineSimilarity", {})],
}
SEVERAL = ("one_hot", "label", "share", "direction")  # targets that need two numbers or more
METRICS = {
    "one_hot": ["accuracy", "categorical_accuracy", "top_k_categorical_accuracy"],
    "label": ["accuracy", "sparse_categorical_accuracy", "sparse_top_k_categorical_accuracy"],
    "binary": ["binary_accuracy"],
}
NUMBERS = ["mean_squared_error", "mean_absolute_error", "root_mean_squared_error"]
SHARES = ["auc", "precision", "recall"]  # of outputs from 0 to 1
OPTIMIZERS = {
    "sgd": ("SGD", [{}, {"momentum": 0.9}, {"momentum": 0.8, "nesterov": True}]),
    "adam": ("Adam", [{}, {"amsgrad": True}, {"beta_1": 0.8, "epsilon": 1e-5}]),
    "adamw": ("AdamW", [{}]),
    "rmsprop": ("RMSprop", [{}, {"momentum": 0.5}, {"centered": True, "rho": 0.8}]),
    "adagrad": ("Adagrad", [{}]),
    "adadelta": ("Adadelta", [{}]),
    "adamax": ("Adamax", [{}]),
    "nadam": ("Nadam", [{}]),
    "lion": ("Lion", [{}]),
}
SCHEDULES = {
    "ExponentialDecay": {"decay_steps": 7, "decay_rate": 0.8, "staircase": True},
    "CosineDecay": {"decay_steps": 20, "alpha": 0.1, "warmup_target": 0.02, "warmup_steps": 4},
}
AROUND = [
    {"clipnorm": 0.5},
    {"clipvalue": 0.05},
    {"global_clipnorm": 0.7},
    {"weight_decay": 0.02},
    {"use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 3},
]


def regularizer(draw):
    r = keras.regularizers
    return draw.choice([None, None, None, r.L1(1e-3), r.L2(1e-3), r.L1L2(1e-3, 1e-2)])


def dense(draw, units, activation, **options):
    return L.Dense(
        units,
        activation=activation,
        use_bias=draw.random() < 0.85,
        kernel_initializer=draw.choice(["glorot_uniform", "he_normal", "lecun_uniform"]),
        kernel_regularizer=regularizer(draw),
        **options,
    )


def layer(draw, shape):
    size = int(np.prod(shape))
    part = draw.choice([d for d in range(1, size + 1) if size % d == 0])
    flag = [draw.random() < 0.8 for _ in range(2)]
    makes = [
        lambda: L.Activation(draw.choice(ACTIVATIONS + ["softmax", "log_softmax"])),
        lambda: L.Rescaling(draw.choice([0.5, 2.0]), draw.choice([0.0, -0.5])),
        lambda: L.ReLU(max_value=draw.choice([None, 1.0]), negative_slope=0.1, threshold=0.2),
        lambda: L.LeakyReLU(),
        lambda: L.PReLU("random_normal", shared_axes=draw.choice([None, [1]])),
        lambda: L.ELU(alpha=0.5),
        lambda: L.Softmax(),
        lambda: L.BatchNormalization(momentum=0.9, center=flag[0], scale=flag[1]),
        lambda: L.LayerNormalization(center=flag[0], scale=flag[1]),
        lambda: L.Dropout(0.0),
        lambda: L.Reshape(draw.choice([(size,), (part, size // part), (part, -1)])),
    ]
    if draw.random() < 0.4:
        return dense(draw, draw.randint(1, 12), draw.choice(ACTIVATIONS), bias_regularizer=regularizer(draw))
    return draw.choice(makes)()


def joined(draw, tensors):
    """Some of the tensors by a layer that joins them; None where they do not fit."""
    first = draw.choice(tensors)
    alike = [t for t in tensors if t.shape == first.shape]
    if len(alike) > 1:
        merge = draw.choice([L.Add, L.Subtract, L.Multiply, L.Average, L.Maximum, L.Minimum])
        return merge()(draw.choices(alike, k=2 if merge is L.Subtract else 3))
    lines = [t for t in tensors if t.shape[:-1] == first.shape[:-1]]
    return L.Concatenate()(lines[:3]) if len(lines) > 1 else None


def network(draw):
    """A model, the kinds of its outputs, and how many numbers its Embedding knows."""
    inputs, tensors = [], []
    vocabulary = 11 if draw.random() < 0.15 else 0
    for i in range(draw.choice([1, 1, 2])):
        shape = draw.choice([(draw.randint(2, 9),), (4, draw.randint(2, 4))])
        of_indices = vocabulary > 0 and i == 0
        inputs.append(keras.Input(shape, dtype="int32" if of_indices else "float32"))
        tensors.append(L.Embedding(vocabulary, 3)(inputs[0]) if of_indices else inputs[i])
    shared = []
    for _ in range(draw.randint(1, 6)):
        way = draw.random()
        y = None
        if way < 0.25:
            y = joined(draw, tensors)
        elif way < 0.35 and shared:
            made, shape = draw.choice(shared)
            fitting = [t for t in tensors if t.shape == shape]
            y = made(draw.choice(fitting))
        if y is None:
            x = draw.choice(tensors)
            made = layer(draw, x.shape[1:])
            y = made(x)
            shared += [(made, x.shape)] if isinstance(made, L.Dense) else []
        tensors.append(y)
    ends = tensors[: len(inputs)] + tensors[len(inputs) :][-3:]
    flat = [t if len(t.shape) == 2 else L.Flatten()(t) for t in ends]
    together = L.Concatenate()(flat)
    outputs, kinds = [], []
    for i in range(draw.choice([1, 1, 2])):
        name = draw.choice(list(LOSSES))
        target, activation, _, options = draw.choice(LOSSES[name])
        units = draw.randint(2, 6) if target in SEVERAL else draw.choice([1, 3])
        outputs.append(dense(draw, units, activation, name=f"out_{i}")(together))
        kinds.append((name, target, activation, options, units))
    return keras.Model(inputs, outputs), kinds, vocabulary


def inputs_of(numbers, model, rows, vocabulary, of_bytes):
    x = []
    for i, tensor in enumerate(model.inputs):
        shape = (rows, *tensor.shape[1:])
        if vocabulary > 0 and i == 0:
            x.append(numbers.integers(0, vocabulary, shape))
        elif of_bytes:
            x.append((numbers.integers(0, 256, shape) * (numbers.random(shape) < 0.4)).astype(np.uint8))
        else:
            x.append((numbers.normal(size=shape) * (numbers.random(shape) < 0.7)).astype(np.float32))
    return x


def target_of(numbers, target, units, rows):
    shape = (rows, units)
    if target == "label":
        return numbers.integers(0, units, rows)
    if target == "one_hot":
        return np.eye(units, dtype=np.float32)[numbers.integers(0, units, rows)]
    if target == "share":
        shares = numbers.random(shape) + 0.1
        return (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
    if target in ("binary", "sign"):
        ones = numbers.integers(0, 2, shape)
        return (ones if target == "binary" else 2 * ones - 1).astype(np.float32)
    if target == "count":
        return numbers.integers(0, 5, shape).astype(np.float32)
    return numbers.normal(size=shape).astype(np.float32)


def optimizer(draw, indices):
    """Keras's optimizer, and its name and options as Cornu has them."""
    name = "sgd" if indices else draw.choice(list(OPTIMIZERS))
    make, own = OPTIMIZERS[name]
    rate = 0.001 if name == "lion" else draw.choice([0.01, 0.003])
    options = {"learning_rate": rate, **draw.choice(own)}
    if draw.random() < 0.4:
        around = draw.choice(AROUND)
        options |= {} if indices and "clipnorm" in "".join(around) else around
    if draw.random() < 0.25:
        options["gradient_accumulation_steps"] = 2
    theirs, ours = dict(options), dict(options)
    if draw.random() < 0.5:
        schedule = draw.choice(list(SCHEDULES))
        config = {"initial_learning_rate": rate, **SCHEDULES[schedule]}
        theirs["learning_rate"] = getattr(keras.optimizers.schedules, schedule)(**config)
        ours["learning_rate"] = {"class_name": schedule, "config": config}
    return getattr(keras.optimizers, make)(**theirs), {"name": name, "config": ours}


def metrics_of(draw, target, activation):
    names = METRICS.get(target, []) + ([] if target == "label" else NUMBERS)
    if target == "binary" and activation == "sigmoid":
        names = names + SHARES
    return draw.sample(names, draw.randint(0, 3))


def weights_of(model):
    return {f"{each.name}/{w.name}": w.numpy() for each in model.layers for w in each.weights}


def fit(seed):
    draw, numbers = random.Random(seed), np.random.default_rng(seed)
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    model, kinds, vocabulary = network(draw)
    network_text = model.to_json(separators=(",", ":"))
    frozen = [each for each in model.layers[:-1] if each.weights and draw.random() < 0.12]
    for each in frozen:
        each.trainable = False

    tensors, data, of_bytes = {}, {}, draw.random() < 0.3
    weighted = draw.random() < 0.35
    for part, rows in (("", draw.choice([23, 31, 70])), ("val_", 13)):
        x = inputs_of(numbers, model, rows, vocabulary, of_bytes)
        y = [target_of(numbers, target, units, rows) for _, target, _, _, units in kinds]
        w = [numbers.choice([0.5, 1, 2], rows).astype(np.float32) for _ in kinds] if weighted else []
        for name, arrays in (("x", x), ("y", y), ("w", w)):
            tensors |= {f"{part}{name}{i}": array for i, array in enumerate(arrays)}
        x = [each / np.float32(255) if each.dtype == np.uint8 else each for each in x]
        data[part] = (x, y, w) if weighted else (x, y)

    outputs = [f"out_{i}" for i in range(len(kinds))]
    loss_weights = draw.choice([None, [1.0, 0.3]]) if len(kinds) > 1 else None
    metrics = [metrics_of(draw, target, activation) for _, target, activation, _, _ in kinds]
    by_weight = draw.random() < 0.5
    made, ours = optimizer(draw, vocabulary > 0)
    batch_size = draw.choice([7, 16, 128])
    classes = {name: made_by for name, kinds in LOSSES.items() for _, _, made_by, _ in kinds}
    model.compile(
        optimizer=made,
        loss=[getattr(keras.losses, classes[name])(**options) for name, _, _, options, _ in kinds],
        loss_weights=loss_weights,
        **{"weighted_metrics" if by_weight else "metrics": metrics if len(kinds) > 1 else metrics[0]},
    )
    tensors |= {f"before/{name}": value for name, value in weights_of(model).items()}
    history = model.fit(
        *data[""][:2],
        sample_weight=data[""][2] if weighted else None,
        validation_data=data["val_"],
        batch_size=batch_size,
        epochs=3,
        shuffle=False,
        verbose=0,
    ).history
    tensors |= {f"after/{name}": value for name, value in weights_of(model).items()}
    tensors |= {
        f"history/{log}": np.asarray(values, np.float64)
        for log, values in history.items()
        if log not in [f"{part}{name}_loss" for part in ("", "val_") for name in outputs]
        and log != "learning_rate"
    }
    job = {
        "frozen": [each.name for each in frozen],
        "losses": [{"name": name, "config": options} for name, _, _, options, _ in kinds],
        "loss_weights": loss_weights or [1.0 for _ in kinds],
        "metrics": metrics,
        "by_weight": by_weight,
        "optimizer": ours,
        "batch_size": batch_size,
    }
    for name, text in (("network", network_text), ("job", json.dumps(job))):
        tensors[name] = np.frombuffer(text.encode(), np.uint8)
    finite = all(np.isfinite(value).all() for value in tensors.values())
    return tensors if finite else None


def main():
    tensors, count, seed = {}, 0, 0
    while count < FITS:
        if one := fit(seed):
            tensors |= {f"{count}/{name}": value for name, value in one.items()}
            count += 1
        seed += 1
    print(count, "fits of", seed)
    save("fits.safetensors", tensors, "make_fits.py")


if __name__ == "__main__":
    main()
