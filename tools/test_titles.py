"""Requirement ids in the titles of tests: what `parity` and `seed-table` share."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ID = r"[A-Z]{3}-\d+(?:…\d+)?"
TITLE = re.compile(r'@Test\(\s*"((?:[^"\\]|\\.)*)"')
LEADING_IDS = re.compile(rf"(?:{ID}(?:,|/| and)?\s*)+")


def expand(text):
    """The single ids in `text`; NET-35…37 stands for three."""
    ids = []
    for match in re.finditer(r"([A-Z]{3})-(\d+)(?:…(\d+))?", text):
        first = int(match[2])
        ids += [f"{match[1]}-{number}" for number in range(first, int(match[3] or first) + 1)]
    return ids


def tested():
    """Requirement id → the files with an enabled test whose title begins with it."""
    found = {}
    for path in sorted((ROOT / "Tests").rglob("*.swift")):
        source = path.read_text(encoding="utf-8")
        for match in TITLE.finditer(source):
            rest = source[match.end() :]
            declaration = re.search(r"\bfunc\b", rest)
            if declaration and ".disabled(" in rest[: declaration.start()]:
                continue
            if leading := LEADING_IDS.match(match[1]):
                for requirement in expand(leading[0]):
                    found.setdefault(requirement, set()).add(path)
    return found


def all_requirements():
    """Every id of the specification, in its order."""
    return (ROOT / "fixtures/parity/requirements.txt").read_text(encoding="utf-8").split()
