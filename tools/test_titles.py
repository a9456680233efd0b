"""Requirement ids in the titles of tests: what `parity` and `seed-table` share."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ID = r"[A-Z]{3}-\d+(?:…\d+)?"
TITLE = re.compile(r'@Test\(\s*"((?:[^"\\]|\\.)*)"')
LEADING_IDS = re.compile(rf"(?:{ID}(?:,|/| and)?\s*)+")
# A test that names more than these shows none of them in particular.
MOST_IDS = 4


def expand(text):
    """The single ids in `text`; NET-35…37 stands for three."""
    ids = []
    for match in re.finditer(r"([A-Z]{3})-(\d+)(?:…(\d+))?", text):
        first = int(match[2])
        ids += [f"{match[1]}-{number}" for number in range(first, int(match[3] or first) + 1)]
    return ids


@dataclass(frozen=True)
class Test:
    """A test by its title, with the ids that the title begins with."""

    path: Path
    title: str
    ids: tuple
    # `.disabled`, or `.enabled(if:)`: skipped wherever the condition does not hold, so nothing is shown by it.
    is_skipped: bool


def all_tests():
    for path in sorted((ROOT / "Tests").rglob("*.swift")):
        source = path.read_text(encoding="utf-8")
        for match in TITLE.finditer(source):
            rest = source[match.end() :]
            declaration = re.search(r"\bfunc\b", rest)
            traits = rest[: declaration.start()] if declaration else ""
            leading = LEADING_IDS.match(match[1])
            yield Test(path, match[1], tuple(expand(leading[0])) if leading else (), ".disabled(" in traits or ".enabled(" in traits)


@functools.cache
def tested(skipped=False):
    """Requirement id → the files with a test whose title begins with it, alone or among few; skipped tests count only if asked for."""
    found = {}
    for test in all_tests():
        if test.is_skipped == skipped and len(test.ids) <= MOST_IDS:
            for requirement in test.ids:
                found.setdefault(requirement, set()).add(test.path)
    return found


def all_requirements():
    """Every id of the specification, in its order."""
    return (ROOT / "fixtures/parity/requirements.txt").read_text(encoding="utf-8").split()
