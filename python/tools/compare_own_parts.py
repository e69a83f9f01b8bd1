"""Trains user-defined layers, models, losses and metrics in Keras and in Cornu, and compares.

    KERAS_BACKEND=tensorflow PYTHONPATH=BUILD/package python python/tools/compare_own_parts.py

The same class definitions run in both, with the same initial weights and without shuffling. It
prints the largest differences, and fails where one is larger than 2e-5.
"""

import sys

import numpy as np


def define(keras):
    """Classes as a user writes them, for one of the two modules."""
    ops = keras.ops

    class Linear(keras.layers.Layer):
        def __init__(self, units=8, **kwargs):
            super().__init__(**kwargs)
            self.units = units

        def build(self, input_shape):
            self.w = self.add_weight(shape=(input_shape[-1], self.units),
                                     initializer="glorot_uniform", name="w",
                                     regularizer=keras.regularizers.L2(1e-3))
            self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

        def call(self, inputs):
            return ops.matmul(inputs, self.w) + self.b

        def get_config(self):
            return {**super().get_config(), "units": self.units}

    class Standardized(keras.layers.Layer):
        def build(self, input_shape):
            self.gamma = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="gamma")
            self.beta = self.add_weight(shape=(), initializer="zeros", name="beta")

        def call(self, x):
            mean = ops.mean(x, axis=-1, keepdims=True)
            variance = ops.mean(ops.square(x - mean), axis=-1, keepdims=True)
            return (x - mean) / ops.sqrt(variance + 0.01) * self.gamma + self.beta

    class Gated(keras.layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.value = keras.layers.Dense(units)
            self.gate = Linear(units)

        def call(self, x, training=None):
            return self.value(x) * ops.sigmoid(self.gate(x)) + ops.log(1.0 + ops.exp(-ops.abs(x)))

    class Residual(keras.Model):
        def __init__(self, units=8, **kwargs):
            super().__init__(**kwargs)
            self.first = Linear(units)
            self.norm = Standardized()
            self.blocks = [Gated(units), Gated(units)]
            self.last = keras.layers.Dense(1)

        def call(self, inputs, training=None):
            x = ops.relu(self.norm(self.first(inputs)))
            for block in self.blocks:
                x = x + block(x)
            return self.last(ops.tanh(x))

    class Huber(keras.losses.Loss):
        def __init__(self, delta=0.5, name="own_huber", **kwargs):
            super().__init__(name=name, **kwargs)
            self.delta = delta

        def call(self, y_true, y_pred):
            error = y_true - y_pred
            small = ops.abs(error) <= self.delta
            squared = ops.square(error) / 2
            linear = self.delta * (ops.abs(error) - self.delta / 2)
            return ops.mean(ops.where(small, squared, linear), axis=-1)

    def log_cosh(y_true, y_pred):
        error = ops.clip(y_pred - y_true, -10.0, 10.0)
        return ops.mean(ops.log((ops.exp(error) + ops.exp(-error)) / 2.0))

    class Within(keras.metrics.Metric):
        def __init__(self, distance=0.5, name="within", **kwargs):
            super().__init__(name=name, **kwargs)
            self.distance = distance
            self.found = self.add_weight(name="found", initializer="zeros")
            self.all = self.add_weight(name="all", initializer="zeros")

        def update_state(self, y_true, y_pred, sample_weight=None):
            near = ops.abs(y_true - y_pred) < self.distance
            near = ops.cast(near, "float32")
            self.found.assign_add(ops.sum(near))
            self.all.assign_add(ops.sum(ops.ones_like(near)))

        def result(self):
            return self.found / self.all

    return Residual, Huber, log_cosh, Within


def run(keras, make, loss_of, metric_of, weights, x, y):
    """Histories and last weights; the weights begin with ``weights`` if those are given."""
    model = make()
    model.predict(x[:1], verbose=0)  # builds it
    if weights is not None:
        model.set_weights(weights)
    initial = [np.array(each) for each in model.get_weights()]
    model.compile(keras.optimizers.Adam(0.01), loss_of(), metrics=[metric_of()])
    fit = model.fit(x, y, batch_size=16, epochs=8, shuffle=False, verbose=0,
                    validation_data=(x[:40], y[:40]))
    return initial, fit.history, model.get_weights(), np.asarray(model.predict(x, verbose=0))


def main():
    import keras as theirs

    from cornu import keras as ours
    random = np.random.default_rng(0)
    x = random.standard_normal((160, 8)).astype("float32")
    y = np.sin(x @ random.standard_normal((8, 1))).astype("float32")
    worst = 0.0
    for which in ("class", "function"):
        parts = {each: define(each) for each in (theirs, ours)}
        weights, results = None, []
        for module in (theirs, ours):
            model, huber, log_cosh, within = parts[module]
            loss_of = huber if which == "class" else lambda: log_cosh  # noqa: B023
            initial, *found = run(module, model, loss_of, within, weights, x, y)
            weights = initial
            results.append(found)
        (their_history, their_weights, their_y), (history, own_weights, own_y) = results
        assert set(history) == set(their_history), (set(history), set(their_history))
        for name, values in history.items():
            difference = np.max(np.abs(np.subtract(values, their_history[name])))
            print(f"{which}: {name}: {difference:.1e}")
            worst = max(worst, difference)
        pairs = zip([*own_weights, own_y], [*their_weights, their_y], strict=True)
        difference = max(np.max(np.abs(a - b)) for a, b in pairs)
        print(f"{which}: weights and outputs: {difference:.1e}")
        worst = max(worst, difference)
    if worst > 2e-5:
        sys.exit(f"differs by {worst:.1e}")


if __name__ == "__main__":
    main()
