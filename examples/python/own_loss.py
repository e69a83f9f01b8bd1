"""A loss of our own, made of keras.ops, and a network whose weights are held small."""

import numpy as np
from cornu import keras

ops = keras.ops
random = np.random.default_rng(10)
x = random.uniform(-1, 1, (800, 2)).astype("float32")
demand = 3 + 2 * x[:, :1] - x[:, 1:] + random.normal(0, 1, (800, 1))


def shortage(y_true, y_pred):
    """Too little costs four times as much as too much."""
    error = y_true - y_pred
    return ops.maximum(error * 0.8, error * -0.2)


def fitted(loss, regularizer=None):
    """A model trained with a loss."""
    keras.utils.set_random_seed(10)
    model = keras.Sequential([
        keras.Input((2,)),
        keras.layers.Dense(16, activation="relu", kernel_regularizer=regularizer),
        keras.layers.Dense(1, kernel_regularizer=regularizer),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss)
    model.fit(x, demand, batch_size=40, epochs=60, verbose=0)
    return model


careful, middle = fitted(shortage), fitted("mse")
enough = float((careful.predict(x, verbose=0) > demand).mean())
half = float((middle.predict(x, verbose=0) > demand).mean())
small = fitted("mse", keras.regularizers.L1L2(l1=0.001, l2=0.01))


def size_of(model):
    """The sum of the kernels' absolute values."""
    return sum(float(np.abs(each).sum()) for each in model.get_weights() if each.ndim == 2)


print(f"enough in {enough:.2f} of all cases, with mse in {half:.2f}; "
      f"weights {size_of(middle):.1f}, held small {size_of(small):.1f}")
