#!/usr/bin/env python3
"""A network of networks.py in Keras on TensorFlow, with fit(). Prints one line of JSON."""

import os
import time

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

import networks  # noqa: E402
from keras_job import EpochClock  # noqa: E402

POOLS = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}


def make_model(name: str) -> keras.Model:
    model = keras.Sequential([keras.Input((networks.SIDE, networks.SIDE, 1))])
    flat = False
    for layer in networks.NETWORKS[name]:
        if isinstance(layer, networks.Conv):
            options = {"activation": layer.activation, "padding": layer.padding}
            model.add(keras.layers.Conv2D(layer.filters, layer.size, **options))
        elif isinstance(layer, networks.Pool):
            model.add(POOLS[layer.kind](2))
        elif isinstance(layer, networks.Dropout):
            model.add(keras.layers.Dropout(layer.rate))
        else:
            if not flat:
                model.add(keras.layers.Flatten())
                flat = True
            model.add(keras.layers.Dense(layer.units, activation=layer.activation or "softmax"))
    return model


def main() -> None:
    parser = networks.parser(__doc__)
    parser.add_argument("--jit-compile", action="store_true")
    parser.add_argument("--steps-per-execution", type=int, default=1)
    job = parser.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(job.threads)
    tf.config.threading.set_inter_op_parallelism_threads(job.threads)
    keras.utils.set_random_seed(0)
    train, test = networks.load(job)
    model = make_model(job.network)
    model.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        metrics=["accuracy"],
        jit_compile=job.jit_compile,
        steps_per_execution=job.steps_per_execution,
    )
    version = f"{keras.__version__} on TensorFlow {tf.__version__}"
    if job.evaluate:
        seconds = []
        for _ in range(1 + job.epochs):
            begin = time.perf_counter()
            model.evaluate(test.x, test.y, batch_size=job.batch_size, verbose=0)
            seconds.append(time.perf_counter() - begin)
        return networks.report(job, version, seconds)
    clock = EpochClock()
    model.fit(
        train.x,
        train.y,
        batch_size=job.batch_size,
        epochs=1 + job.epochs,
        verbose=0,
        callbacks=[clock],
    )
    networks.report(job, version, clock.seconds)


if __name__ == "__main__":
    main()
