"""The pages of the documentation: links lead somewhere, samples do what they say, nothing is named that does not exist."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import CHECKOUT

# Everything that people read; what a build or a test leaves behind is not.
PAGES = sorted(
    Path(line)
    for line in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    if line and (CHECKOUT / line).exists()
) or sorted(path.relative_to(CHECKOUT) for path in [CHECKOUT / "README.md", *CHECKOUT.glob("Documentation/**/*.md")])
# Pages whose commands and Python run from top to bottom; `FILE.yaml` in the text in front of a model names it.
EXECUTED = [
    "FirstNetwork", "Plasticity", "NeuronsWithShape", "LongRuns", "Branches", "Numerics", "RunDirectory", "ComingFromNEST", "README",
]  # fmt: skip


def text_of(page: Path) -> str:
    return (CHECKOUT / page).read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def blocks(text: str, *kinds: str) -> list[tuple[str, str, int]]:
    """Kind, content and place of the fenced blocks."""
    found = re.finditer(r"^```(\w+)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [(match[1], match[2], match.start()) for match in found if match[1] in kinds]


def anchors(page: Path) -> set[str]:
    """The anchors of headings, as GitHub and the site make them."""
    found: dict[str, int] = {}
    result = set()
    text = re.sub(r"^```.*?^```", "", text_of(page), flags=re.DOTALL | re.MULTILINE)
    for heading in re.findall(r"^#{1,6} +(.+?) *$", text, re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        count = found.get(slug, 0)
        found[slug] = count + 1
        result.add(slug if count == 0 else f"{slug}-{count}")
    return result


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text_of(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (CHECKOUT / page).parent / path if path else CHECKOUT / page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file.resolve().relative_to(CHECKOUT))):
            broken.append(target)
    assert not broken


@pytest.fixture(scope="module")
def language(program: Path) -> dict[str, Any]:
    """What the program says of itself: commands with their options, keys of model files."""

    def asked(*words: str) -> Any:
        return json.loads(subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout)

    commands = asked("--experimental-dump-help")["command"]["subcommands"]
    options = {
        command["commandName"]: {
            ("-" if name["kind"] == "short" else "--") + name["name"]
            for argument in command["arguments"]
            for name in argument.get("names", [])
        }
        for command in commands
    }
    for name in ("plot", "report", "convert", "brian2"):
        # The Python package's own, which argparse describes.
        done = subprocess.run(
            [sys.executable, "-c", f"from engram.{'brian2.command' if name == 'brian2' else 'commands.' + name} import main; main()", "--help"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        options[name] = set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", done.stdout)) | {"-h", "--help"}
    parts = asked("keys", "--json")["parts"]
    keys = {part["name"]: {key["name"] for key in part["keys"]} for part in parts}
    return {"options": options, "keys": keys, "verbs": keys["The verbs"], "top": keys["A model file"]}


def commands_of(text: str) -> list[str]:
    lines = []
    for kind, block, _ in blocks(text, "console", "sh", "bash"):
        for line in block.replace("\\\n", " ").split("\n"):
            line = line.removeprefix("$ ") if kind == "console" else line
            if line.startswith("engram "):
                lines.append(line)
    lines += [span for span in re.findall(r"`(engram [a-z][^`\n]*)`", text) if "NAME`" not in span]
    return lines


@pytest.mark.parametrize("page", [page for page in PAGES if page.parts[0] in ("README.md", "Documentation")], ids=str)
def test_no_command_and_no_option_is_named_that_does_not_exist(page: Path, language: dict[str, Any]) -> None:
    if page.name == "Requirements.md":
        pytest.skip("it says what is required, in the words of the requirement")
    unknown = []
    for line in commands_of(text_of(page)):
        plain = line.split("  #")[0]
        try:
            words = shlex.split(plain)[1:]
        except ValueError:
            words = plain.split()[1:]
        if not words or words[0].startswith("-") or words[0] in ("COMMAND", "NAME", "help"):
            continue
        command = words[0].rstrip(".,:;")
        if command not in language["options"]:
            unknown.append(line)
            continue
        for word in words[1:]:
            if word in ("|", "&&", ";", ">", ":::"):
                break
            match = None if " " in word else re.match(r"(--?[a-zA-Z][\w-]*)", word.strip("[]"))
            if match and match[1] not in language["options"][command] | {"--help", "--version"}:
                unknown.append(f"{match[1]} in: {line}")
    assert not unknown


@pytest.mark.parametrize("page", [page for page in PAGES if page.parts[0] in ("README.md", "Documentation")], ids=str)
def test_models_on_pages_are_read_and_parts_of_models_name_keys_that_exist(
    page: Path, language: dict[str, Any], program: Path, tmp_path: Path
) -> None:
    text = text_of(page)
    kinds = language["keys"]
    for _, block, _ in blocks(text, "yaml"):
        tree = yaml.safe_load(block)
        if isinstance(tree, dict) and "objects" in tree and page.parts[1:2] != ("Reference",) and "…" not in block:
            file = tmp_path / "model.yaml"
            file.write_text(block, encoding="utf-8")
            done = subprocess.run([program, "explain", file, "--only", "file"], capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{done.stderr}\n{block}"
        for key in tree if isinstance(tree, dict) else []:
            assert key in language["top"] or (key in kinds), f"'{key}' is no key of a model file:\n{block}"
        for item in tree.get("objects", []) if isinstance(tree, dict) else []:
            assert set(item) <= kinds[item["kind"]] | {"count", "variable"}, item
        steps = tree if isinstance(tree, list) else tree.get("run", [])
        for step in steps if isinstance(steps, list) else []:
            assert set(step) <= language["verbs"], step


@pytest.mark.parametrize("name", EXECUTED)
def test_the_commands_of_a_page_do_what_they_say(
    name: str, program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib").use("Agg")
    text = text_of(Path("README.md" if name == "README" else f"Documentation/{name}.md"))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "engram").symlink_to(program)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    for _, block, start in blocks(text, "yaml"):
        named = re.findall(r"`([\w-]+\.yaml)`", without_blocks(text[:start]))
        assert named, f"no name for the model:\n{block}"
        (place / named[-1]).write_text(block, encoding="utf-8")
    space: dict[str, object] = {}
    digests = []
    for kind, block, _ in blocks(text, "console", "python"):
        if block.startswith("from brian2"):
            (place / "script.py").write_text(block, encoding="utf-8")
            done = subprocess.run(["engram", "brian2", "script.py"], capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{block}\n{done.stderr}"
            continue
        if kind == "python":
            exec(compile(block, name, "exec"), space)
            continue
        for line in filter(None, block.split("\n")):
            if name == "README" and not line.startswith("engram "):
                continue  # making and installing it
            expected = int(match[1]) if (match := re.search(r"#.*\bstatus (\d+)", line)) else 0
            done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
            assert done.returncode == expected, f"{line}\n{done.stdout}{done.stderr}"
            if line.startswith("engram digest"):
                digests.append(done.stdout.split()[0])
    assert len(set(digests)) <= 1, digests
    assert capsys.readouterr().err == ""


TUTORIAL_MODEL = """
name: {name}
dt: 10 ms
seed: 3
constants: {{tau: 100 ms, w_exc: 1 mV}}
objects:
  - {{kind: NeuronGroup, name: P, N: 120, model: "dv/dt = (15*mV - v)/tau : volt{more}", threshold: v > 10*mV, reset: v = 0*mV, method: exact,
     initial: {{v: rand()*10*mV}}}}
  - {{kind: Synapses, name: S, source: P, target: P, model: "{w} : 1", on_pre: v_post += {w}*w_exc/100,
     connect: {{p: 0.1}}, initial: {{{w}: rand()}}}}
  - {{kind: SpikeMonitor, name: spikes, source: P}}
