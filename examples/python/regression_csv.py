"""Prices of houses from a CSV file with numbers and a column of names."""

import csv
import pathlib

import numpy as np
from cornu import keras

keras.utils.set_random_seed(1)
with open(pathlib.Path(__file__).parent / "houses.csv", newline="") as file:
    rows = list(csv.DictReader(file))
numbers = np.array([[float(row[name]) for name in ("area", "rooms", "age")] for row in rows])
districts, district = np.unique([row["district"] for row in rows], return_inverse=True)
x = np.hstack([(numbers - numbers.mean(0)) / numbers.std(0), np.eye(len(districts))[district]])
y = np.array([float(row["price"]) for row in rows])
x_train, y_train, x_test, y_test = x[:120], y[:120], x[120:], y[120:]

model = keras.Sequential([
    keras.Input((x.shape[1],)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.RMSprop(0.005), loss="mse", metrics=["mae"])
history = model.fit(x_train, y_train, batch_size=16, epochs=150, validation_split=0.2, verbose=0)
loss, error = model.evaluate(x_test, y_test, verbose=0)
usual = np.abs(y_test - y_train.mean()).mean()
print(f"mean error {error:.1f}; that of the mean price {usual:.1f}")
