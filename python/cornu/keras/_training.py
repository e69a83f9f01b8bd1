"""fit, evaluate and predict of a model."""

import contextlib
import signal
import threading

from . import _progress
from . import callbacks as callbacks_module
from .. import _cornu
from .._cornu import Error
from ._arrays import as_array, as_arrays, as_samples, as_weights
from ._batches import Batches, is_batches, joined
from ._known_names import names_the_nearest
from ._processes import Processes


def _verbose(verbose, auto=1):
    if verbose == "auto":
        return auto
    if verbose not in (0, 1, 2):
        raise Error(f'verbose; expected 0, 1, 2 or "auto", got {verbose!r}')
    return int(verbose)


# Rows that predict takes in one step, within which Ctrl-C has nothing to end.
_ROWS_OF_A_STEP = 256


def _is_main_thread():
    return (threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is not None)


def _number(kind, value, name):
    try:
        return kind(value)
    except (TypeError, ValueError):
        raise Error(f"{name}: expected a number, got {value!r}") from None


def _validation(given):
    """x, y and weights of validation_data."""
    if isinstance(given, (tuple, list)) and len(given) in (2, 3):
        return (*given, None)[:3]
    if is_batches(given):
        return joined(given)
    found = f"{len(given)} parts" if isinstance(given, (tuple, list)) else type(given).__name__
    raise Error(f"validation_data: expected (x, y) or (x, y, sample_weight), got {found}")


def _split(x, y, sample_weight):
    """x, y and weights of a pair, a triple, arrays, or all batches of a generator."""
    if y is None and isinstance(x, tuple) and len(x) in (2, 3):
        return (*x, None)[:3]
    return joined(x) if is_batches(x) else (x, y, sample_weight)


