"""Changing the steps of a model file without touching anything else of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from ..errors import EngramError, NotPossible
from ..reading.checkpoint import Checkpoint
from .values import value_text


def text_node(text: str) -> yaml.ScalarNode:
    """A text that no reader of YAML can take for something else."""
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style='"')


def mapping_node(items: Mapping[str, yaml.Node]) -> yaml.MappingNode:
    return yaml.MappingNode("tag:yaml.org,2002:map", [(text_node(key), value) for key, value in items.items()])


def set_step(targets: Mapping[str, Any]) -> yaml.MappingNode:
    return mapping_node({"set": mapping_node({name: text_node(value_text(value)) for name, value in targets.items()})})


def constants_step(constants: Mapping[str, Any]) -> yaml.MappingNode:
    return mapping_node(
        {"constants": mapping_node({name: text_node(value_text(value)) for name, value in constants.items()})}
    )


def continued_text(checkpoint: Checkpoint, steps: Sequence[yaml.Node]) -> str:
    """The model file of a checkpoint, with the steps done so far and then ``steps`` instead of what followed.

    Raises :class:`NotPossible` where the checkpoint lies inside a step, since a step that has begun cannot be changed.
    """
    experiment = checkpoint.network.experiment
    text, path = experiment.get("text"), experiment.get("path")
    if not isinstance(text, str) or not isinstance(path, list):
        raise NotPossible(
            f"{checkpoint.id} of {checkpoint.place} was made by a program, not from a model file: only that program can set "
            f"values in a branch of it"
        )
    if experiment.get("inside") or len(path) != 2:
        where = "inside a run step" if experiment.get("inside") else "inside a repetition"
        raise NotPossible(
            f"{checkpoint.id} of {checkpoint.place} lies {where}, and steps that have begun cannot be changed; branch from a "
            f"checkpoint between two steps, such as one that `store` made"
        )
    if experiment.get("replaced"):
        names = ", ".join(experiment["replaced"])
        raise NotPossible(
            f"{checkpoint.place} was started with other constants than its file has ({names}); the program cannot change steps "
            f"and repeat that yet: write these values into the file and start anew"
        )
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise EngramError(f"the model file of {checkpoint.place} is not a mapping")
    done = _steps(root)
    if path[0] > len(done):
        raise EngramError(
            f"{checkpoint.id} of {checkpoint.place} says that {path[0]} steps are done, the file has {len(done)}"
        )
    kept = [entry for entry in root.value if entry[0].value != "run"]
    run = yaml.SequenceNode("tag:yaml.org,2002:seq", [*done[: path[0]], *steps])
    root.value = [*kept, (yaml.ScalarNode("tag:yaml.org,2002:str", "run"), run)]
    written = yaml.serialize(root, Dumper=yaml.SafeDumper, allow_unicode=True, width=1 << 20)
    return str(written)


def _steps(root: yaml.MappingNode) -> list[yaml.Node]:
    """The steps as a list; a file may have none, or one duration."""
    for key, value in root.value:
        if key.value == "run":
            if isinstance(value, yaml.SequenceNode):
                return list(value.value)
            return [
                yaml.MappingNode("tag:yaml.org,2002:map", [(yaml.ScalarNode("tag:yaml.org,2002:str", "run"), value)])
            ]
    return []
