"""Signatures that are Keras's, parameter by parameter."""

import inspect

import pytest

import cornu
from cornu import keras

EXPECTED = [
    (keras.layers.Dense, "units activation use_bias kernel_initializer bias_initializer "
     "kernel_regularizer bias_regularizer activity_regularizer kernel_constraint bias_constraint "
     "lora_rank lora_alpha quantization_config"),
    (keras.metrics.AUC, "num_thresholds curve summation_method name dtype thresholds multi_label "
     "num_labels label_weights from_logits"),
    (keras.optimizers.schedules.CosineDecay, "initial_learning_rate decay_steps alpha name "
     "warmup_target warmup_steps"),
    (keras.initializers.GlorotUniform, "seed input_axes output_axes"),
    (keras.callbacks.TerminateOnNaN, "raise_error"),
    (keras.Model.save, "self filepath overwrite zipped"),
    (keras.Model.load_weights, "self filepath skip_mismatch"),
    (keras.models.load_model, "filepath custom_objects compile safe_mode"),
    (keras.models.clone_model, "model input_tensors clone_function call_function recursive"),
    (keras.activations.deserialize, "config custom_objects"),
    (keras.optimizers.schedules.deserialize, "config custom_objects"),
    (keras.layers.concatenate, "inputs axis"),
    (keras.layers.Dropout, "rate noise_shape seed"),
    (keras.losses.Huber, "delta reduction name dtype"),
    (keras.losses.BinaryCrossentropy, "from_logits label_smoothing axis reduction name dtype"),
    (keras.losses.CosineSimilarity, "axis reduction name dtype"),
    (keras.losses.SparseCategoricalCrossentropy,
     "from_logits ignore_class reduction axis name dtype"),
    (keras.metrics.BinaryAccuracy, "name dtype threshold"),
    (keras.metrics.Precision, "thresholds top_k class_id name dtype"),
    (keras.metrics.TopKCategoricalAccuracy, "k name dtype"),
    (keras.metrics.CategoricalCrossentropy, "name dtype from_logits label_smoothing axis"),
    (keras.metrics.SparseCategoricalCrossentropy, "name dtype from_logits ignore_class axis"),
    (keras.metrics.BinaryCrossentropy, "name dtype from_logits label_smoothing"),
    (keras.metrics.CosineSimilarity, "name dtype axis"),
    (keras.metrics.LogCoshError, "name dtype"),
    (keras.metrics.FalseNegatives, "thresholds name dtype"),
    (keras.optimizers.AdamW, "learning_rate weight_decay beta_1 beta_2 epsilon amsgrad clipnorm "
     "clipvalue global_clipnorm use_ema ema_momentum ema_overwrite_frequency loss_scale_factor "
     "gradient_accumulation_steps name"),
]


@pytest.mark.parametrize("made, names", EXPECTED, ids=lambda each: getattr(each, "__name__", ""))
def test_parameters_stand_in_keras_order(made, names):
    shown = inspect.signature(made).parameters.values()
    positional = [each.name for each in shown if each.kind is each.POSITIONAL_OR_KEYWORD]
    assert positional == names.split()


def test_positions_reach_their_options():
    assert keras.metrics.BinaryAccuracy("right", None, 0.7).threshold == pytest.approx(0.7)
    assert keras.optimizers.AdamW(0.01, 0.1).weight_decay == pytest.approx(0.1)


def test_defaults_are_keras():
    assert inspect.signature(keras.losses.Huber).parameters["name"].default == "huber_loss"
    assert inspect.signature(keras.metrics.Accuracy).parameters["name"].default == "accuracy"
    assert inspect.signature(keras.metrics.Precision).parameters["top_k"].default is None
    l1_l2 = inspect.signature(keras.regularizers.l1_l2).parameters
    assert [each.default for each in l1_l2.values()] == [0.0, 0.0]


def test_only_values_without_effect_are_taken():
    with pytest.raises(cornu.Error, match="axis"):
        keras.losses.BinaryCrossentropy(axis=0)
    with pytest.raises(cornu.Error, match="lora_rank"):
        keras.layers.Dense(3, lora_rank=2)
