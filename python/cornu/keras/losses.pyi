# Written by tools/make_stubs.py: Losses: what training minimizes.

from typing import Any

class _Part:
    def get_config(self) -> Any: ...
    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class Loss(_Part):
    def call(self, y_true: Any, y_pred: Any) -> Any: ...
    def __init__(self, name: Any = None, reduction: Any = 'sum_over_batch_size', dtype: Any = None) -> None: ...
    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any: ...
    def get_config(self) -> Any: ...

def get(identifier: Any) -> Any: ...

def serialize(loss: Any) -> Any: ...

def deserialize(name: Any, custom_objects: Any = None) -> Any: ...

class BinaryCrossentropy(Loss):
    def __init__(self, from_logits: Any = False, label_smoothing: Any = 0.0, axis: Any = -1, reduction: Any = 'sum_over_batch_size', name: Any = 'binary_crossentropy', dtype: Any = None, **kwargs: Any) -> None: ...

class CategoricalCrossentropy(Loss):
    def __init__(self, from_logits: Any = False, label_smoothing: Any = 0.0, axis: Any = -1, reduction: Any = 'sum_over_batch_size', name: Any = 'categorical_crossentropy', dtype: Any = None, **kwargs: Any) -> None: ...

class CategoricalHinge(Loss):
    def __init__(self, reduction: Any = 'sum_over_batch_size', name: Any = 'categorical_hinge', dtype: Any = None, **kwargs: Any) -> None: ...

class CosineSimilarity(Loss):
    def __init__(self, axis: Any = -1, reduction: Any = 'sum_over_batch_size', name: Any = 'cosine_similarity', dtype: Any = None, **kwargs: Any) -> None: ...

class Crossentropy(Loss):
    def __init__(self, reduction: Any = 'sum_over_batch_size', name: Any = 'crossentropy', dtype: Any = None, **kwargs: Any) -> None: ...

class Hinge(Loss):
    def __init__(self, reduction: Any = 'sum_over_batch_size', name: Any = 'hinge', dtype: Any = None, **kwargs: Any) -> None: ...

class Huber(Loss):
    def __init__(self, delta: Any = 1.0, reduction: Any = 'sum_over_batch_size', name: Any = 'huber_loss', dtype: Any = None, **kwargs: Any) -> None: ...

class KLDivergence(Loss):
    def __init__(self, reduction: Any = 'sum_over_batch_size', name: Any = 'kl_divergence', dtype: Any = None, **kwargs: Any) -> None: ...

class LogCosh(Loss):
    def __init__(self, reduction: Any = 'sum_over_batch_size', name: Any = 'log_cosh', dtype: Any = None, **kwargs: Any) -> None: ...

class MeanAbsoluteError(Loss):
    def __init__(self, reduction: Any = 'sum_over_batch_size', name: Any = 'mean_absolute_error', dtype: Any = None, **kwargs: Any) -> None: ...

class MeanAbsolutePercentageError(Loss):
    def __init__(self, reduction: Any = 'sum_over_batch_size', name: Any = 'mean_absolute_percentage_error', dtype: Any = None, **kwargs: Any) -> None: ...

class MeanSquaredError(Loss):
    def __init__(self, reduction: Any = 'sum_over_batch_size', name: Any = 'mean_squared_error', dtype: Any = None, **kwargs: Any) -> None: ...

class MeanSquaredLogarithmicError(Loss):
    def __init__(self, reduction: Any = 'sum_over_batch_size', name: Any = 'mean_squared_logarithmic_error', dtype: Any = None, **kwargs: Any) -> None: ...

class Poisson(Loss):
    def __init__(self, reduction: Any = 'sum_over_batch_size', name: Any = 'poisson', dtype: Any = None, **kwargs: Any) -> None: ...

class SparseCategoricalCrossentropy(Loss):
    def __init__(self, from_logits: Any = False, ignore_class: Any = None, reduction: Any = 'sum_over_batch_size', axis: Any = -1, name: Any = 'sparse_categorical_crossentropy', dtype: Any = None, **kwargs: Any) -> None: ...

class SquaredHinge(Loss):
    def __init__(self, reduction: Any = 'sum_over_batch_size', name: Any = 'squared_hinge', dtype: Any = None, **kwargs: Any) -> None: ...

binary_crossentropy: Any
categorical_crossentropy: Any
categorical_hinge: Any
cosine_similarity: Any
crossentropy: Any
hinge: Any
huber: Any
kl_divergence: Any
log_cosh: Any
mean_absolute_error: Any
mean_absolute_percentage_error: Any
mean_squared_error: Any
mean_squared_logarithmic_error: Any
poisson: Any
sparse_categorical_crossentropy: Any
squared_hinge: Any
