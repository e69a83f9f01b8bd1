"""Where a part of cornu.keras and Keras's differ, each with its reason. A difference that is not
listed here fails tests/test_goldens.py.
"""

# An option with two values: (kind, class or None for all, option).
CONFIG = {
    ("layers", None, "name"): "a layer is named when it joins a model",
    ("optimizers", None, "name"): "optimizers are not counted",
    ("metrics", None, "name"): "metrics are counted within a model, not in the whole process",
}

# Options that only Keras has: (kind, option), their values that change nothing, the reason.
POLICY = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"},
          "registered_name": None}
ABSENT = {
    ("layers", "dtype"): ([POLICY, "float32"], "all arithmetic is float32"),
    ("layers", "activity_regularizer"): ([None], "there is none"),
    ("layers", "rms_scaling"): ([False], "there is none"),
    ("layers", "batch_shape"): ([[None, 4]], "an input has `shape`, that of one sample"),
    ("layers", "sparse"): ([False], "inputs are dense"),
    ("layers", "ragged"): ([False], "inputs are dense"),
    ("layers", "optional"): ([False], "inputs are given"),
}

# Options that only Cornu has: (kind, class, option).
NOT_IN_KERAS = {
    ("layers", "InputLayer", "shape"): "Keras has batch_shape",
    ("layers", "InputLayer", "trainable"): "every layer has it",
    ("initializers", "Identity", "gain"): "Keras forgets it: from_config makes another initializer",
    ("losses", "Huber", "delta"): "Keras forgets it: from_config makes another loss",
    ("losses", "SparseCategoricalCrossentropy", "axis"): "Keras forgets it; -1 alone is taken",
    ("losses", "CosineSimilarity", "axis"): "Keras forgets it; -1 alone is taken",
    ("metrics", "CosineSimilarity", "axis"): "Keras forgets it: from_config makes another metric",
    ("metrics", "SparseTopKCategoricalAccuracy", "from_sorted_ids"):
        "Keras forgets it; False alone is taken",
}

# Parts of Cornu that Keras has not.
NOT_OURS = {
    ("layers", "Operation"): "a function of ops in a network",
    ("losses", "Crossentropy"): "in Keras compile alone has it, as a name",
    ("schedules", "WarmUp"): "Cornu's own",
    ("schedules", "OneCycle"): "Cornu's own",
}

# Logs of hooks that only Keras gives.
WITHOUT_LOGS = {
    "on_predict_batch_end": ["outputs"],  # predict would copy them for each batch
}

# Attributes that are not compared: the reason.
VALUES = {
    ("callbacks", "sep"): "it is called separator, as the parameter is",
    ("callbacks", "append_header"): "counted within the library",
    ("callbacks", "wait"): "counted within the library",
    ("callbacks", "cooldown_counter"): "counted within the library",
    ("ModelCheckpoint", "min_delta"): "no parameter sets it",
}
