"""Callbacks, which watch a fit."""

from . import _parts
from .. import _cornu

HOOKS = ("on_train_begin", "on_train_end", "on_epoch_begin", "on_epoch_end",
         "on_train_batch_begin", "on_train_batch_end", "on_test_begin", "on_test_end",
         "on_test_batch_begin", "on_test_batch_end", "on_predict_begin", "on_predict_end",
         "on_predict_batch_begin", "on_predict_batch_end")


class Callback:
    """Hooks that are called within fit, evaluate and predict; override those you need.

    ``epoch`` and ``batch`` are numbers from 0, and ``logs`` is a dict of loss and metrics by name.
    ``self.model`` is the model and ``self.params`` has ``verbose``, ``epochs`` and ``steps``, and
    ``rank``, the number of this process among those that train together, 0 for the first.
    ``self.model.stop_training = True`` ends the fit, and
    ``self.model.optimizer.learning_rate = rate`` sets the rate of the steps that follow. An
    exception in a hook ends the fit and leaves it. A hook of batches takes a few microseconds of
    every step.
    """

    model = None
    params = None

    def set_params(self, params):
        """Called before a fit, with the ``params`` of the hooks."""
        self.params = params

    def set_model(self, model):
        """Called before a fit, with the ``model``."""
        self.model = model

    def on_batch_begin(self, batch, logs=None):
        """Before each step."""

    def on_batch_end(self, batch, logs=None):
        """After each step, with the epoch's logs so far."""

    def on_train_batch_begin(self, batch, logs=None):
        """Before each step."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch, logs=None):
        """After each step, with the epoch's logs so far."""
        self.on_batch_end(batch, logs)

    def on_epoch_begin(self, epoch, logs=None):
        """Before each epoch."""

    def on_epoch_end(self, epoch, logs=None):
        """After each epoch and its validation; what is added to ``logs`` is in the history."""

    def on_train_begin(self, logs=None):
        """Once, before the first epoch."""

    def on_train_end(self, logs=None):
        """Once, after the last epoch."""

    def on_test_begin(self, logs=None):
        """Before an evaluation or validation."""

    def on_test_end(self, logs=None):
        """After it."""

    def on_test_batch_begin(self, batch, logs=None):
        """Before each of its steps."""

    def on_test_batch_end(self, batch, logs=None):
        """After each of its steps."""

    def on_predict_begin(self, logs=None):
        """Before a prediction."""

    def on_predict_end(self, logs=None):
        """After it."""

    def on_predict_batch_begin(self, batch, logs=None):
        """Before each of its steps."""

    def on_predict_batch_end(self, batch, logs=None):
        """After each of its steps."""

    def state(self):
        """What ``BackupAndRestore`` keeps of it: a dict of numbers, texts, None, lists, dicts and
        NumPy arrays. Define it together with ``set_state``.
        """
        return {}

    def set_state(self, state):
        """Called after ``on_train_begin`` of a fit that goes on, with what ``state`` returned."""


class History(Callback):
    """The logs of a fit by epoch: ``history`` has a list per name, ``epoch`` the numbers."""

    def __init__(self):
        self.epoch = []
        self.history = {}

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)

    def state(self):
        return {"epoch": self.epoch, "history": self.history}

    def set_state(self, state):
        self.epoch, self.history = state["epoch"], state["history"]


class LambdaCallback(Callback):
    """A callback of functions.

    Parameters
    ----------
    on_epoch_begin, on_epoch_end : function of (epoch, logs), default None
        Called before and after each epoch.
    on_train_begin, on_train_end : function of (logs), default None
        Called before the first epoch and after the last.
    on_train_batch_begin, on_train_batch_end : function of (batch, logs), default None
        Called before and after each step.
    **kwargs
        Functions by the names of the other hooks of a ``Callback``.
    """

    def __init__(self, on_epoch_begin=None, on_epoch_end=None, on_train_begin=None,
                 on_train_end=None, on_train_batch_begin=None, on_train_batch_end=None, **kwargs):
        given = {"on_epoch_begin": on_epoch_begin, "on_epoch_end": on_epoch_end,
                 "on_train_begin": on_train_begin, "on_train_end": on_train_end,
                 "on_train_batch_begin": on_train_batch_begin,
                 "on_train_batch_end": on_train_batch_end, **kwargs}
        for name, function in given.items():
            if name not in HOOKS:
                raise _cornu.Error(f"LambdaCallback: unknown hook {name!r}; expected one of "
                                   f"{_cornu.nearest_first(name, list(HOOKS))}")
            if function is not None:
                setattr(self, name, function)


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch; each epoch's logs hold it.

    Parameters
    ----------
    schedule : function of (epoch, rate)
        Gives the rate of an epoch, from its number from 0 and the present rate.
    verbose : int, default 0
        1 prints the rate before each epoch; 0 prints nothing.
    """

    def __init__(self, schedule, verbose=0):
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch, logs=None):
        rate = float(self.schedule(epoch, float(self.model.optimizer.learning_rate)))
        self.model.optimizer.learning_rate = rate
        if self.verbose > 0 and self.params["rank"] == 0:
            print(f"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate}.")

    def on_epoch_end(self, epoch, logs=None):
        logs["learning_rate"] = float(self.model.optimizer.learning_rate)


class LibraryCallback(_parts.Part, Callback):
    """A callback of the library, which runs without Python."""

    def _make(self, config):
        super()._make(config)
        self._handle = _cornu.make_callback(self._name, config)
        self._config = {name: self._config.get(name, default)
                        for name, default, required in self._options}

    def __getattr__(self, name):
        handle = self.__dict__.get("_handle")
        if handle is not None and name in handle.state:
            return handle.state[name]
        return super().__getattr__(name)


def hooks_of(callback):
    """The hooks that a callback overrides."""
    found = set()
    for hook in HOOKS:
        own = getattr(type(callback), hook, None)
        if hook in getattr(callback, "__dict__", ()) or own not in (None, getattr(Callback, hook)):
            found.add(hook)
    for name in ("state", "set_state"):
        own = getattr(type(callback), name, None)
        if own is not getattr(Callback, name) and callable(getattr(callback, name, None)):
            found.add(name)
    for old in ("on_batch_begin", "on_batch_end"):
        own = getattr(type(callback), old, None)
        if own not in (None, getattr(Callback, old)):
            found.add(old.replace("on_", "on_train_"))
    return found


def handles_of(callbacks, model, params):
    """The callbacks as the library takes them, told of the ``model`` and ``params`` of a run."""
    if callbacks is None:
        callbacks = []
    elif not isinstance(callbacks, (list, tuple)):
        callbacks = [callbacks]
    handles = []
    for each in callbacks:
        if isinstance(each, LibraryCallback):
            handles.append(each._handle)
            continue
        if isinstance(each, type):
            raise _cornu.Error(f"callbacks: expected an object, got the class {each.__name__}. "
                               f"Hint: {each.__name__}()")
        hooks = hooks_of(each)
        if not hooks and not isinstance(each, Callback):
            raise _cornu.Error("callbacks: expected objects of keras.callbacks.Callback, got "
                               f"{type(each).__name__}")
        if hasattr(each, "set_params"):
            each.set_params(params)
        if hasattr(each, "set_model"):
            each.set_model(model)
        handles.append(_cornu.python_callback(each, hooks))
    return handles


__getattr__, __dir__ = _parts.attributes_of(globals(), "callbacks", LibraryCallback)
