"""What a checkpoint says about its network beside the numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import DamagedFile
from ..storage.description import StoredQuantity, Value, decode
from ..storage.manifest import Manifest
from ..units import Array

_PLACE = re.compile(r"\s*([^\[\].]+)\s*(?:\[\s*(\d+)\s*:\s*(\d*)\s*\])?\s*")


@dataclass(frozen=True)
class ObjectRecord:
    """One object of a network: its kind, when it acts, and the texts it was described with."""

    name: str
    kind: str
    clock: str = ""
    when: str = ""
    order: int = 0
    is_active: bool = True
    owner: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    is_described: bool = True

    def end(self, which: str) -> tuple[str, int, int | None]:
        """The group at one end (``source``, ``target``), the number of its first element there, and the one behind its last."""
        text = str(self.fields.get(which, self.fields.get("source", "")))
        match = _PLACE.fullmatch(text)
        if match is None:
            return text.split("[", 1)[0], 0, None
        return match[1], int(match[2] or 0), int(match[3]) if match[3] else None


@dataclass(frozen=True)
class Network:
    """The description of a network at one checkpoint.

    ``constants`` are those in force, with their units (of a program's network those of its last run); ``experiment`` holds the model file and the place in its
    steps where the run was started from a file.
    """

    name: str
    time: float
    seed: int | None
    clocks: tuple[str, ...]
    objects: Mapping[str, ObjectRecord]
    constants: Mapping[str, Any]
    provenance: Mapping[str, str]
    experiment: Mapping[str, Any] = field(default_factory=dict)

    @property
    def model_text(self) -> str | None:
        """The model file, as it was given; None for networks that a program built."""
        text = self.experiment.get("text")
        return text if isinstance(text, str) else None


def read_network(manifest: Manifest) -> Network:
    """Raises :class:`DamagedFile` where the description lacks something."""
    parts = manifest.contents.parts

    def part(name: str) -> Value:
        if name not in parts:
            raise DamagedFile(manifest.file, f"the part '{name}' is missing")
        return decode(parts[name], manifest.file, name)

    network = _mapping(part("network"), manifest, "network")
    models = _descriptions(part("model"), manifest)
    objects: dict[str, ObjectRecord] = {}
    for value in _list(network.get("objects"), manifest, "objects"):
        entry = _mapping(value, manifest, "an object")
        name = str(entry.get("name", ""))
        described = models.get(name)
        owner = entry.get("owner")
        objects[name] = ObjectRecord(
            name=name,
            kind=str(described["kind"] if described else entry.get("kind", "")),
            clock=str(entry.get("clock", "")),
            when=str(entry.get("when", "")),
            order=_integer(entry.get("order", 0)),
            is_active=bool(entry.get("active", True)),
            owner=str(owner) if owner is not None else None,
            fields=described["fields"] if described else {},
            is_described=described is not None,
        )
    time = network.get("time")
    random = network.get("random")
    run = network.get("run")
    experiment = _optional(parts, "experiment", manifest)
    # Steps and branches may have changed some since the last run.
    constants = experiment.get("constants", run.get("namespace") if isinstance(run, dict) else network.get("namespace"))
    return Network(
        name=str(network.get("name", "")),
        time=float(time[0]) if isinstance(time, np.ndarray) and time.size else manifest.time,
        seed=_integer(random["seed"]) % (1 << 64) if isinstance(random, dict) and "seed" in random else None,
        clocks=tuple(
            str(_mapping(clock, manifest, "a clock").get("name", ""))
            for clock in _list(network.get("clocks"), manifest, "clocks")
        ),
        objects=objects,
        constants={name: readable(value) for name, value in (constants if isinstance(constants, dict) else {}).items()},
        provenance={key: str(value) for key, value in _optional(parts, "provenance", manifest).items()},
        experiment=experiment,
    )


def readable(value: Any) -> Any:
    """A stored value as Python has it: quantities become arrays without axes that carry their unit."""
    return Array(value.si, value.dimension) if isinstance(value, StoredQuantity) else value


def _optional(parts: Mapping[str, bytes], name: str, manifest: Manifest) -> Mapping[str, Any]:
    return _mapping(decode(parts[name], manifest.file, name), manifest, name) if name in parts else {}


def _descriptions(value: Value, manifest: Manifest) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for item in _list(value, manifest, "the model"):
        entry = _mapping(item, manifest, "the description of an object")
        _mapping(entry.get("fields", {}), manifest, "the fields of an object")
        found[str(entry.get("name", ""))] = {"kind": entry.get("kind", ""), "fields": entry.get("fields", {})}
    return found


def _mapping(value: Any, manifest: Manifest, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DamagedFile(manifest.file, f"{what} is not a mapping")
    return value


def _list(value: Any, manifest: Manifest, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise DamagedFile(manifest.file, f"{what} is not a list")
    return value


def _integer(value: Any) -> int:
    return value if isinstance(value, int) else 0
