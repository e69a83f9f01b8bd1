"""Fits that ModelCheckpoint watches, in Keras and in cornu.keras alike."""

import pathlib

import numpy as np

# Options, and the log "q" of each epoch of five steps; None: an epoch has none.
CASES = [
    ({"filepath": "{epoch}.keras"}, [1.0, 2.0, 3.0]),
    ({"filepath": "a/b/{epoch:03d}-{q:.2f}.h5"}, [1.0, 0.125, 12.345]),
    ({"filepath": "{q}_{q:g}_{q:+08.1f}_{q:.1%}_{epoch:^5}_{{q}}.keras"}, [0.5, 3.0, 1e-7, 1e20]),
    ({"filepath": "{q:.3}_{q:.2e}_{epoch:.1f}_{epoch:x}.keras"}, [123.4, 0.1, 1000.0, -2.5]),
    ({"filepath": "{epoch}-{q}.keras", "monitor": "q", "mode": "min", "save_best_only": True},
     [1.0, 1.0, 0.5, 0.75, 0.25]),
    ({"filepath": "{epoch}.keras", "monitor": "q", "mode": "max", "save_best_only": True,
      "initial_value_threshold": 1.0}, [0.5, 1.0, 2.0, 2.0, 3.0]),
    ({"filepath": "best.keras", "monitor": "q", "mode": "max", "save_best_only": True},
     [1.0, float("nan"), 0.5, 2.0]),
    ({"filepath": "{epoch}.weights.h5", "save_weights_only": True, "monitor": "q", "mode": "min",
      "save_best_only": True}, [2.0, 1.0]),
    ({"filepath": "{epoch}.keras", "save_best_only": True}, [1.0, 2.0]),
    ({"filepath": "{epoch}-{batch}.keras", "save_freq": 3}, [1.0, 2.0, 3.0]),
    ({"filepath": "{epoch}-{batch:02d}.keras", "save_freq": 7}, [1.0, 2.0, 3.0]),
    ({"filepath": "{epoch}-{batch}.weights.h5", "save_freq": 1, "save_weights_only": True}, [1.0]),
    ({"filepath": "{epoch}.keras", "save_freq": 5}, [1.0, 2.0]),
    ({"filepath": "last.keras", "save_freq": 2}, [1.0, 2.0]),
]


def files_of(keras, folder, options, values):
    """The files of such a fit; the callback prints what it does."""
    class Given(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["q"] = values[epoch]
    x = np.random.default_rng(0).random((40, 3), np.float32)
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    checkpoint = keras.callbacks.ModelCheckpoint(
        **options | {"filepath": f"{folder}/{options['filepath']}", "verbose": 1})
    model.fit(x, x[:, :1], batch_size=8, epochs=len(values), verbose=0,
              callbacks=[Given(), checkpoint])
    return sorted(str(each.relative_to(folder)) for each in pathlib.Path(folder).rglob("*.*"))