run: [{steps}]
"""


@pytest.fixture
def tutorial(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the models and the run that the tutorial speaks of, small ones, and with another machine that is a folder."""
    scripts = {
        "engram": f'exec "{program}" "$@"',
        "scp": 'mkdir -p other; cp "$1" other/',
        "ssh": 'shift; cd other && exec "$@"',
    }
    (tmp_path / "bin").mkdir()
    for name, text in scripts.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    models = {
        "cuba": "{run: 1 s}",
        "train": "{run: 1 s}, {store: trained}",
        "week1": "{run: 1 s}, {store: trained}, {run: 1 s}, {store: a}, {run: 1 s}, {store: b}, {run: 59 s}",
    }
    for name, steps in models.items():
        w, more = ("g", "\\nw : 1") if name == "week1" else ("w", "")
        (place / f"{name}.yaml").write_text(TUTORIAL_MODEL.format(name=name, steps=steps, w=w, more=more), encoding="utf-8")
    subprocess.run([program, "run", "week1.yaml", "-q", "--checkpoint-every", "10s"], check=True)
    return place


def test_the_commands_of_the_tutorial_do_what_they_say(tutorial: Path) -> None:
    commands = []
    for kind, block, _ in blocks(text_of(Path("Documentation/Tutorial.md")), "console", "python"):
        if kind == "console":
            commands += filter(None, block.split("\n"))
        elif "live/" not in block:  # that one waits for a run that goes on; test_live has it
            commands.append(f"{sys.executable} -c {shlex.quote(block)}")
    assert len(commands) > 20
    for command in commands:
        if "sweep" in command:
            continue  # forty runs, which the program's own tests make
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
        # What differs is told by `diff` with status 1.
        assert done.returncode == (1 if " diff " in command else 0), f"{command}\n{done.stdout}{done.stderr}"


