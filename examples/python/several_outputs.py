"""One network with two answers: a number and a class, each with its loss, weight and metrics."""

import numpy as np
from cornu import keras

keras.utils.set_random_seed(5)
random = np.random.default_rng(5)
x = random.normal(size=(1500, 6)).astype("float32")
speed = (x[:, 0] * 2 + x[:, 1] ** 2 - x[:, 2]).astype("float32")
gear = np.digitize(x[:, 3] + x[:, 4], [-0.7, 0.7])

inputs = keras.Input((6,), name="sensors")
shared = keras.layers.Dense(48, activation="relu")(inputs)
shared = keras.layers.Dense(48, activation="relu")(shared)
model = keras.Model(inputs, [keras.layers.Dense(1, name="speed")(shared),
                             keras.layers.Dense(3, activation="softmax", name="gear")(shared)])
model.compile(
    optimizer="adam",
    loss={"speed": "mse", "gear": "sparse_categorical_crossentropy"},
    loss_weights={"speed": 0.5, "gear": 1.0},
    metrics={"speed": ["mae"], "gear": ["accuracy"]})
history = model.fit(x[:1200], {"speed": speed[:1200], "gear": gear[:1200]}, epochs=40,
                    validation_data=(x[1200:], {"speed": speed[1200:], "gear": gear[1200:]}),
                    verbose=0)
last = {name: values[-1] for name, values in history.history.items()}
speeds, gears = model.predict(x[1200:], verbose=0)
print(f"gear right in {last['val_gear_accuracy']:.3f}, speed wrong by {last['val_speed_mae']:.3f}")
