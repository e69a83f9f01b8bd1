# Written by tools/make_stubs.py: Metrics: what is counted beside the loss.

from typing import Any

class _Part:
    def get_config(self) -> Any: ...
    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class Metric(_Part):
    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any: ...
    def result(self) -> Any: ...
    def reset_state(self) -> Any: ...
    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any: ...
    def add_variable(self, shape: Any = ..., initializer: Any = 'zeros', dtype: Any = None, aggregation: Any = 'sum', name: Any = None) -> Any: ...
    def add_weight(self, shape: Any = ..., initializer: Any = 'zeros', dtype: Any = None, name: Any = None) -> Any: ...
    variables: Any
    def __init__(self, dtype: Any = None, name: Any = None) -> None: ...
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

class BinaryCrossentropy(Metric):
    def __init__(self, name: Any = 'binary_crossentropy', dtype: Any = None, from_logits: Any = False, label_smoothing: Any = 0.0, **kwargs: Any) -> None: ...

class CategoricalAccuracy(Metric):
    def __init__(self, name: Any = 'categorical_accuracy', dtype: Any = None, **kwargs: Any) -> None: ...

class CategoricalCrossentropy(Metric):
    def __init__(self, name: Any = 'categorical_crossentropy', dtype: Any = None, from_logits: Any = False, label_smoothing: Any = 0.0, axis: Any = -1, **kwargs: Any) -> None: ...

class CategoricalHinge(Metric):
    def __init__(self, name: Any = 'categorical_hinge', dtype: Any = None, **kwargs: Any) -> None: ...

class CosineSimilarity(Metric):
    def __init__(self, name: Any = 'cosine_similarity', dtype: Any = None, axis: Any = -1, **kwargs: Any) -> None: ...

class F1Score(Metric):
    def __init__(self, average: Any = 'macro', threshold: Any = None, name: Any = 'f1_score', dtype: Any = None, **kwargs: Any) -> None: ...

class FalseNegatives(Metric):
    def __init__(self, thresholds: Any = None, name: Any = None, dtype: Any = None, **kwargs: Any) -> None: ...

class FalsePositives(Metric):
    def __init__(self, thresholds: Any = None, name: Any = None, dtype: Any = None, **kwargs: Any) -> None: ...

class Hinge(Metric):
    def __init__(self, name: Any = 'hinge', dtype: Any = None, **kwargs: Any) -> None: ...

class KLDivergence(Metric):
    def __init__(self, name: Any = 'kl_divergence', dtype: Any = None, **kwargs: Any) -> None: ...

class LogCoshError(Metric):
    def __init__(self, name: Any = 'logcosh', dtype: Any = None, **kwargs: Any) -> None: ...

class MeanAbsoluteError(Metric):
    def __init__(self, name: Any = 'mean_absolute_error', dtype: Any = None, **kwargs: Any) -> None: ...

class MeanAbsolutePercentageError(Metric):
    def __init__(self, name: Any = 'mean_absolute_percentage_error', dtype: Any = None, **kwargs: Any) -> None: ...

class MeanSquaredError(Metric):
    def __init__(self, name: Any = 'mean_squared_error', dtype: Any = None, **kwargs: Any) -> None: ...

class MeanSquaredLogarithmicError(Metric):
    def __init__(self, name: Any = 'mean_squared_logarithmic_error', dtype: Any = None, **kwargs: Any) -> None: ...

class Poisson(Metric):
    def __init__(self, name: Any = 'poisson', dtype: Any = None, **kwargs: Any) -> None: ...

class Precision(Metric):
    def __init__(self, thresholds: Any = None, top_k: Any = None, class_id: Any = None, name: Any = None, dtype: Any = None, **kwargs: Any) -> None: ...

class Recall(Metric):
    def __init__(self, thresholds: Any = None, top_k: Any = None, class_id: Any = None, name: Any = None, dtype: Any = None, **kwargs: Any) -> None: ...

class RootMeanSquaredError(Metric):
    def __init__(self, name: Any = 'root_mean_squared_error', dtype: Any = None, **kwargs: Any) -> None: ...

class SparseCategoricalAccuracy(Metric):
    def __init__(self, name: Any = 'sparse_categorical_accuracy', dtype: Any = None, **kwargs: Any) -> None: ...

class SparseCategoricalCrossentropy(Metric):
    def __init__(self, name: Any = 'sparse_categorical_crossentropy', dtype: Any = None, from_logits: Any = False, ignore_class: Any = None, axis: Any = -1, **kwargs: Any) -> None: ...

class SparseTopKCategoricalAccuracy(Metric):
    def __init__(self, k: Any = 5, name: Any = 'sparse_top_k_categorical_accuracy', dtype: Any = None, from_sorted_ids: Any = False, **kwargs: Any) -> None: ...

class SquaredHinge(Metric):
    def __init__(self, name: Any = 'squared_hinge', dtype: Any = None, **kwargs: Any) -> None: ...

class TopKCategoricalAccuracy(Metric):
    def __init__(self, k: Any = 5, name: Any = 'top_k_categorical_accuracy', dtype: Any = None, **kwargs: Any) -> None: ...

class TrueNegatives(Metric):
    def __init__(self, thresholds: Any = None, name: Any = None, dtype: Any = None, **kwargs: Any) -> None: ...

class TruePositives(Metric):
    def __init__(self, thresholds: Any = None, name: Any = None, dtype: Any = None, **kwargs: Any) -> None: ...

accuracy: Any
auc: Any
binary_accuracy: Any
binary_crossentropy: Any
categorical_accuracy: Any
categorical_crossentropy: Any
categorical_hinge: Any
cosine_similarity: Any
f1_score: Any
false_negatives: Any
false_positives: Any
hinge: Any
kl_divergence: Any
log_cosh_error: Any
mean_absolute_error: Any
mean_absolute_percentage_error: Any
mean_squared_error: Any
mean_squared_logarithmic_error: Any
poisson: Any
precision: Any
recall: Any
root_mean_squared_error: Any
sparse_categorical_accuracy: Any
sparse_categorical_crossentropy: Any
sparse_top_k_categorical_accuracy: Any
squared_hinge: Any
top_k_categorical_accuracy: Any
true_negatives: Any
true_positives: Any
