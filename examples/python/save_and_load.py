"""A network as JSON, its weights as NumPy's arrays, and both together by pickle."""

import os
import pickle
import tempfile

import numpy as np
from cornu import keras

keras.utils.set_random_seed(9)
random = np.random.default_rng(9)
x = random.normal(size=(500, 4)).astype("float32")
y = np.argmax(x[:, :3], 1)

model = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(24, activation="relu", name="hidden"),
    keras.layers.BatchNormalization(),
    keras.layers.Dense(3, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=30, verbose=0)
expected = model.predict(x, verbose=0)

with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "network.json"), "w") as file:
        file.write(model.to_json())
    np.savez(os.path.join(folder, "weights.npz"), *model.get_weights())

    with open(os.path.join(folder, "network.json")) as file:
        loaded = keras.models.model_from_json(file.read())
    with np.load(os.path.join(folder, "weights.npz")) as arrays:
        loaded.set_weights([arrays[name] for name in arrays.files])
found = loaded.predict(x, verbose=0)
copy = pickle.loads(pickle.dumps(model))
accuracy = copy.evaluate(x, y, verbose=0)[1]
grown = keras.models.clone_model(loaded)
grown.pop()
grown.add(keras.layers.Dense(5))
print("the same outputs:", np.array_equal(found, expected), f"accuracy {accuracy:.3f}",
      "grown:", grown.output_shape)
