"""Brian 2 scripts on Engram: ``import engram.brian2``, then ``set_device('engram', directory='week1.engram')``."""

from .device import EngramDevice
from .refusal import NotCarriedOver

__all__ = ["EngramDevice", "NotCarriedOver"]
