#!/usr/bin/env python3
"""Makes schedules.safetensors: every schedule that Keras has, at 1,000 steps, in float64.

<Class>/<case>/options: JSON, in bytes; <Class>/<case>/rates: at steps 0 … 999.

    python3 tests/goldens/make_schedules.py
"""

import json

import numpy as np
from golden_file import save
from golden_numbers import keras, use

S = keras.optimizers.schedules
CASES = [
    ("ExponentialDecay", "plain", {"initial_learning_rate": 0.1, "decay_steps": 100, "decay_rate": 0.9}),
    ("ExponentialDecay", "staircase", {"initial_learning_rate": 0.1, "decay_steps": 70, "decay_rate": 0.5, "staircase": True}),
    ("PiecewiseConstantDecay", "plain", {"boundaries": [100, 250, 700], "values": [1.0, 0.5, 0.1, 0.01]}),
    ("PolynomialDecay", "plain", {"initial_learning_rate": 0.1, "decay_steps": 600}),
    ("PolynomialDecay", "power", {"initial_learning_rate": 0.1, "decay_steps": 600, "end_learning_rate": 0.01, "power": 2.5}),
    ("PolynomialDecay", "cycle", {"initial_learning_rate": 0.1, "decay_steps": 300, "power": 0.5, "cycle": True}),
    ("InverseTimeDecay", "plain", {"initial_learning_rate": 0.1, "decay_steps": 100, "decay_rate": 0.5}),
    ("InverseTimeDecay", "staircase", {"initial_learning_rate": 0.1, "decay_steps": 100, "decay_rate": 0.5, "staircase": True}),
    ("CosineDecay", "plain", {"initial_learning_rate": 0.1, "decay_steps": 800}),
    ("CosineDecay", "alpha", {"initial_learning_rate": 0.1, "decay_steps": 800, "alpha": 0.1}),
    ("CosineDecay", "warmup", {"initial_learning_rate": 0.01, "decay_steps": 700, "alpha": 0.1, "warmup_target": 0.2, "warmup_steps": 150}),
    ("CosineDecayRestarts", "plain", {"initial_learning_rate": 0.1, "first_decay_steps": 100}),
    ("CosineDecayRestarts", "equal", {"initial_learning_rate": 0.1, "first_decay_steps": 130, "t_mul": 1.0, "m_mul": 0.8}),
    ("CosineDecayRestarts", "options", {"initial_learning_rate": 0.1, "first_decay_steps": 110, "t_mul": 1.5, "m_mul": 0.7, "alpha": 0.05}),
]


def main():
    use("float64")
    tensors = {}
    for kind, case, options in CASES:
        schedule = getattr(S, kind)(**options)
        rates = [float(schedule(np.float64(step))) for step in range(1000)]
        tensors[f"{kind}/{case}/options"] = np.frombuffer(json.dumps(options).encode(), np.uint8)
        tensors[f"{kind}/{case}/rates"] = np.asarray(rates)
    print(len(CASES), "cases")
    save("schedules.safetensors", tensors, "make_schedules.py")


if __name__ == "__main__":
    main()
