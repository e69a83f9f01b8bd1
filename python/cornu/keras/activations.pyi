# Written by tools/make_stubs.py: Activations: functions of a layer's output.

from typing import Any

class _Part:
    def get_config(self) -> Any: ...
    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class Activation(object):
    def __init__(self, kind: Any, name: Any) -> None: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

def get(identifier: Any) -> Any: ...

def serialize(activation: Any) -> Any: ...

def deserialize(config: Any, custom_objects: Any = None) -> Any: ...

elu: Activation
exponential: Activation
gelu: Activation
hard_sigmoid: Activation
leaky_relu: Activation
linear: Activation
log_softmax: Activation
mish: Activation
relu: Activation
relu6: Activation
selu: Activation
sigmoid: Activation
silu: Activation
softmax: Activation
softplus: Activation
softsign: Activation
tanh: Activation
