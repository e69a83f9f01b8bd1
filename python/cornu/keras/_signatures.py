"""Keras's order of parameters, with those that Cornu takes without effect."""

FIRST = "self"

# Where a kind's parameters stand: (parameter, the one it follows, None for the last place).
_FOLLOWING = {
    "losses": (("reduction", None), ("name", None), ("dtype", None)),
    "metrics": (("name", None), ("dtype", "name")),
    "optimizers": (("loss_scale_factor", "ema_overwrite_frequency"), ("name", None)),
    "schedules": (("name", None),),
}
_AXES = (("input_axes", None), ("output_axes", None))
_CONSTRAINTS = (("beta_constraint", "gamma_regularizer"), ("gamma_constraint", "beta_constraint"))
_OF_CLASS = {
    ("callbacks", "TensorBoard"): (("profile_batch", None), ("embeddings_freq", None),
                                   ("embeddings_metadata", None)),
    ("callbacks", "TerminateOnNaN"): (("raise_error", None),),
    **{("initializers", name): _AXES for name in (
        "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform",
        "VarianceScaling")},
    ("layers", "BatchNormalization"): (*_CONSTRAINTS, ("synchronized", "gamma_constraint"),
                                       ("renorm", "synchronized"), ("renorm_clipping", "renorm"),
                                       ("renorm_momentum", "renorm_clipping")),
    ("layers", "LayerNormalization"): _CONSTRAINTS,
    ("layers", "Embedding"): (("embeddings_constraint", "embeddings_regularizer"),
                              ("weights", "mask_zero"), ("lora_rank", "weights"),
                              ("lora_alpha", "lora_rank"), ("quantization_config", "lora_alpha")),
    ("layers", "PReLU"): (("alpha_constraint", "alpha_regularizer"),),
    **{("layers", name): (("activity_regularizer", "bias_regularizer"),
                          ("kernel_constraint", "activity_regularizer"),
                          ("bias_constraint", "kernel_constraint")) for name in (
        "Conv1D", "Conv2D")},
    ("layers", "DepthwiseConv2D"): (("activity_regularizer", "bias_regularizer"),
                                    ("depthwise_constraint", "activity_regularizer"),
                                    ("bias_constraint", "depthwise_constraint")),
    ("layers", "Dense"): (("activity_regularizer", "bias_regularizer"),
                          ("kernel_constraint", "activity_regularizer"),
                          ("bias_constraint", "kernel_constraint"),
                          ("lora_rank", "bias_constraint"), ("lora_alpha", "lora_rank"),
                          ("quantization_config", "lora_alpha")),
    ("layers", "Dropout"): (("noise_shape", "rate"),),
    ("layers", "Flatten"): (("data_format", None),),
    ("losses", "BinaryCrossentropy"): (("axis", "label_smoothing"),),
    ("losses", "CategoricalCrossentropy"): (("axis", "label_smoothing"),),
    ("losses", "CosineSimilarity"): (("axis", FIRST),),
    ("losses", "SparseCategoricalCrossentropy"): (("ignore_class", "from_logits"),
                                                  ("axis", "reduction")),
    ("metrics", "AUC"): (("name", "summation_method"), ("dtype", "name"), ("thresholds", "dtype"),
                         ("num_labels", "multi_label"), ("label_weights", "num_labels")),
    ("metrics", "SparseTopKCategoricalAccuracy"): (("from_sorted_ids", None),),
    ("metrics", "BinaryAccuracy"): (("threshold", "dtype"),),
    ("metrics", "BinaryCrossentropy"): (("from_logits", "dtype"),
                                        ("label_smoothing", "from_logits")),
    ("metrics", "CategoricalCrossentropy"): (("from_logits", "dtype"),
                                             ("label_smoothing", "from_logits"),
                                             ("axis", "label_smoothing")),
    ("metrics", "SparseCategoricalCrossentropy"): (("from_logits", "dtype"),
                                                   ("ignore_class", "from_logits"),
                                                   ("axis", "ignore_class")),
    ("metrics", "CosineSimilarity"): (("axis", "dtype"),),
    ("optimizers", "AdamW"): (("weight_decay", "learning_rate"),),
    ("schedules", "CosineDecay"): (("name", "alpha"),),
}
# Layers whose name is given by position, too.
_NAMED_BY_POSITION = ("MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D",
                      "SpatialDropout1D", "SpatialDropout2D")
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


def by_name(kind, class_name):
    """The parameters that are given by name alone."""
    if kind != "layers":
        return ()
    return ("trainable",) if class_name in _NAMED_BY_POSITION else ("name", "trainable")


def name_of(kind, class_name, name):
    """The name that Keras gives a loss or a schedule, None for others."""
    known = {"losses": name, "schedules": class_name}.get(kind)
    return known and _NAMES.get(class_name, known)
