"""What is said of each mistake, word by word, and arrays of other libraries that are none."""

import numpy as np
import pytest

import cornu
from cornu import keras

from data import blobs, classifier

X, Y = blobs(32)
Dense = keras.layers.Dense
DTYPES = ("x.astype('float32') converts numbers that are stored as objects or texts; names of "
          "classes become numbers by np.unique(y, return_inverse=True)")
BEFORE = "Hint: the model's weights are those from before the epoch"


def fit(x=X, y=Y, **options):
    classifier().fit(x, y, verbose=0, **options)


def predict(x):
    classifier().predict(x)


def with_value(value):
    x = X.copy()
    x[3, 2] = value
    return x


def not_compiled():
    return keras.Sequential([Dense(3, input_shape=(8,))])


def pair():
    a, b = keras.Input((3,), name="a"), keras.Input((2,), name="b")
    return keras.Model([a, b], Dense(1)(keras.layers.concatenate([a, b])))


def refit():
    model = classifier()
    again = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: model.fit(X, Y))
    model.fit(X, Y, verbose=0, callbacks=[again])


ERRORS = [
    # shapes
    (lambda: fit(X[:, :7]), "model input: expected samples of shape (8,), got (7,)."),
    (lambda: fit(X[:, :, None]),
     "model input: expected samples of shape (8,), got (8, 1). Hint: reshape the data, or begin "
     "the model with Flatten"),
    (lambda: fit(X, Y[:5]),
     "x and y: expected as many targets as inputs along the first axis, got (32, 8) and (5,)"),
    (lambda: fit(validation_data=(X, Y[:5])),
     "validation_x and validation_y: expected as many targets as inputs along the first axis, got "
     "(32, 8) and (5,)"),
    (lambda: fit(X[:0], Y[:0]),
     "fit: expected at least one sample, got batch_size 32 and 0 samples."),
    (lambda: fit(y=None), "fit: expected targets, got y=None"),
    (lambda: fit(y=np.eye(3)[Y]),
     "loss sparse_categorical_crossentropy: the targets are one-hot rows, not labels; expected "
     "labels of shape (None,), got (None, 3). Hint: leave to_categorical out, or use "
     "categorical_crossentropy"),
    (lambda: classifier().evaluate(X[:, :7], Y, verbose=0),
     "model input: expected samples of shape (8,), got (7,)."),
    (lambda: classifier().evaluate(X[:0], Y[:0], verbose=0),
     "evaluate: expected samples of 1 or more, got 0."),
    (lambda: predict(X[0]),
     "predict: expected inputs of shape (None, 8), got (8,). Hint: one sample is a batch of one: "
     "put an axis of 1 in front"),
    (lambda: predict(X[:, :7]), "predict: expected inputs of shape (None, 8), got (32, 7)."),
    (lambda: classifier().predict_classes(X[:, :7]),
     "model input: expected samples of shape (8,), got (7,)."),
    (lambda: pair().predict(X[:, :3]), "x: expected 2 arrays, for a, b, got ndarray"),
    (lambda: pair().predict([X[:, :3]] * 3), "x: expected 2 arrays, for a, b, got 3"),
    (lambda: pair().predict({"a": X[:, :3], "c": X[:, :2]}),
     "x: expected arrays for a, b, got a, c"),
    (lambda: pair().predict([X[:, :3], X[:, :3]]),
     "predict: expected inputs of shape (None, 2), got (32, 3)."),
    (lambda: pair().predict([X[:, :3], X[:5, :2]]),
     "predict: expected inputs of shape (None, 2), as many as of the first, got (5, 2)."),
    # values
    (lambda: fit(with_value(np.nan)),
     f"sample 3: input 0 is not finite, got nan at element 2. {BEFORE}"),
    (lambda: fit(with_value(-np.inf)),
     f"sample 3: input 0 is not finite, got -inf at element 2. {BEFORE}"),
    (lambda: classifier().evaluate(with_value(np.nan), Y, verbose=0),
     "sample 3: input 0 is not finite, got nan at element 2."),
    (lambda: predict(with_value(np.nan)),
     "predict: sample 3 holds a value that is not finite, got nan at element 2. Hint: replace "
     "missing values, or leave such samples out"),
    (lambda: fit(y=np.where(np.arange(32) == 8, 3, Y)),
     "sample 8: label out of range; expected 0 … 2, as the model's last layer has 3 outputs, "
     "got 3."),
    (lambda: fit(y=Y + 0.5),
     "sample 8: a label counts classes; expected a whole number, got 0.5. Hint: numbers go with "
     "mean_squared_error"),
    (lambda: keras.utils.to_categorical([0, 3], 3),
     "to_categorical: expected labels within 0 … 2, got 3 at index 1."),
    (lambda: keras.utils.to_categorical([-1]),
     "to_categorical: expected labels within 0 … 0, got -1 at index 0."),
    (lambda: classifier().set_weights([np.full((8, 16), np.nan), np.ones(16), np.ones((16, 3)),
                                       np.ones(3)]),
     "weight dense/kernel: expected finite numbers, got nan at element 0."),
    (lambda: classifier().layers[0].set_weights([np.ones((8, 16)), np.full(16, np.inf)]),
     'Dense "dense": weight bias: expected finite numbers, got inf at element 0.'),
    # types
    (lambda: predict(X.astype(str)),
     f"x: expected numbers, got an array of texts (dtype <U32). Hint: {DTYPES}"),
    (lambda: fit(y=["a"] * 32),
     f"y: expected numbers, got an array of texts (dtype <U1). Hint: {DTYPES}"),
    (lambda: predict(X.astype(object)),
     f"x: expected numbers, got an array of objects (dtype object). Hint: {DTYPES}"),
    (lambda: predict(None),
     f"x: expected numbers, got an array of objects (dtype object). Hint: {DTYPES}"),
    (lambda: predict(X.astype(complex)),
     f"x: expected numbers, got an array of complex numbers (dtype complex128). Hint: {DTYPES}"),
    (lambda: predict(np.zeros((2, 8), "datetime64[s]")),
     f"x: expected numbers, got an array of dates (dtype datetime64[s]). Hint: {DTYPES}"),
    (lambda: predict(np.zeros(2, [("a", "f4"), ("b", "i4")])),
     "x: expected numbers, got an array of records (dtype [('a', '<f4'), ('b', '<i4')]). Hint: "
     + DTYPES),
    (lambda: predict(3.0), "x: expected an array with one row per sample, got a single number"),
    # options of fit
    (lambda: fit(batch_size=0), "fit: expected batch_size of 1 or more, got 0."),
    (lambda: fit(batch_size="all"), "batch_size: expected a number, got 'all'"),
    (lambda: fit(epochs=-1), "fit: expected epochs of 0 or more, got -1."),
    (lambda: fit(epochs="ten"), "epochs: expected a number, got 'ten'"),
    (lambda: fit(validation_split=1.5), "fit: expected 0 <= validation_split < 1, got 1.5."),
    (lambda: fit(validation_split="0.1 of it"),
     "validation_split: expected a number, got '0.1 of it'"),
    (lambda: fit(validation_data=X),
     "validation_data: expected (x, y) or (x, y, sample_weight), got ndarray"),
    (lambda: fit(validation_data=(X,)),
     "validation_data: expected (x, y) or (x, y, sample_weight), got 1 parts"),
    (lambda: fit(validation_data=(X[:, :3], Y)),
     "model input: expected samples of shape (8,), got (3,)."),
    (lambda: fit(sample_weight=np.ones(3)),
     "sample_weight: expected float32, one per sample: (32,), got float32 (3,)."),
    (lambda: fit(sample_weight=-np.ones(32)),
     "sample_weight of sample 0: expected a finite weight of 0 or more, got -1."),
    (lambda: fit(class_weight={0: -1}),
     "class_weight of class 0: expected a finite weight of 0 or more, got -1."),
    # callbacks
    (lambda: fit(callbacks=[keras.callbacks.EarlyStopping()]),
     'EarlyStopping: unknown monitored value "val_loss"; expected one of loss, accuracy. Hint: it '
     "takes validation_data or a validation_split"),
    (refit,
     'model "sequential": fit was called while the model is being fitted. Hint: a callback may '
     "evaluate and predict; train on when fit has returned, or train another model"),
    # generators
    (lambda: fit(iter([]), None), "fit: expected a batch at least, got none"),
    (lambda: fit(iter([X]), None), "fit: expected batches (x, y), got x alone"),
    (lambda: fit(iter([(X, Y), (X[:, :5], Y)]), None, steps_per_epoch=2),
     "fit: a batch: expected float32 samples of shape (8,), as in the first batch, got float32 "
     "(32, 5)."),
    (lambda: fit(iter([(X, Y[:3])]), None),
     "fit: a batch: expected 32 rows in each of its arrays, got 3."),
    (lambda: fit(iter([(X, Y)]), None, epochs=2),
     "fit: the stream has no more samples in epoch 2. Hint: a generator gives its batches once: "
     "steps_per_epoch divides them into epochs, and a sequence or arrays begin again"),
    # models
    (lambda: not_compiled().fit(X, Y, verbose=0),
     'model "sequential": is not compiled yet. Hint: call compile("adam", loss=…, '
     'metrics=["accuracy"])'),
    (lambda: keras.Sequential([Dense(3)]).summary(),
     'model "sequential": is not built yet. Hint: call build((None, 784)), begin with '
     "Input((784,)), or fit it first"),
    (lambda: keras.Model(keras.Input((3,)), Dense(1)(keras.Input((3,), name="b"))),
     'Model: an output depends on InputLayer "b", which is not among the inputs. Hint: name every '
     "Input: Model([x], [y])"),
    (lambda: keras.layers.Add()([keras.Input((3,))]),
     "Add: expected two inputs or more, got 1. Hint: call it on a list: Add()([a, b])"),
    (lambda: classifier().get_layer("dens"),
     'model "sequential": unknown layer "dens"; expected one of dense, dense_1'),
    (lambda: keras.Sequential([keras.layers.Flatten]),
     "Sequential: expected a layer, got Flatten. Hint: Flatten() makes one"),
    # parts
    (lambda: Dense(-1),
     "Dense: expected units > 0, got -1. Hint: units is the number of outputs: 64, or as many as "
     "there are classes"),
    (lambda: Dense("a"), "Dense: units: expected a whole number, got a."),
    (lambda: Dense(3, activation="relo"),
     'Dense: activation: unknown activation "relo"; expected one of relu, relu6, elu, selu, gelu, '
     "silu, tanh, mish and 9 more."),
    (lambda: not_compiled().compile("adma", "mse"),
     'optimizer: unknown optimizer "adma"; expected one of adam, adamw, adamax, nadam, sgd, '
     "adagrad, lion, adadelta, rmsprop."),
    (lambda: keras.optimizers.Adam(-1), "Adam: expected learning_rate of 0 or more, got -1."),
    # files
    (lambda: keras.models.load_model("/nowhere/model.safetensors"),
     "/nowhere/model.safetensors: cannot open: No such file or directory."),
    (lambda: classifier().save("/nowhere/model.safetensors"),
     "/nowhere/model.safetensors: cannot create: No such file or directory. Hint: "
     "make its folder first"),
    (lambda: classifier().save("model.pt"),
     "model.pt: cannot tell the format from the name; expected a name that ends in .keras, .h5 or "
     ".safetensors. Hint: PyTorch reads weights in .safetensors, by safetensors.torch.load_file"),
    (lambda: classifier().save("model.weights.h5"),
     "model.weights.h5: expected a name that ends in .keras, .h5 or .safetensors. Hint: "
     "save_weights(path) writes the weights alone"),
    (lambda: classifier().save_weights("model.pt"),
     "model.pt: cannot tell the format from the name; expected a name that ends in .weights.h5, "
     ".npz or .safetensors. Hint: PyTorch reads weights in .safetensors, by "
     "safetensors.torch.load_file"),
    (lambda: keras.models.model_from_json("{"),
     "model_from_json: line 1, column 1: not JSON: it ends too early."),
]


