#!/usr/bin/env python3
"""The benchmark's training job (data.py) in Keras on TensorFlow, with fit().

Prints one line of JSON.
"""

import os
import time

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

import data  # noqa: E402


class EpochClock(keras.callbacks.Callback):
    """Seconds of each epoch, its validation included."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.begin = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        self.seconds.append(time.perf_counter() - self.begin)


def main() -> None:
    parser = data.parser(__doc__)
    parser.add_argument("--jit-compile", action="store_true")
    parser.add_argument("--steps-per-execution", type=int, default=1)
    job = parser.parse_args()

    tf.config.threading.set_intra_op_parallelism_threads(job.threads)
    tf.config.threading.set_inter_op_parallelism_threads(job.threads)
    keras.utils.set_random_seed(0)
    train, test = data.load(job)
    y, y_test = (keras.utils.to_categorical(part.y, data.CLASSES) for part in (train, test))

    model = keras.Sequential(
        [keras.Input(train.x.shape[1:])]
        + [keras.layers.Dense(units, activation=job.activation) for units in data.widths(job)]
        + [keras.layers.Dense(data.CLASSES, activation="softmax")]
    )
    model.compile(
        loss="categorical_crossentropy",
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        metrics=["accuracy"],
        jit_compile=job.jit_compile,
        steps_per_execution=job.steps_per_execution,
    )

    def fit(x, y, x_test, y_test, epochs: int, callbacks=()) -> dict[str, list[float]]:
        return model.fit(
            x,
            y,
            batch_size=job.batch_size,
            epochs=epochs,
            verbose=0,
            callbacks=list(callbacks),
            validation_data=(x_test, y_test) if job.validation else None,
            validation_batch_size=data.VALIDATION_BATCH,
        ).history

    model.optimizer.build(model.trainable_variables)
    variables = [*model.variables, *model.optimizer.variables]
    values = [variable.numpy() for variable in variables]
    begin = time.perf_counter()
    fit(*(np.zeros_like(array) for array in (train.x, y, test.x, y_test)), epochs=1)
    compile_seconds = time.perf_counter() - begin
    for variable, value in zip(variables, values):
        variable.assign(value)

    clock = EpochClock()
    history = fit(train.x, y, test.x, y_test, job.epochs, [clock])
    data.report(
        job,
        "Keras",
        f"{keras.__version__} on TensorFlow {tf.__version__}",
        {"jit_compile": job.jit_compile, "steps_per_execution": job.steps_per_execution},
        clock.seconds,
        compile_seconds,
        history["val_accuracy"][-1] if job.validation else None,
    )


if __name__ == "__main__":
    main()
