# Written by tools/make_stubs.py: Metrics: what is counted beside the loss.

from typing import Any

class _Part:
    def get_config(self) -> Any: ...
    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class Metric(_Part):
    name: Any
    def get_config(self) -> Any: ...

def get(identifier: Any) -> Any: ...

def serialize(metric: Any) -> Any: ...

def deserialize(config: Any, custom_objects: Any = None) -> Any: ...

class AUC(Metric):
    def __init__(self, num_thresholds: Any = 200, curve: Any = 'ROC', summation_method: Any = 'interpolation', name: Any = None, dtype: Any = None, thresholds: Any = None, multi_label: Any = False, num_labels: Any = None, label_weights: Any = None, from_logits: Any = False, **kwargs: Any) -> None: ...

class Accuracy(Metric):
    def __init__(self, name: Any = 'accuracy', dtype: Any = None, **kwargs: Any) -> None: ...

class BinaryAccuracy(Metric):
    def __init__(self, name: Any = 'binary_accuracy', dtype: Any = None, threshold: Any = 0.5, **kwargs: Any) -> None: ...

class CategoricalAccuracy(Metric):
    def __init__(self, name: Any = 'categorical_accuracy', dtype: Any = None, **kwargs: Any) -> None: ...

class F1Score(Metric):
    def __init__(self, average: Any = 'macro', threshold: Any = None, name: Any = 'f1_score', dtype: Any = None, **kwargs: Any) -> None: ...

class MeanAbsoluteError(Metric):
    def __init__(self, name: Any = 'mean_absolute_error', dtype: Any = None, **kwargs: Any) -> None: ...

class MeanSquaredError(Metric):
    def __init__(self, name: Any = 'mean_squared_error', dtype: Any = None, **kwargs: Any) -> None: ...

class Precision(Metric):
    def __init__(self, thresholds: Any = None, top_k: Any = None, class_id: Any = None, name: Any = None, dtype: Any = None, **kwargs: Any) -> None: ...

class Recall(Metric):
    def __init__(self, thresholds: Any = None, top_k: Any = None, class_id: Any = None, name: Any = None, dtype: Any = None, **kwargs: Any) -> None: ...

class RootMeanSquaredError(Metric):
    def __init__(self, name: Any = 'root_mean_squared_error', dtype: Any = None, **kwargs: Any) -> None: ...

class SparseCategoricalAccuracy(Metric):
    def __init__(self, name: Any = 'sparse_categorical_accuracy', dtype: Any = None, **kwargs: Any) -> None: ...

class SparseTopKCategoricalAccuracy(Metric):
    def __init__(self, k: Any = 5, name: Any = 'sparse_top_k_categorical_accuracy', dtype: Any = None, from_sorted_ids: Any = False, **kwargs: Any) -> None: ...

class TopKCategoricalAccuracy(Metric):
    def __init__(self, k: Any = 5, name: Any = 'top_k_categorical_accuracy', dtype: Any = None, **kwargs: Any) -> None: ...

accuracy: Any
auc: Any
binary_accuracy: Any
categorical_accuracy: Any
f1_score: Any
mean_absolute_error: Any
mean_squared_error: Any
precision: Any
recall: Any
root_mean_squared_error: Any
sparse_categorical_accuracy: Any
sparse_top_k_categorical_accuracy: Any
top_k_categorical_accuracy: Any
