"""More models for keras_models.py's CASES: the same layers, written as people write them in other
ways, and what compile() takes in all its forms.
"""

from keras_models import ROWS, VERSION, Case, D, L, case, add, chain_of, keras, model_of

TF_KERAS = (2, 4) <= VERSION < (3,)


def since(version, before=(99,)):
    """For the versions from one on, and before another."""
    return case if version <= VERSION < before else lambda make: make


def classifier(n, classes=3, **compile_options):
    model = chain_of((6,), D(4, (6,), activation="relu"), L.Dense(classes, activation="softmax"))
    options = {"optimizer": "adam", "loss": "categorical_crossentropy", **compile_options}
    return Case(model, n(ROWS, 6), n.one_hot(classes), **options)


def regression(n, *layers, **compile_options):
    model = chain_of((6,), D(5, (6,)), *layers, L.Dense(2))
    return Case(model, n(ROWS, 6), n(ROWS, 2), **{"optimizer": "adam", "loss": "mse", **compile_options})


# --- how a network is put together

def built_by_data(n, x):
    """Without an input: the layers get their shapes from the data."""
    model = keras.models.Sequential([L.Dense(4, activation="relu"), L.BatchNormalization(), L.Dense(2)])
    model.build((None,) + x.shape[1:])
    return Case(model, x, n(*x.shape[:-1], 2), optimizer="sgd", loss="mse")


@since((2, 4))
def chain_built_later(n):
    return built_by_data(n, n(ROWS, 6))


@since((2, 4))
def chain_built_by_call(n):
    model = keras.models.Sequential([L.Dense(4, activation="relu"), L.Flatten(), L.Dense(2)])
    x = n(ROWS, 6)
    model(x)
    return Case(model, x, n(ROWS, 2), optimizer="adam", loss="mse")


@since((2, 4))
def nested_chain_built_later(n):
    inner = keras.models.Sequential([L.Dense(3, activation="relu"), L.BatchNormalization()])
    model = chain_of((6,), D(4, (6,)), inner, L.Dense(2))
    return Case(model, n(ROWS, 6), n(ROWS, 2), optimizer="sgd", loss="mse")


@since((2, 4))
def chain_of_fixed_batch(n):
    first = keras.Input(batch_shape=(ROWS, 6)) if VERSION >= (3,) else keras.Input((6,), batch_size=ROWS)
    model = keras.models.Sequential([first, L.Dense(4, activation="relu"), L.Dense(2)])
    return Case(model, n(ROWS, 6), n(ROWS, 2), optimizer="adam", loss="mse")


@case
def chain_of_batch_input_shape(n):
    if VERSION >= (3,):
        return regression(n)
    model = keras.models.Sequential()
    model.add(L.Dense(4, batch_input_shape=(None, 6)))
    model.add(L.Dense(2))
    return Case(model, n(ROWS, 6), n(ROWS, 2), optimizer="adam", loss="mse")


@case
def chain_of_input_dim(n):
    if VERSION >= (3,):
        return regression(n)
    model = keras.models.Sequential()
    model.add(L.Dense(4, input_dim=6, activation="tanh"))
    model.add(L.Dense(2))
    return Case(model, n(ROWS, 6), n(ROWS, 2), optimizer="adam", loss="mse")


@since((2, 0))
def chain_with_input_layer(n):
    first = L.InputLayer(shape=(6,)) if VERSION >= (3,) else L.InputLayer(input_shape=(6,))
    model = keras.models.Sequential([first, L.Dense(4, activation="relu"), L.Dense(2)])
    return Case(model, n(ROWS, 6), n(ROWS, 2), optimizer="adam", loss="mse")


@case
def lists_of_one(n):
    a = L.Input((6,))
    model = model_of([a], [L.Dense(2)(L.Dense(4, activation="tanh")(a))])
    return Case(model, n(ROWS, 6), n(ROWS, 2), optimizer="adam", loss="mse")


@since((2, 4))
def dicts_of_tensors(n):
    a, b = L.Input((4,), name="a"), L.Input((3,), name="b")
    out = {"one": L.Dense(2, name="one")(a), "two": L.Dense(1, name="two")(L.Concatenate()([a, b]))}
    model = model_of({"a": a, "b": b}, out)
    return Case(model, [n(ROWS, 4), n(ROWS, 3)])


@case
def order_of_calls(n):
    """Layers that were made in another order than they are called."""
    last, middle, start = L.Dense(2, name="a"), L.Dense(4, name="b"), L.Dense(5, name="c")
    a = L.Input((6,))
    return Case(model_of(a, last(middle(start(a)))), n(ROWS, 6), n(ROWS, 2), optimizer="adam", loss="mse")


