"""The checkpoints of a run as a tree of branches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Node:
    """A checkpoint and those that came from it; ``words`` are its names and tags."""

    id: str
    sequence: int
    line: str
    kind: str
    label: str
    t: float
    parent: str | None = None
    words: str = ""
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


class Tree:
    """All checkpoints, oldest first, with their branches; printing it draws it."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = sorted(nodes, key=lambda node: node.sequence)
        by_id = {node.id: node for node in self.nodes}
        self.roots: list[Node] = []
        for place, node in enumerate(self.nodes):
            parent = by_id.get(self._stand_in(node, self.nodes[:place], by_id) or "")
            node.parent = parent.id if parent else None
            (parent.children if parent else self.roots).append(node)

    @staticmethod
    def _stand_in(node: Node, before: list[Node], by_id: dict[str, Node]) -> str | None:
        """The parent; where that has been collected, the newest one before it, of the same line where it had begun."""
        if node.parent is None or (node.parent in by_id and by_id[node.parent].sequence < node.sequence):
            return node.parent
        digits = node.parent.removeprefix("ck-")
        limit = int(digits) if digits.isdecimal() else node.sequence
        for other in reversed(before):
            if other.sequence < limit and (other.line == node.line or node.kind == "branch"):
                return other.id
        return None

    def rows(self) -> dict[str, int]:
        """A row for each checkpoint by its id: the first child goes on in its parent's row, the others begin their own."""
        row_of: dict[str, int] = {}
        rows = 0
        for root in self.roots:
            for node in root.walk():
                if node.id not in row_of:
                    row_of[node.id] = rows
                    rows += 1
                if node.children:
                    row_of[node.children[0].id] = row_of[node.id]
        return row_of

    def __str__(self) -> str:
        # A chain without branches stays in its column; only branches indent. However deep, without recursion.
        lines: list[str] = []
        waiting = [(root, "", "") for root in reversed(self.roots)]
        while waiting:
            node, lead, below = waiting.pop()
            lines.append(f"{lead}● {node.label}")
            if node.children:
                *branches, last = node.children
                waiting.append((last, below, below))
                waiting.extend((child, below + "├─", below + "│ ") for child in reversed(branches))
        return "\n".join(lines) or "no checkpoints yet"

    __repr__ = __str__
