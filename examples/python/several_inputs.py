"""Ratings from a person, a film and the hour: numbers and embeddings in one network."""

import numpy as np
from cornu import keras

keras.utils.set_random_seed(4)
random = np.random.default_rng(4)
taste, kind = random.normal(size=(30, 3)), random.normal(size=(40, 3))
people, films = random.integers(0, 30, 4000), random.integers(0, 40, 4000)
hour = random.uniform(0, 1, (4000, 1)).astype("float32")
rating = (taste[people] * kind[films]).sum(1) - hour[:, 0]

person = keras.Input((1,), name="person")
film = keras.Input((1,), name="film")
when = keras.Input((1,), name="hour")
vectors = [keras.layers.Flatten()(keras.layers.Embedding(30, 8)(person)),
           keras.layers.Flatten()(keras.layers.Embedding(40, 8)(film))]
joined = keras.layers.concatenate([*vectors, keras.layers.multiply(vectors), when])
output = keras.layers.Dense(1)(keras.layers.Dense(32, activation="relu")(joined))
model = keras.Model(inputs=[person, film, when], outputs=output, name="ratings")
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse", metrics=["mae"])

x = {"person": people[:, None], "film": films[:, None], "hour": hour}
train = {name: values[:3000] for name, values in x.items()}
test = {name: values[3000:] for name, values in x.items()}
model.fit(train, rating[:3000], batch_size=64, epochs=30, verbose=0)
loss, error = model.evaluate(test, rating[3000:], verbose=0)
usual = np.abs(rating[3000:] - rating[:3000].mean()).mean()
print(f"mean error {error:.2f}; that of the mean rating {usual:.2f}")