@case
def order_of_inputs(n):
    a, b = L.Input((4,), name="z"), L.Input((3,), name="a")
    out = L.Dense(1)(L.Concatenate()([L.Dense(2)(b), L.Dense(2)(a)]))
    return Case(model_of([a, b], out), [n(ROWS, 4), n(ROWS, 3)], n(ROWS, 1), optimizer="sgd", loss="mse")


@case
def network_in_network_in_network(n):
    p = L.Input((4,))
    one = model_of(p, L.Dense(4, activation="tanh")(p))
    q = L.Input((4,))
    two = model_of(q, L.Dense(3)(one(one(q))))
    r = L.Input((4,))
    return Case(model_of(r, L.Dense(2)(two(r))), n(ROWS, 4), n(ROWS, 2), optimizer="sgd", loss="mse")


@case
def network_of_two_outputs_within(n):
    p = L.Input((4,))
    inner = model_of(p, [L.Dense(3, name="l")(p), L.Dense(3, name="r", activation="tanh")(p)])
    a = L.Input((4,))
    left, right = inner(a)
    return Case(model_of(a, L.Dense(2)(L.Concatenate()([left, right]))), n(ROWS, 4), n(ROWS, 2),
                optimizer="sgd", loss="mse")


@case
def output_is_inner_layer(n):
    a = L.Input((4,))
    hidden = L.Dense(3, activation="relu")(a)
    return Case(model_of(a, [hidden, L.Dense(2)(hidden)]), n(ROWS, 4), [n(ROWS, 3), n(ROWS, 2)],
                optimizer="sgd", loss="mse")


@case
def all_frozen(n):
    made = regression(n, L.BatchNormalization(), optimizer="sgd")
    made.model.layers[-3].trainable = False
    made.model.layers[-2].trainable = False
    return made


# --- names

@since((2, 1), before=(3,))
def names_with_slashes(n):
    a = L.Input((4,), name="in")
    x = L.Dense(3, name="block1/dense")(a)
    return Case(model_of(a, L.Dense(2, name="block1/out/last")(x)), n(ROWS, 4), n(ROWS, 2),
                optimizer="adam", loss="mse")


@since((3,))
def names_in_utf8(n):
    """More than eight: h5py then writes the group in another form."""
    layers = [L.Dense(3, activation="tanh", name="größe_%d" % i) for i in range(9)]
    return Case(chain_of((3,), *layers), n(ROWS, 3), n(ROWS, 3), optimizer="sgd", loss="mse")


# --- convolutions of Keras 1

def old_images(n, order, *layers, **options):
    shape = (6, 5, 2) if order == "tf" else (2, 6, 5)
    first = L.Convolution2D(3, 2, 3, dim_ordering=order, input_shape=shape, **options)
    model = chain_of(shape, first, *layers, L.Flatten(), L.Dense(2))
    return Case(model, n(ROWS, *shape), n(ROWS, 2), optimizer="adam", loss="mse")


@since((1,), before=(2,))
def old_convolutions(n):
    return old_images(n, "tf", L.MaxPooling2D((2, 1), dim_ordering="tf"),
                      L.Convolution2D(4, 1, 3, border_mode="same", dim_ordering="tf", W_regularizer="l2"),
                      activation="relu", subsample=(1, 1), init="he_normal")


@since((1,), before=(2,))
def old_convolutions_turned(n):
    return old_images(n, "th", L.AveragePooling2D((2, 2), strides=(1, 1), dim_ordering="th"),
                      L.Convolution2D(4, 2, 1, subsample=(2, 1), bias=False, dim_ordering="th"),
                      activation="tanh")


@since((1,), before=(2,))
def old_convolution_of_lines(n):
    model = chain_of((7, 3), L.Convolution1D(4, 3, subsample_length=2, activation="tanh", input_shape=(7, 3)),
                     L.MaxPooling1D(pool_length=2, stride=1), L.Flatten(), L.Dense(2))
    return Case(model, n(ROWS, 7, 3), n(ROWS, 2), optimizer="adam", loss="mse")


@since((1,), before=(2,))
def old_convolution_with_steps(n):
    """On Theano, its zeros are others."""
    return old_images(n, "tf", L.Convolution2D(4, 3, 3, subsample=(2, 2), border_mode="same", dim_ordering="tf"))


# --- options of layers

INITIALIZERS = ["zeros", "ones", "glorot_uniform", "glorot_normal", "he_normal", "he_uniform", "lecun_uniform",
                "orthogonal", "uniform", "normal"] + ([] if VERSION < (2,) else ["random_normal", "truncated_normal"])


@case
def initializers(n):
    key = "init" if VERSION < (2,) else "kernel_initializer"
    return Case(regression(n, *[L.Dense(5, **{key: each}) for each in INITIALIZERS]).model, n(ROWS, 6))