def test_the_answers_in_json_have_the_keys_that_the_page_shows(tutorial: Path) -> None:
    tried = 0
    for _, block, _ in blocks(text_of(Path("Documentation/JSON.md")), "console"):
        lines = block.strip().split("\n")
        for command, answer in zip(lines[::2], lines[1::2], strict=True):
            done = subprocess.run(["bash", "-c", command.removeprefix("$ ")], capture_output=True, text=True, check=False)
            shown, found = json.loads(answer), json.loads(done.stdout)
            assert list(found) == list(shown), command
            assert found["status"] == shown["status"] == done.returncode, command
            tried += 1
    assert tried >= 2


def test_what_the_installation_page_says_of_completions_works(program: Path, tmp_path: Path) -> None:
    commands = [line for _, block, _ in blocks(text_of(Path("Documentation/Installation.md")), "console", "sh") for line in block.split("\n")]
    tried = [line for line in commands if line.startswith("engram ")]
    assert any("completion" in line for line in tried)
    (tmp_path / ".local/share/bash-completion/completions").mkdir(parents=True)
    environment = os.environ | {"HOME": str(tmp_path), "PATH": f"{program.parent}:{os.environ['PATH']}"}
    for line in tried:
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, env=environment)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
    script = tmp_path / ".local/share/bash-completion/completions/engram"
    asked = f'source {script}; COMP_WORDS=(engram re); COMP_CWORD=1; _engram; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=False, env=environment)
    assert "resume" in done.stdout.split(), done


def without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def test_the_gallery_shows_every_model_with_its_source_and_a_small_picture() -> None:
    page = text_of(Path("Documentation/Gallery.md"))
    models = [path for folder in ("models", "features") for path in sorted((CHECKOUT / "fixtures" / folder).glob("*.yaml"))]
    assert len(models) >= 25
    for path in models:
        citation = " ".join(str(yaml.safe_load(path.read_text(encoding="utf-8"))["citation"]).split())
        assert f"`{path.relative_to(CHECKOUT)}`" in page, path
        assert citation in page, path
        assert (CHECKOUT / "Documentation/Gallery" / f"{path.stem}.png").stat().st_size < 100_000


def test_models_of_single_features_reach_their_figures_of_merit(program: Path) -> None:
    pytest.importorskip("matplotlib")
    names = ["rheobase", "spike_input", "stimulus"]
    done = subprocess.run(
        [sys.executable, CHECKOUT / "tools/gallery.py", program, *names], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("ok ") == len(names)


def test_the_site_is_made_without_a_warning(tmp_path: Path) -> None:
    for name in ("sphinx", "myst_parser", "furo"):
        pytest.importorskip(name)
    done = subprocess.run([CHECKOUT / "tools/site", "--quick", "--output", tmp_path / "site"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    front = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert "Documentation/FirstNetwork.html" in front
    # Nothing is loaded from elsewhere.
    assert not re.findall(r'(?:src|href)="https?://[^"]+\.(?:js|css|woff2?)"', front)


def test_the_version_is_the_same_wherever_it_stands(program: Path) -> None:
    done = subprocess.run([CHECKOUT / "tools/release", "--version"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    assert told.split()[-1] == done.stdout.strip()
    assert yaml.safe_load(text_of(Path("CITATION.cff")))["version"] == done.stdout.strip()
