"""A rare class: one sample in twenty. Weights make the network look for it."""

import numpy as np
from cornu import keras

random = np.random.default_rng(7)
rare = (random.uniform(size=4000) < 0.05).astype("int32")
x = (random.normal(size=(4000, 5)) + 0.9 * rare[:, None]).astype("float32")


def recall_of(class_weight):
    """The part of the rare samples that is found, and the model's accuracy."""
    keras.utils.set_random_seed(7)
    model = keras.Sequential([
        keras.Input((5,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="binary_crossentropy",
                  metrics=[keras.metrics.Recall(name="recall"), "accuracy"])
    model.fit(x[:3000], rare[:3000], batch_size=100, epochs=20, class_weight=class_weight,
              verbose=0)
    return model.evaluate(x[3000:], rare[3000:], verbose=0, return_dict=True)


common, few = np.bincount(rare[:3000])
plain = recall_of(None)
weighted = recall_of({0: 3000 / (2 * common), 1: 3000 / (2 * few)})
print(f"found {plain['recall']:.2f} without weights, {weighted['recall']:.2f} with weights")