@since((2, 0))
def initializer_objects(n):
    I = keras.initializers
    return regression(n, L.Dense(5, kernel_initializer=I.VarianceScaling(2.0, "fan_avg", "uniform", seed=1)),
                      L.Dense(5, kernel_initializer=I.TruncatedNormal(stddev=0.2), bias_initializer=I.Constant(0.5)),
                      L.Dense(5, kernel_initializer=I.Orthogonal(1.5), bias_initializer="ones"),
                      L.Dense(5, kernel_initializer=I.RandomUniform(-0.2, 0.2, seed=7)), optimizer="sgd")


@since((2, 0))
def regularizers(n):
    R = keras.regularizers
    both = R.L1L2(0.01, 0.02) if hasattr(R, "L1L2") else R.l1_l2(0.01, 0.02)
    return regression(n, L.Dense(5, kernel_regularizer=both), L.Dense(5, kernel_regularizer=R.l1(0.02)),
                      L.BatchNormalization(beta_regularizer=R.l2(0.1)), optimizer="sgd")


@case
def dropouts(n):
    return Case(regression(n, L.Dropout(0.3), L.GaussianNoise(0.2), L.GaussianDropout(0.4)).model, n(ROWS, 6))


@since((2, 0))
def dropout_options(n):
    return Case(regression(n, L.Dropout(0.3, noise_shape=None, seed=11)).model, n(ROWS, 6))


@since((2, 4))
def dtypes(n):
    policy = keras.mixed_precision.Policy("float32") if VERSION >= (2, 5) else "float32"
    return regression(n, L.Dense(5, dtype="float32"), L.Activation("relu", dtype=policy))


@since((2, 1))
def prelu_options(n):
    return regression(n, L.PReLU(alpha_initializer="ones", alpha_regularizer="l2"), optimizer="sgd")


@since((2, 1))
def advanced_activations(n):
    return regression(n, L.ELU(alpha=0.3), L.ReLU(max_value=6.0), L.LeakyReLU(0.05),
                      L.Softmax(axis=-1), optimizer="sgd")


@since((2, 0))
def activation_objects(n):
    return regression(n, L.Dense(5, activation=keras.activations.tanh), L.Activation(keras.activations.softmax),
                      optimizer="sgd")


@since((2, 4))
def activation_is_layer(n):
    return regression(n, L.Dense(5, activation=L.LeakyReLU(0.2)), optimizer="sgd")


@case
def merge_functions(n):
    a, b = L.Input((4,), name="a"), L.Input((4,), name="b")
    if VERSION < (2,):
        merge = lambda mode: L.merge([a, b], mode=mode)
        parts = [merge("sum"), merge("mul"), merge("ave"), merge("max"), merge("concat")]
        out = L.Dense(2)(L.merge(parts, mode="concat", concat_axis=1))
    else:
        parts = [L.add([a, b]), L.multiply([a, b]), L.average([a, b]), L.maximum([a, b]), L.concatenate([a, b])]
        out = L.Dense(2)(L.concatenate(parts, axis=1))
    return Case(model_of([a, b], out), [n(ROWS, 4), n(ROWS, 4)], n(ROWS, 2), optimizer="sgd", loss="mse")


@since((2, 4))
def embedding_of_integers(n):
    a = L.Input((4,), dtype="int32")
    x = L.Flatten()(L.Embedding(10, 3, embeddings_initializer="normal", name="words")(a))
    return Case(model_of(a, L.Dense(2)(x)), n.labels(10, ROWS, 4), n(ROWS, 2), optimizer="sgd", loss="mse")


@case
def rows_of_rows(n):
    first = D(5, (3, 4), activation="relu")
    model = chain_of((3, 4), first, L.BatchNormalization(), L.Reshape((15,)), L.Dense(2))
    return Case(model, n(ROWS, 3, 4), n(ROWS, 2), optimizer="sgd", loss="mse")


# --- what compile() is given

METRICS = ["accuracy", "acc", "mse", "mae", "mape", "msle", "binary_accuracy", "categorical_accuracy",
           "top_k_categorical_accuracy", "cosine_similarity", "hinge", "squared_hinge", "categorical_hinge",
           "poisson", "kullback_leibler_divergence", "logcosh", "mean_squared_error", "categorical_crossentropy",
           "binary_crossentropy", "MeanSquaredError", "AUC", "Precision", "Recall", "RootMeanSquaredError",
           "CategoricalAccuracy", "TopKCategoricalAccuracy", "MeanAbsoluteError", "KLDivergence", "crossentropy"]
for each in METRICS:
    add("metric_" + each, lambda n, each=each: classifier(n, 6, metrics=[each]))


def metric_object(metric, *args, **options):
    return lambda n: classifier(n, 6, metrics=[getattr(keras.metrics, metric)(*args, **options)])