@pytest.mark.parametrize("call, text", ERRORS, ids=[text[:40] for _, text in ERRORS])
def test_a_mistake_is_told_in_these_words(call, text):
    with pytest.raises(cornu.Error) as caught:
        call()
    assert str(caught.value) == text
    assert isinstance(caught.value, ValueError)


def test_a_ragged_list():
    # The rest of the text is NumPy's.
    with pytest.raises(cornu.Error, match="^x: expected rows of one length, got a list that makes "
                                          "no array: "):
        predict([[1.0] * 8, [1.0] * 7])


class Frame:
    """As a pandas DataFrame or Series is seen: an __array__ and its own __getitem__."""

    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def __getitem__(self, column):
        raise KeyError(column)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype)


class Exchanged:
    """As a tensor of another library is seen, with DLPack alone."""

    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def __dlpack__(self, **options):
        return self.values.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.values.__dlpack_device__()


def trained(x, y):
    model = classifier()
    model.fit(x, y, epochs=2, verbose=0)
    return [*model.get_weights(), model.predict(x), model.evaluate(x, y, verbose=0)]


@pytest.mark.parametrize("other", [
    lambda values: values.tolist(), Frame, Exchanged, np.asfortranarray,
    lambda values: np.repeat(values, 2, axis=0)[::2]],
    ids=["lists", "frame", "dlpack", "fortran", "view"])
def test_what_holds_the_same_numbers_trains_the_same(other):
    for a, b in zip(trained(X, Y), trained(other(X), other(Y))):
        np.testing.assert_array_equal(a, b)


def test_columns_of_a_pandas_frame():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=list("abcdefgh"))
    for a, b in zip(trained(X, Y), trained(frame, pandas.Series(Y))):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(cornu.Error, match="array of objects"):
        predict(frame.assign(h="text"))


def test_tensors_of_torch():
    torch = pytest.importorskip("torch")
    for a, b in zip(trained(X, Y), trained(torch.from_numpy(X), torch.from_numpy(Y))):
        np.testing.assert_array_equal(a, b)
