"""Points inside or outside a ring: yes or no, with precision, recall and the area under a curve."""

import numpy as np
from cornu import keras

keras.utils.set_random_seed(2)
random = np.random.default_rng(2)
points = random.uniform(-1, 1, (2000, 2)).astype("float32")
radius = np.sqrt((points ** 2).sum(1))
inside = ((radius > 0.4) & (radius < 0.8)).astype("int32")

model = keras.Sequential([
    keras.Input((2,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss="binary_crossentropy",
    metrics=["accuracy", keras.metrics.Precision(name="precision"),
             keras.metrics.Recall(name="recall"), keras.metrics.AUC(name="auc")])
model.fit(points[:1500], inside[:1500], batch_size=50, epochs=40, verbose=0)
results = model.evaluate(points[1500:], inside[1500:], verbose=0, return_dict=True)
print({name: round(value, 3) for name, value in results.items()})

# The same precision, counted by hand with a metric alone.
precision = keras.metrics.Precision()
precision.update_state(inside[1500:, None], model.predict(points[1500:], verbose=0))
alone = float(precision.result())
