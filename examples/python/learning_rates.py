"""Learning rates: constant, by schedules of steps, and by a function of the epoch."""

import numpy as np
from cornu import keras

random = np.random.default_rng(8)
x = random.uniform(-1, 1, (600, 3)).astype("float32")
y = np.sin(3 * x[:, 0]) + x[:, 1] * x[:, 2]
schedules = keras.optimizers.schedules


def loss_with(rate, callbacks=()):
    """The loss after 30 epochs."""
    keras.utils.set_random_seed(8)
    model = keras.Sequential([
        keras.Input((3,)),
        keras.layers.Dense(32, activation="tanh"),
        keras.layers.Dense(1),
    ])
    model.compile(optimizer=keras.optimizers.SGD(rate, momentum=0.9), loss="mse")
    history = model.fit(x, y, batch_size=30, epochs=30, verbose=0, callbacks=list(callbacks))
    return history.history["loss"][-1]


exponential = schedules.ExponentialDecay(0.1, decay_steps=100, decay_rate=0.8)
cosine = schedules.CosineDecay(0.0, decay_steps=500, warmup_target=0.2, warmup_steps=50)
steps = schedules.PiecewiseConstantDecay([200, 400], [0.1, 0.05, 0.01])
by_epoch = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.1 * 0.9 ** epoch)
losses = {"constant 0.001": loss_with(0.001), "exponential": loss_with(exponential),
          "cosine": loss_with(cosine), "steps": loss_with(steps),
          "by epoch": loss_with(0.1, [by_epoch])}
rates = [float(cosine(step)) for step in (0, 25, 50, 300, 550)]
for name, loss in losses.items():
    print(f"{name:15} {loss:.5f}")
