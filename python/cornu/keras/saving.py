"""Saving and loading, and user-defined classes in files."""

from ._registry import (CustomObjectScope, custom_object_scope, get_custom_objects,
                        get_registered_name, get_registered_object, register_keras_serializable)
from .models import load_model, save_model

__all__ = ["CustomObjectScope", "custom_object_scope", "get_custom_objects", "get_registered_name",
           "get_registered_object", "load_model", "register_keras_serializable", "save_model"]


def load_weights(model, filepath, skip_mismatch=False, **kwargs):
    """``model.load_weights(filepath, skip_mismatch, by_name=...)``."""
    model.load_weights(filepath, skip_mismatch, **kwargs)


def save_weights(model, filepath, overwrite=True, max_shard_size=None):
    """``model.save_weights(filepath, overwrite, max_shard_size)``."""
    model.save_weights(filepath, overwrite, max_shard_size)