class Trained:
    """The methods of a model that run it over data."""

    _logs = None  # of the last run

    @property
    def metrics_names(self):
        """The names of what evaluate returns; empty before compile, and for a model with a call()
        of its own before it is built.
        """
        return self._handle.log_names

    def get_metrics_result(self):
        """Loss and metrics of the last fit's last epoch, or of the last evaluation after it."""
        if self._logs is None:
            raise Error("get_metrics_result: nothing was counted yet. Hint: after fit or evaluate")
        return dict(self._logs)

    def _names(self):
        handle = self._handle
        if not handle.built:
            return ["x"], ["y"]
        return [each.name for each in handle.inputs], handle.output_names

    def _samples(self, x, y, sample_weight=None, what=""):
        return as_samples(x, y, sample_weight, *self._names(), what)

    @names_the_nearest
    def fit(self, x=None, y=None, batch_size=None, epochs=1, verbose="auto", callbacks=None,
            validation_split=0.0, validation_data=None, shuffle=True, class_weight=None,
            sample_weight=None, initial_epoch=0, steps_per_epoch=None, validation_steps=None,
            validation_batch_size=None, validation_freq=1, *, distribute=None, timeout=10):
        """Trains on arrays, or on the batches of a generator or of a sequence.

        uint8, int32, int64 and float32 arrays in rows are read where they are; others are
        converted once. Ctrl-C ends it after the present step: weights and history are kept and
        KeyboardInterrupt is raised.

        Parameters
        ----------
        x : array, list or dict of arrays, generator or sequence
            Samples along the first axis; a list or dict if the network has several inputs. A
            generator or sequence gives batches, ``(x, y)`` or ``(x, y, sample_weight)``.
        y : array, list or dict of arrays, default None
            Targets; None if ``x`` gives them.
        batch_size : int, default None
            Samples per step; None: 32. The last step of an epoch takes the remaining ones.
        epochs : int, default 1
            Number of epochs; with an ``initial_epoch`` the index of the one before which
            training stops.
        verbose : "auto", 0, 1 or 2, default "auto"
            0: nothing is printed; 1, "auto": a progress bar; 2: one line per epoch.
        callbacks : callback or list of callbacks, default None
            Called in this order.
        validation_split : float, default 0.0
            Fraction of the samples kept for validation: the last ones, taken before any
            shuffle. Not used if there are ``validation_data``.
        validation_data : tuple, generator or sequence, default None
            Samples that are evaluated after an epoch and never trained on, ``(x, y)`` or
            ``(x, y, sample_weight)``; None: no validation.
        shuffle : bool, default True
            Whether each epoch draws a new order of the samples. Those of a generator or a
            sequence are never shuffled.
        class_weight : dict, default None
            Weight of each class by its number in the loss and in weighted metrics; a class that
            is not listed weighs 1. Validation uses them, too.
        sample_weight : array, default None
            Weight of each sample in the loss and in weighted metrics; None: all 1. Validation by
            ``validation_split`` uses them, too.
        initial_epoch : int, default 0
            Index of the first epoch; set it to continue an earlier fit.
        steps_per_epoch : int, default None
            Steps per epoch; the next epoch continues with the samples after them. None: all
            samples.
        validation_steps : int, default None
            Steps per validation: each evaluates the same first samples; None: all samples.
        validation_batch_size : int, default None
            Samples per step of a validation; None: ``batch_size``.
        validation_freq : int, default 1
            Epochs from one validation to the next.
        distribute : communicator of mpi4py, default None
            Processes that train together, such as ``MPI.COMM_WORLD``, each of which calls ``fit``
            with the same model, data and options; None: this one. Each batch is divided among
            them: their number divides ``shards`` of ``compile``, and weights and history are those
            of one process with as many shards, bit for bit. The first prints, and the library's
            callbacks write files there alone. An error in one of them, which ends it, ends all.
        timeout : float, default 10
            Seconds that a process waits for one that does not answer; None: without end.

        Returns
        -------
        keras.callbacks.History
            Its ``history`` has a list for each log, with a number for each epoch.
        """
        processes = Processes(distribute, timeout) if distribute is not None else None
        with processes or contextlib.nullcontext():
            batch = 32 if batch_size is None else _number(int, batch_size, "batch_size")
            epochs = _number(int, epochs, "epochs")
            validation_split = _number(float, validation_split, "validation_split")
            if y is None and is_batches(x):
                if self._has_call and not self._handle.built:
                    raise Error("fit: expected a model that is built, to read batches from a "
                                "generator or sequence. Hint: model.build((None, ...)) with the "
                                "shape of x")
                batches = Batches(x, *self._names(), steps_per_epoch)
                samples, batch, steps = batches.stream(), batches.size, batches.steps
                self._build_for(batches.first[0])
                steps_per_epoch = steps
            else:
                x, y, sample_weight = _split(x, y, sample_weight)
                if y is None:
                    raise Error("fit: expected targets, got y=None")
                self._build_for(x)
                samples = self._samples(x, y)
                trained = samples.size - int(samples.size * validation_split)
                steps = steps_per_epoch or -(-trained // max(1, batch))
            validation = None
            if validation_data is not None:
                validation = self._samples(*_validation(validation_data), what="validation_")
            rank = processes.rank if processes is not None else 0
            verbose = _verbose(verbose) * (rank == 0)
            history = callbacks_module.History()
            params = {"verbose": verbose, "epochs": epochs, "steps": steps, "rank": rank}
            handles = callbacks_module.handles_of([*_as_list(callbacks), history], self, params)
            self.history = history
            self.stop_training = False
            stopped = _cornu.fit(
                self._handle, samples=samples, validation=validation, callbacks=handles,
                sample_weight=as_weights(sample_weight, "sample_weight"),
                class_weight=_class_weight(class_weight), batch_size=batch, epochs=epochs,
                verbose=verbose, validation_split=validation_split, shuffle=bool(shuffle),
                initial_epoch=int(initial_epoch), steps_per_epoch=int(steps_per_epoch or 0),
                validation_steps=int(validation_steps or 0),
                validation_batch_size=int(validation_batch_size or 0),
                validation_freq=int(validation_freq), distribute=processes,
                is_main_thread=_is_main_thread(), view=_progress.view())
            if stopped and processes is not None:
                raise KeyboardInterrupt("fit: another process was interrupted, or failed")
            self._logs = {name: values[-1] for name, values in history.history.items()}
            return history

    @names_the_nearest
    def evaluate(self, x=None, y=None, batch_size=None, verbose="auto", sample_weight=None,
                 steps=None, callbacks=None, return_dict=False, class_weight=None):
        """Loss and metrics over these samples, without training.

        Parameters
        ----------
        x : array, list or dict of arrays, generator or sequence
            Samples, as ``fit`` takes them.
        y : array, list or dict of arrays, default None
            Targets; None if ``x`` gives them.
        batch_size : int, default None
            Samples per step; None: 32. The numbers do not depend on it.
        verbose : "auto", 0, 1 or 2, default "auto"
            0: nothing is printed; 1, "auto": one line with a bar; 2: the line without a bar.
        sample_weight : array, default None
            Weight of each sample in the loss and in weighted metrics; None: all 1.
        steps : int, default None
            Steps that are evaluated; None: all samples.
        callbacks : callback or list of callbacks, default None
            Called in this order.
        return_dict : bool, default False
            Whether the numbers are returned by name.
        class_weight : dict, default None
            Weight of each class by its number; a class that is not listed weighs 1.

        Returns
        -------
        float, list or dict
            The loss; ``[loss, metric, ...]`` if there are metrics; a dict with ``return_dict``.
        """
        x, y, sample_weight = _split(x, y, sample_weight)
        self._build_for(x)
        logs = _cornu.evaluate(
            self._handle, samples=self._samples(x, y),
            callbacks=callbacks_module.handles_of(callbacks, self, {}),
            sample_weight=as_weights(sample_weight, "sample_weight"),
            class_weight=_class_weight(class_weight),
            batch_size=32 if batch_size is None else _number(int, batch_size, "batch_size"),
            verbose=_verbose(verbose), steps=int(steps or 0), is_main_thread=_is_main_thread(),
            view=_progress.view())
        self._logs = logs
        return dict(logs) if return_dict else _listed(logs)

    @names_the_nearest
    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        """The outputs for these samples.

        Parameters
        ----------
        x : array, list or dict of arrays, generator or sequence
            Samples, as ``fit`` takes them.
        batch_size : int, default None
            Samples per step; None: 32. The numbers do not depend on it.
        verbose : "auto", 0, 1 or 2, default "auto"
            0: nothing is printed; 1: a progress bar; 2: one line. "auto" is 0 in the tutorial's
            style of progress, and 1 in Keras 3's.
        steps : int, default None
            Steps whose samples are predicted; None: all samples.
        callbacks : callback or list of callbacks, default None
            Called in this order.

        Returns
        -------
        array or list of arrays
            float32, a row for each sample; a list if the network has several outputs.
        """
        verbose = _verbose(verbose, auto=int(_progress.style() == "keras3"))
        if is_batches(x):
            x = joined(x)[0]
        if not self._handle.built:
            self._build_for(x)
        arrays = as_arrays(x, self._names()[0], "x")
        if steps is not None:
            arrays = [each[:steps * (batch_size or 32)] for each in arrays]
        if callbacks or verbose:
            outputs = _cornu.predict_watched(
                self._handle, _cornu.samples(arrays, [], []),
                callbacks_module.handles_of(callbacks, self, {}), batch_size or 32, verbose,
                _is_main_thread(), _progress.view())
        else:
            is_long = len(arrays[0]) > _ROWS_OF_A_STEP
            outputs = _cornu.predict(self._handle, arrays, is_long and _is_main_thread())
        return outputs[0] if len(outputs) == 1 else outputs

    predict_proba = predict

    def predict_on_batch(self, x):
        """The outputs for the samples ``x``, as ``predict`` returns them; nothing is printed."""
        return self.predict(x, verbose=0)

    def predict_classes(self, x, batch_size=None, verbose=0):
        """The class of each sample: the index of its largest output; of one output, whether it is
        above one half.

        Parameters
        ----------
        x : array, list or dict of arrays
            Samples, as ``fit`` takes them.
        batch_size, verbose : default None, 0
            Change nothing.

        Returns
        -------
        array
            int64, a number for each sample.
        """
        self._build_for(x)
        return _cornu.predict_classes(self._handle, self._samples(x, None), _is_main_thread())

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        """One step on these samples; returns loss and metrics as ``evaluate`` does.

        Parameters
        ----------
        x, y, sample_weight, class_weight
            Samples, targets and their weights, as ``fit`` takes them.
        return_dict : bool, default False
            Whether the numbers are returned by name.
        """
        self._build_for(x)
        logs = _cornu.train_on_batch(self._handle, self._samples(x, y),
                                     as_weights(sample_weight, "sample_weight"),
                                     _class_weight(class_weight))
        return logs if return_dict else _listed(logs)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        """Loss and metrics over these samples, as ``evaluate`` returns them.

        Parameters
        ----------
        x, y, sample_weight
            Samples, targets and their weights, as ``fit`` takes them.
        return_dict : bool, default False
            Whether the numbers are returned by name.
        """
        return self.evaluate(x, y, batch_size=max(1, len(x)), verbose=0,
                             sample_weight=sample_weight, return_dict=return_dict)


def _as_list(callbacks):
    if callbacks is None:
        return []
    return list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks]


def _class_weight(class_weight):
    return {int(label): float(weight) for label, weight in (class_weight or {}).items()}


def _listed(logs):
    values = list(logs.values())
    return values[0] if len(values) == 1 else values
