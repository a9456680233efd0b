"""The model file that a script amounts to: written, and compared with the one that a run was made with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from ..errors import EngramError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast ones where PyYAML was built with them: the steps of a long script are many."""


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else '"')


_Dumper.add_representer(str, _text)


def write(document: dict[str, Any], path: Path) -> None:
    """Written aside and renamed: whoever looks sees the old one or the new one."""
    aside = path.with_suffix(f".{os.getpid()}.tmp")
    with aside.open("w", encoding="utf-8") as file:
        yaml.dump(document, file, Dumper=_Dumper, sort_keys=False, width=1 << 20, allow_unicode=True)
    os.replace(aside, path)


def as_read(document: Any) -> Any:
    """The document as it comes back from its text, to compare it with another that did."""
    return yaml.load(yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=1 << 20), Loader=_Loader)


def parse(text: str, place: str) -> dict[str, Any]:
    found = yaml.load(text, Loader=_Loader)
    if not isinstance(found, dict) or not isinstance(found.get("run"), list):
        raise EngramError(
            f"'{place}' was not made by this device; choose another directory, or fresh=True to move it aside"
        )
    return found


def difference(old: Any, new: Any, where: str = "") -> str | None:
    """The first place where two documents differ, in words; None where they agree."""
    if type(old) is type(new) and isinstance(old, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            name = f"{where}.{key}" if where else str(key)
            if key not in old:
                return f"{name} is new"
            if key not in new:
                return f"{name} is gone"
            if (found := difference(old[key], new[key], name)) is not None:
                return found
        return None
    if type(old) is type(new) and isinstance(old, list):
        for place, (first, second) in enumerate(zip(old, new, strict=False)):
            title = first.get("name", place) if isinstance(first, dict) else place
            if (found := difference(first, second, f"{where}[{title}]")) is not None:
                return found
        return None if len(old) == len(new) else f"{where} had {len(old)} entries and has {len(new)}"
    return None if old == new else f"{where} was {_short(old)} and is {_short(new)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"
