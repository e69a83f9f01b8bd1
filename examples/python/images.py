"""Pictures of 16 x 16 bytes of three shapes: squares, crosses and stripes."""

import numpy as np
from cornu import keras

keras.utils.set_random_seed(3)
random = np.random.default_rng(3)
NAMES = ["square", "cross", "stripes"]


def draw(kind):
    """A shape at a random place, with noise."""
    picture = random.integers(0, 60, (16, 16))
    top, left, size = random.integers(1, 6, 3) + np.array([0, 0, 4])
    box = picture[top:top + size, left:left + size]
    if kind == 0:
        box[[0, -1]] = box[:, [0, -1]] = 220
    elif kind == 1:
        box[size // 2] = box[:, size // 2] = 220
    else:
        box[::2] = 220
    return picture


labels = random.integers(0, 3, 1500)
pictures = np.stack([draw(kind) for kind in labels]).astype("uint8")
model = keras.Sequential([
    keras.Input((16, 16)),
    keras.layers.Rescaling(1 / 255),
    keras.layers.Flatten(),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dropout(0.2, seed=3),
    keras.layers.Dense(3, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(pictures[:1200], labels[:1200], epochs=30, verbose=0)
loss, accuracy = model.evaluate(pictures[1200:], labels[1200:], verbose=0)
probabilities = model.predict(pictures[1200:1203], verbose=0)
print(f"accuracy {accuracy:.3f}")
for row in probabilities:
    print(NAMES[row.argmax()], f"{row.max():.2f}")
