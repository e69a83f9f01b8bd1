"""The seed of the models that are made."""

_seed = 0


def model_seed():
    """The seed that ``set_random_seed`` set last, 0 before."""
    return _seed


def set_model_seed(seed):
    """Sets it."""
    global _seed
    _seed = int(seed)
