#!/usr/bin/env python3
"""Makes optimizers.safetensors: every optimizer with every option, ten steps alone, in Keras.

{kernel, bias}: weights before the first step; {kernel, bias}_gradients: of each of the ten.
<name>/<case>/{kernel, bias}: the weights after each step, in float64 and with ..._error of the same
in float32; <name>/<case>/options: the options as JSON, in bytes. Cases named ema end with the
weights after finalize_variable_values, as fit() does.

Gradients: of ordinary size with changing signs; zeros throughout; tiny (1e-12); large (1e4); and one
that is there in one step only.

    python3 tests/goldens/make_optimizers.py
"""

import json

import numpy as np
from golden_file import save
from golden_numbers import both, keras, single, spread, tf

STEPS = 10
OPTIMIZERS = {
    "sgd": (keras.optimizers.SGD, {"momentum": {"momentum": 0.9}, "nesterov": {"momentum": 0.9, "nesterov": True}}),
    "adam": (keras.optimizers.Adam, {"betas": {"beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-3}, "amsgrad": {"amsgrad": True, "beta_2": 0.9}}),
    "adamw": (keras.optimizers.AdamW, {"betas": {"beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-3}, "amsgrad": {"amsgrad": True, "beta_2": 0.9}}),
    "rmsprop": (keras.optimizers.RMSprop, {"rho": {"rho": 0.7, "epsilon": 1e-3}, "momentum": {"momentum": 0.9}, "centered": {"centered": True, "epsilon": 1e-2}, "momentum_centered": {"momentum": 0.5, "centered": True, "epsilon": 1e-2}}),
    "adagrad": (keras.optimizers.Adagrad, {"accumulator": {"initial_accumulator_value": 0.5, "epsilon": 1e-3}}),
    "adadelta": (keras.optimizers.Adadelta, {"rho": {"rho": 0.7, "epsilon": 1e-3}}),
    "adamax": (keras.optimizers.Adamax, {"betas": {"beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-3}}),
    "nadam": (keras.optimizers.Nadam, {"betas": {"beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-3}}),
    "lion": (keras.optimizers.Lion, {"betas": {"beta_1": 0.8, "beta_2": 0.9}}),
}
EVERY = {
    "default": {},
    "learning_rate": {"learning_rate": 0.05},
    "weight_decay": {"weight_decay": 0.1, "learning_rate": 0.05},
    "clipnorm": {"clipnorm": 0.5, "learning_rate": 0.05},
    "clipvalue": {"clipvalue": 0.25, "learning_rate": 0.05},
    "global_clipnorm": {"global_clipnorm": 0.75, "learning_rate": 0.05},
    "ema": {"use_ema": True, "ema_momentum": 0.6, "learning_rate": 0.05},
    "ema_overwrite": {"use_ema": True, "ema_momentum": 0.6, "ema_overwrite_frequency": 3, "learning_rate": 0.05},
    "accumulation": {"gradient_accumulation_steps": 3, "learning_rate": 0.05},
    "all": {
        "weight_decay": 0.1,
        "clipnorm": 0.5,
        "use_ema": True,
        "ema_momentum": 0.6,
        "gradient_accumulation_steps": 2,
        "learning_rate": 0.05,
    },
}


def gradients(shape, step):
    size = int(np.prod(shape))
    g = spread(size, 29, 5 + 7 * step, 61, -1, 1)
    g[0] = 0
    g[1] = single(1e-12 * (1 if step % 2 else -1))
    if size == 4:  # and alone, since errors are measured relative to the largest weight
        g[2] = single(1e4 * (1 if step % 3 else -1))
    g[3] = 1 if step == 4 else 0
    return single(g).reshape(shape)


def away_from_zero(name, g):
    """Lion takes signs, which rounding may turn: nothing near 0, where it would be summed up."""
    if name != "lion":
        return g
    sign = np.where(np.arange(g.size).reshape(g.shape) % 2, 1.0, -1.0)
    return single(sign * (0.25 + np.abs(g) % 1))


WEIGHTS = {"kernel": spread(15, 31, 3, 53, -1, 1).reshape(5, 3), "bias": spread(4, 31, 3, 53, -1, 1)}


def run(name, make, options):
    ends_with_average = options.get("use_ema", False)

    def ten_steps(cast):
        optimizer = make(**options)
        weights = {key: keras.Variable(cast(value), name=key) for key, value in WEIGHTS.items()}
        optimizer.build(list(weights.values()))
        after = {key: [] for key in weights}
        for step in range(STEPS):
            grads = [
                tf.constant(cast(away_from_zero(name, gradients(w.shape, step)))) for w in weights.values()
            ]
            optimizer.apply(grads)
            if ends_with_average and step == STEPS - 1:
                optimizer.finalize_variable_values(list(weights.values()))
            for key, w in weights.items():
                after[key].append(w.numpy().copy())
        return {key: np.stack(values) for key, values in after.items()}

    return both(ten_steps)


def main():
    tensors = dict(WEIGHTS)
    for key, value in WEIGHTS.items():
        tensors[key + "_gradients"] = np.stack([gradients(value.shape, t) for t in range(STEPS)])
        tensors[key + "_lion_gradients"] = np.stack(
            [away_from_zero("lion", gradients(value.shape, t)) for t in range(STEPS)]
        )
    cases = 0
    for name, (make, own) in OPTIMIZERS.items():
        for case, options in {**EVERY, **own}.items():
            place = f"{name}/{case}"
            text = json.dumps(options)
            tensors[place + "/options"] = np.frombuffer(text.encode(), np.uint8)
            for key, value in run(name, make, options).items():
                tensors[f"{place}/{key}"] = value
            cases += 1
    print(cases, "cases")
    save("optimizers.safetensors", tensors, "make_optimizers.py")


if __name__ == "__main__":
    main()
