"""The model file that a script amounts to: written, and compared with the one that a run was made with."""

from __future__ import annotations

import os
import re
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


def _numbers(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.SequenceNode:
    """Numbers on one line; what has parts of its own on a line each."""
    is_plain = all(isinstance(item, (int, float)) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=is_plain)


_Dumper.add_representer(list, _numbers)


class ModelText:
    """The text of a document whose steps become more: those that were written before are not made into text anew."""

    def __init__(self) -> None:
        self._steps: list[tuple[Any, str]] = []

    def write(self, document: dict[str, Any], path: Path) -> None:
        """Written aside and renamed: whoever looks sees the old one or the new one."""
        steps: list[Any] = document["run"]
        kept = 0
        while kept < min(len(steps), len(self._steps)) and self._steps[kept][0] is steps[kept]:
            kept += 1
        self._steps[kept:] = [(step, _dumped([step])) for step in steps[kept:]]
        head = _dumped({key: value for key, value in document.items() if key != "run"})
        run = '"run":\n' + "".join(text for _, text in self._steps) if steps else '"run": []\n'
        aside = path.with_suffix(f".{os.getpid()}.tmp")
        aside.write_text(head + run, encoding="utf-8")
        os.replace(aside, path)


def _dumped(document: Any) -> str:
    return str(yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=1 << 20, allow_unicode=True))


def as_read(document: Any) -> Any:
    """The document as it comes back from its text, to compare it with another that did."""
    return yaml.load(_dumped(document), Loader=_Loader)


def parse(text: str, place: str) -> dict[str, Any]:
    found = yaml.load(text, Loader=_Loader)
    if not isinstance(found, dict) or not isinstance(found.get("run"), list):
        raise EngramError(
            f"'{place}' was not made by this device; choose another directory, or fresh=True to move it aside"
        )
    return found


def object_at(lines: list[str], number: int) -> str | None:
    """The name of the object that a line of a model file belongs to; lines count from 1. None where it belongs to none."""
    inner = 1 << 20
    for place in range(min(number, len(lines)) - 1, -1, -1):
        text = lines[place].lstrip()
        depth = len(lines[place]) - len(text)
        if depth >= inner:
            continue
        inner = depth
        if text.startswith('- "kind":') and place + 1 < len(lines):
            name = re.match(r'\s*"name": "(.*)"', lines[place + 1])
            return name[1] if name is not None else None
    return None


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
