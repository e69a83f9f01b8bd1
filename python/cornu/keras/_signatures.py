"""Keras's order of parameters, with those that Cornu takes without effect."""

FIRST = "self"

# Where a kind's parameters stand: (parameter, the one it follows, None for the last place).
_FOLLOWING = {
    "losses": (("reduction", None), ("name", None), ("dtype", None)),
    "metrics": (("name", None), ("dtype", "name")),
    "optimizers": (("loss_scale_factor", "ema_overwrite_frequency"), ("name", None)),
    "schedules": (("name", None),),
}
_OF_CLASS = {
    ("layers", "Dense"): (("activity_regularizer", "bias_regularizer"),
                          ("kernel_constraint", "activity_regularizer"),
                          ("bias_constraint", "kernel_constraint"),
                          ("lora_rank", "bias_constraint"), ("lora_alpha", "lora_rank"),
                          ("quantization_config", "lora_alpha")),
    ("layers", "Dropout"): (("noise_shape", "rate"), ("seed", "noise_shape")),
    ("layers", "GaussianDropout"): (("seed", "rate"),),
    ("layers", "GaussianNoise"): (("seed", "stddev"),),
    ("layers", "Flatten"): (("data_format", None),),
    ("losses", "BinaryCrossentropy"): (("axis", "label_smoothing"),),
    ("losses", "CategoricalCrossentropy"): (("axis", "label_smoothing"),),
    ("losses", "CosineSimilarity"): (("axis", FIRST),),
    ("losses", "SparseCategoricalCrossentropy"): (("ignore_class", "from_logits"),
                                                  ("axis", "reduction")),
    ("metrics", "AUC"): (("name", "summation_method"), ("thresholds", "dtype")),
    ("metrics", "BinaryAccuracy"): (("threshold", "dtype"),),
    ("optimizers", "AdamW"): (("weight_decay", "learning_rate"),),
}
_NAMES = {"Huber": "huber_loss", "CosineDecayRestarts": "SGDRDecay",
          "PiecewiseConstantDecay": "PiecewiseConstant"}


def ordered(kind, class_name, names):
    """The parameters in Keras's order, from the library's options."""
    order = [FIRST, *(name for name in names if kind == "layers" or name != "name")]
    rules = (*_FOLLOWING.get(kind, ()), *_OF_CLASS.get((kind, class_name), ()))
    for name, before in rules:
        if name in order:
            order.remove(name)
        order.insert(len(order) if before not in order else order.index(before) + 1, name)
    return order[1:]


def name_of(kind, class_name, name):
    """The name that Keras gives a loss or a schedule, None for others."""
    known = {"losses": name, "schedules": class_name}.get(kind)
    return known and _NAMES.get(class_name, known)
