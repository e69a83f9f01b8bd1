"""Saving and loading, and user-defined classes in files."""

from ._registry import (CustomObjectScope, custom_object_scope, get_custom_objects,
                        get_registered_name, get_registered_object, register_keras_serializable)
from .models import load_model, save_model

__all__ = ["CustomObjectScope", "custom_object_scope", "get_custom_objects", "get_registered_name",
           "get_registered_object", "load_model", "register_keras_serializable", "save_model"]


def load_weights(model, filepath, skip_mismatch=False, objects_to_skip=None):
    """``model.load_weights(filepath, skip_mismatch)``; ``objects_to_skip`` must be None."""
    if objects_to_skip:
        raise ValueError("load_weights: objects_to_skip; expected none. Hint: Cornu has no other")
    model.load_weights(filepath, skip_mismatch)


def save_weights(model, filepath, overwrite=True, max_shard_size=None):
    """``model.save_weights(filepath, overwrite, max_shard_size)``."""
    model.save_weights(filepath, overwrite, max_shard_size)
