"""What cannot be carried over is refused before anything runs."""

from __future__ import annotations

from typing import Any

from ..errors import NotPossible
from .places import place_of


class NotCarriedOver(NotPossible):
    """Something that a script says and the device cannot do: which object, which line of the script, and why."""

    def __init__(self, thing: Any, reason: str) -> None:
        name = getattr(thing, "name", None)
        self.object = str(name) if name is not None else None
        self.place = place_of(thing)
        self.reason = reason
        where = f"{self.place}: " if self.place else ""
        what = f"{type(thing).__name__} '{name}': " if name is not None else ""
        super().__init__(
            f"{where}{what}{reason}. Nothing was run; without set_device('engram', …) the script runs as before"
        )
