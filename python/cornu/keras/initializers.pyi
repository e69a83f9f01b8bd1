# Written by tools/make_stubs.py: Initializers: the values of weights before training.

from typing import Any

class _Part:
    def get_config(self) -> Any: ...
    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class Initializer(_Part):
    def __call__(self, shape: Any, dtype: Any = None) -> Any: ...

def get(identifier: Any) -> Any: ...

def serialize(initializer: Any) -> Any: ...

def deserialize(config: Any, custom_objects: Any = None) -> Any: ...

class Constant(Initializer):
    def __init__(self, value: Any = 0.0, **kwargs: Any) -> None: ...

class GlorotNormal(Initializer):
    def __init__(self, seed: Any = None, input_axes: Any = None, output_axes: Any = None, **kwargs: Any) -> None: ...

class GlorotUniform(Initializer):
    def __init__(self, seed: Any = None, input_axes: Any = None, output_axes: Any = None, **kwargs: Any) -> None: ...

class HeNormal(Initializer):
    def __init__(self, seed: Any = None, input_axes: Any = None, output_axes: Any = None, **kwargs: Any) -> None: ...

class HeUniform(Initializer):
    def __init__(self, seed: Any = None, input_axes: Any = None, output_axes: Any = None, **kwargs: Any) -> None: ...

class Identity(Initializer):
    def __init__(self, gain: Any = 1.0, **kwargs: Any) -> None: ...

class LecunNormal(Initializer):
    def __init__(self, seed: Any = None, input_axes: Any = None, output_axes: Any = None, **kwargs: Any) -> None: ...

class LecunUniform(Initializer):
    def __init__(self, seed: Any = None, input_axes: Any = None, output_axes: Any = None, **kwargs: Any) -> None: ...

class Ones(Initializer):
    def __init__(self, **kwargs: Any) -> None: ...

class Orthogonal(Initializer):
    def __init__(self, gain: Any = 1.0, seed: Any = None, **kwargs: Any) -> None: ...

class RandomNormal(Initializer):
    def __init__(self, mean: Any = 0.0, stddev: Any = 0.05, seed: Any = None, **kwargs: Any) -> None: ...

class RandomUniform(Initializer):
    def __init__(self, minval: Any = -0.05, maxval: Any = 0.05, seed: Any = None, **kwargs: Any) -> None: ...

class TruncatedNormal(Initializer):
    def __init__(self, mean: Any = 0.0, stddev: Any = 0.05, seed: Any = None, **kwargs: Any) -> None: ...

class VarianceScaling(Initializer):
    def __init__(self, scale: Any = 1.0, mode: Any = 'fan_in', distribution: Any = 'truncated_normal', seed: Any = None, input_axes: Any = None, output_axes: Any = None, **kwargs: Any) -> None: ...

class Zeros(Initializer):
    def __init__(self, **kwargs: Any) -> None: ...

constant: Any
glorot_normal: Any
glorot_uniform: Any
he_normal: Any
he_uniform: Any
identity: Any
lecun_normal: Any
lecun_uniform: Any
ones: Any
orthogonal: Any
random_normal: Any
random_uniform: Any
truncated_normal: Any
variance_scaling: Any
zeros: Any
