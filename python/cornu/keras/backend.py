"""What is left of Keras's backend."""


def set_value(x, value):
    """Assigns ``value`` to a variable ``x``: ``set_value(model.optimizer.learning_rate, 0.01)``."""
    x.assign(value)


def get_value(x):
    """The value of a variable ``x``."""
    return x.numpy()


def clear_session():
    """Nothing: models do not depend on each other."""


def floatx():
    """The type of all arithmetic."""
    return "float32"


def epsilon():
    """Keras's default epsilon."""
    return 1e-7
