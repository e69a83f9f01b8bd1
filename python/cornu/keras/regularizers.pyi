# Written by tools/make_stubs.py: Regularizers: penalties on weights.

from typing import Any

class _Part:
    def get_config(self) -> Any: ...
    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class Regularizer(_Part):
    ...

def get(identifier: Any) -> Any: ...

def l1_l2(l1: Any = 0.0, l2: Any = 0.0) -> Any: ...

class L1(Regularizer):
    def __init__(self, l1: Any = 0.01, **kwargs: Any) -> None: ...

class L1L2(Regularizer):
    def __init__(self, l1: Any = 0.0, l2: Any = 0.0, **kwargs: Any) -> None: ...

class L2(Regularizer):
    def __init__(self, l2: Any = 0.01, **kwargs: Any) -> None: ...

l1: Any
l1l2: Any
l2: Any