if VERSION >= (2, 4):
    add("metric_object_top_k", metric_object("TopKCategoricalAccuracy", k=2, name="top2"))
    add("metric_object_auc", metric_object("AUC", num_thresholds=20, curve="PR", name="area"))
    add("metric_object_precision", metric_object("Precision", thresholds=[0.3, 0.6]))
    add("metric_object_binary", metric_object("BinaryAccuracy", threshold=0.7))
    add("metric_object_crossentropy", metric_object("CategoricalCrossentropy", label_smoothing=0.1))
    add("metric_object_f1", metric_object("F1Score", average="macro"))


@since((2, 4))
def loss_named(n):
    return classifier(n, loss=keras.losses.CategoricalCrossentropy(name="my_loss"))


@since((2, 4))
def loss_object_huber(n):
    # Keras 3's files lack delta, of which Keras itself reads 1.
    options = {"delta": 0.4} if VERSION < (3,) else {}
    return regression(n, loss=keras.losses.Huber(**options), optimizer="sgd")


@since((2, 4))
def loss_object_binary(n):
    model = chain_of((6,), D(4, (6,), activation="relu"), L.Dense(1))
    return Case(model, n(ROWS, 6), n.labels(2, ROWS, 1).astype("float32"), optimizer="sgd",
                loss=keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.05))


@case
def loss_list_of_one(n):
    return classifier(n, loss=["categorical_crossentropy"], metrics=["accuracy"])


@since((2, 0))
def loss_function(n):
    return classifier(n, loss=keras.losses.categorical_crossentropy)


@since((2, 4))
def dict_of_one_output(n):
    a = L.Input((6,))
    model = model_of(a, L.Dense(3, activation="softmax", name="label")(a))
    return Case(model, n(ROWS, 6), n.one_hot(3), optimizer="sgd", loss={"label": "categorical_crossentropy"},
                metrics={"label": ["accuracy", "mse"]})


def two(n, **options):
    a = L.Input((4,), name="a")
    x = L.Dense(3, activation="tanh")(a)
    outputs = [L.Dense(2, activation="softmax", name="label")(x), L.Dense(1, name="number")(x)]
    return Case(model_of(a, outputs), n(ROWS, 4), [n.one_hot(2), n(ROWS, 1)], optimizer="sgd", **options)


@since((2, 4))
def objects_by_output(n):
    return two(n, loss={"label": keras.losses.CategoricalCrossentropy(label_smoothing=0.1), "number": keras.losses.LogCosh()},
               metrics={"label": [keras.metrics.CategoricalAccuracy(name="hits"), "mse"],
                        "number": [keras.metrics.RootMeanSquaredError()]},
               loss_weights={"label": 1.0, "number": 0.1})


@since((2, 4))
def objects_in_lists(n):
    return two(n, loss=[keras.losses.CategoricalCrossentropy(), keras.losses.MeanSquaredError()],
               loss_weights=[0.3, 0.7], metrics=[[keras.metrics.CategoricalAccuracy()], [keras.metrics.MeanAbsoluteError(), "mse"]])


@since((2, 4))
def metric_of_one_output(n):
    return two(n, loss={"label": "categorical_crossentropy", "number": "mse"}, metrics={"number": "mae"})


@since((2, 4))
def weighted_metrics(n):
    return classifier(n, metrics=["accuracy"], weighted_metrics=["accuracy", keras.metrics.CategoricalCrossentropy()])


@since((2, 4))
def runs_eagerly(n):
    return classifier(n, run_eagerly=True)


@since((2, 5))
def steps_per_execution(n):
    return classifier(n, steps_per_execution=4)


@since((2, 4))
def optimizer_all_options(n):
    return classifier(n, optimizer=keras.optimizers.Adam(learning_rate=0.02, beta_1=0.8, beta_2=0.9, epsilon=1e-5, amsgrad=True, name="mine"))


if (2, 11) <= VERSION < (3,):
    for each in ["SGD", "Adam", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam"]:
        add("optimizer_legacy_" + each.lower(),
            lambda n, each=each: classifier(n, optimizer=getattr(keras.optimizers.legacy, each)()))
    add("optimizer_legacy_sgd_momentum",
        lambda n: classifier(n, optimizer=keras.optimizers.legacy.SGD(0.05, momentum=0.9, decay=0.01)))

if VERSION >= (2, 11):
    add("optimizer_accumulated", lambda n: classifier(n, optimizer=keras.optimizers.SGD(
        0.1, momentum=0.9, **({"gradient_accumulation_steps": 2} if VERSION >= (3, 1) else {}))))
    add("optimizer_ema_overwrites", lambda n: classifier(n, optimizer=keras.optimizers.Adam(
        use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=2)))
    add("optimizer_nadam_ema", lambda n: classifier(n, optimizer=keras.optimizers.Nadam(use_ema=True)))
