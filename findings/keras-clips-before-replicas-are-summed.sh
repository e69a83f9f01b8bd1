#!/bin/bash
# keras 3.15.1 on TensorFlow 2.21.0: under MirroredStrategy, clipnorm, global_clipnorm and clipvalue clip
# the gradient of each replica before the replicas are summed. What is applied then depends on how many
# replicas there are: it can be longer than the bound (2 instead of 1), and gradients that oppose each
# other can cancel (0 instead of 1), so that nothing is learned. Without clipping all agree.
# Right would be the clipped sum, as on one device: the documentation bounds the gradient of a weight, and
# the guide to distributed training says that replicas train the same model as one device would. Keras 2
# has it so: tf_keras 2.21.0 moves by 1.0 in all six cases. The guess before running it was a clip of
# each replica.
# Seen on 2026-12-01, with Python 3.11: a weight after one step of SGD at rate 1 with a bound of 1, from
# targets 5 and -2, and from 5 and 5, by one device; by two replicas:
#     no clipping: 3.0, 10.0; 3.0, 10.0
#     clipnorm: 1.0, 1.0; 0.0, 2.0
#     global_clipnorm: 1.0, 1.0; 0.0, 2.0
#     clipvalue: 1.0, 1.0; 0.0, 2.0
# Reported: not yet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install keras==3.15.1 tensorflow-cpu==2.21.0 || exit 2
seen=$(cd "$folder" && KERAS_BACKEND=tensorflow TF_CPP_MIN_LOG_LEVEL=3 \
  "$folder/venv/bin/python" 2>/dev/null - <<'PYTHON'
import keras
import numpy as np
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
one = tf.distribute.OneDeviceStrategy("/cpu:0")
two = tf.distribute.MirroredStrategy(["/cpu:0", "/cpu:1"])


def weight_after_a_step(strategy, options, targets):
    with strategy.scope():
        model = keras.Sequential([keras.Input((1,)),
                                  keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
        model.compile(keras.optimizers.SGD(1.0, **options), "mse")
    model.fit(np.ones((2, 1)), np.array(targets)[:, None], batch_size=2, shuffle=False, verbose=0)
    return f"{model.get_weights()[0].item():.1f}"


for bound in None, "clipnorm", "global_clipnorm", "clipvalue":
    options = {bound: 1.0} if bound else {}
    print(f"{bound or 'no clipping'}: " + "; ".join(
        ", ".join(weight_after_a_step(strategy, options, targets) for targets in ([5.0, -2.0], [5.0, 5.0]))
        for strategy in (one, two)))
PYTHON
) || exit 2
expected='no clipping: 3.0, 10.0; 3.0, 10.0
clipnorm: 1.0, 1.0; 0.0, 2.0
global_clipnorm: 1.0, 1.0; 0.0, 2.0
clipvalue: 1.0, 1.0; 0.0, 2.0'
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
printf 'as found:\n%s\n' "$seen"
