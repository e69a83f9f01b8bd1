"""Callbacks: an early stop with the best weights, a falling rate, a CSV file, one of our own."""

import csv
import os
import tempfile

import numpy as np
from cornu import keras

keras.utils.set_random_seed(6)
random = np.random.default_rng(6)
x = random.normal(size=(400, 10)).astype("float32")
y = (x[:, 0] * x[:, 1] > 0).astype("float32")


class Watch(keras.callbacks.Callback):
    """Remembers each epoch's learning rate and how often it was called."""

    def on_train_begin(self, logs=None):
        self.rates, self.batches = [], 0

    def on_train_batch_end(self, batch, logs=None):
        self.batches += 1

    def on_epoch_end(self, epoch, logs=None):
        self.rates.append(float(self.model.optimizer.learning_rate))


model = keras.Sequential([
    keras.Input((10,)),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(0.02), loss="binary_crossentropy",
              metrics=["accuracy"])
watch = Watch()
stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=8, restore_best_weights=True)
fall = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=3)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "log.csv")
    history = model.fit(x, y, batch_size=20, epochs=200, validation_split=0.25, verbose=0,
                        callbacks=[stop, fall, keras.callbacks.CSVLogger(path), watch])
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
best = min(history.history["val_loss"])
kept = model.evaluate(x[300:], y[300:], verbose=0)[0]
print(f"stopped after {len(history.epoch)} epochs; best loss {best:.4f}, kept {kept:.4f}, "
      f"rate {watch.rates[0]} to {watch.rates[-1]}")
