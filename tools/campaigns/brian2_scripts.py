"""Runs a folder of Brian 2 scripts with Brian 2 and on Engram, compares what they end with, kills and resumes them.

    python tools/campaigns/brian2_scripts.py FOLDER [--only REGEX] [--limit 300] [--reference-limit 300] [--cache FOLDER] [--kills 1] [--model-files] [--page PAGE.md]
    python tools/campaigns/brian2_scripts.py FOLDER --no-reference …, then --compare: first what Engram does, then what Brian 2 does

FOLDER is a checkout of the examples of Brian 2, say. Each script is copied to a place of its own first. Nothing of a script is
kept in the repository but its name and what came out.

- Brian 2 (numpy, no compiled code) executes each script, and where Engram ends otherwise, once more with another seed. What it
  ends with stays in the cache, so that a second campaign is quick.
- Engram executes it once, through `engram brian2`, with the first seed.
- What is compared: all values of all objects that exist at the end (states, spikes, recordings), how many spikes each monitor
  has after each run, and the data of every line, image, collection and bar of every figure.
- Where both seeds give the same, Engram must give it too, within 1e-9 of the largest value, or as near as Brian 2 comes to
  itself when it multiplies in another order, or compiles its code with Cython (ten times that, in models that amplify rounding).
  Otherwise the mean, the spread and the number of values must lie as near to the two results of Brian 2 as six times their
  difference, a tenth of their scale and five standard errors of a mean; of a hundred such figures two may lie outside, and those
  of 50 or more values that the test of Kolmogorov and Smirnov takes for the same distribution: mean and spread say little about
  values over many orders of magnitude. Where more lie outside, Brian 2 executes the script with six more seeds, and six times the
  standard deviation among all eight takes the place of the difference of two.
- `engram brian2` works by writing a model file, which the program runs, so a script that ends is one, unless it has Python between steps
  (`network_operation`). With --model-files that is looked at: the model files that a script has left are run once more by `engram run` alone, in
  directories of their own, and must end with the digests of the script.
- With --kills each script that ended is started anew in another directory, killed with SIGKILL at random moments that often,
  and started again; all it ends with must have the same bits as undisturbed.

Exit status 0 when no script that ran gave something else than Brian 2, and none of the killed ones ended otherwise.
"""

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import types
from pathlib import Path

HERE = Path(__file__).resolve()
CHECKOUT = HERE.parents[2]
SEEDS = (1001, 2002)
MORE_SEEDS = (3003, 4004, 5005, 6006, 7007, 8008)
SECONDS_OF_MORE_SEEDS = 90
"""A script that takes Brian 2 longer is not executed with more seeds."""
LARGEST = 4_000_000
TOLERANCE = 1e-9
KNOWN = {
    "advanced/stochastic_odes.py": "it draws the noise of the simulation from numpy once more, with np.random.seed, and compares",
}
"""Why a script cannot give what Brian 2 gives."""
OPERATION = re.compile(r"network_operation|NetworkOperation")
LEFT_OUT = r"^(standalone|multiprocessing)/|_standalone\.py$|opencv_movie|modelfitting_sbi|float_32_64"


# ------------------------------------------------------------------------------- the process that executes one script


def child(kind: str, script: Path, seed: int, out: Path) -> None:
    """Executes a script in the present folder and writes what it ends with to ``out``.

    ``kind`` is ``engram``, ``reference``, ``rounded`` or ``compiled``: Brian 2 with another order of multiplications, or with
    another library of elementary functions.
    """
    import warnings

    import matplotlib as mpl

    mpl.use("Agg")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    import brian2
    import numpy as np
    from brian2.core.network import Network

    runs: list[list[int]] = []
    original = Network.run

    def run(self: Network, *words: object, **options: object) -> object:
        options["level"] = options.get("level", 0) + 1
        try:
            return original(self, *words, **options)
        finally:
            monitors = (thing for thing in self.sorted_objects if isinstance(thing, brian2.SpikeMonitor))
            runs.append([monitor.num_spikes for monitor in sorted(monitors, key=lambda found: found.name)])

    if kind != "engram":
        brian2.prefs.codegen.loop_invariant_optimisations = kind != "rounded"
        brian2.prefs.codegen.target = "cython" if kind == "compiled" else "numpy"
        ignored = lambda *words, **options: None  # noqa: E731
        for module in (brian2, brian2.devices, sys.modules["brian2.devices.device"]):
            module.set_device = module.reset_device = ignored
    else:
        sys.path.insert(0, str(CHECKOUT / "tools" / "python" / "src"))
        from engram.brian2.command import set_from_outside

        brian2.prefs.codegen.target = "numpy"
        set_from_outside(directory="run", checkpoint_every="wall:2s")
    Network.run = run
    random.seed(seed)
    brian2.seed(seed)
    seeding = brian2.seed
    # A script that seeds itself gets other numbers with the second seed all the same.
    brian2.seed = lambda number=None: seeding(seed if number is None else number + seed - SEEDS[0])
    numpy_seeding = np.random.seed
    np.random.seed = lambda number=None: numpy_seeding(number if number is None else (number + seed - SEEDS[0]) % (1 << 32))
    sys.argv = [str(script)]
    sys.path.insert(0, str(script.parent))
    # As the main module, so that processes which the script starts find its functions.
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    space = module.__dict__
    space["__file__"] = str(script)
    outcome = {"status": "ended", "reason": "", "figures": 0}
    began = time.monotonic()
    try:
        exec(compile(script.read_bytes(), str(script), "exec"), space)
    except SystemExit as end:
        if end.code:
            outcome.update(status="failed", reason=str(end.code))
    except BaseException as problem:
        refused = type(problem).__name__ in ("NotCarriedOver", "NotPossible")
        place = ""
        trace = problem.__traceback__
        while trace is not None:
            if Path(trace.tb_frame.f_code.co_filename).parent == script.parent:
                place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}: "
            trace = trace.tb_next
        outcome.update(status="refused" if refused else "failed", reason=f"{place}{type(problem).__name__}: {problem}")
        import traceback

        traceback.print_exc()
    outcome["seconds"] = round(time.monotonic() - began, 1)
    if outcome["status"] == "ended":
        values = {**_figures(), **_objects()}
        values.update({f"runs/{number}": np.array(counts) for number, counts in enumerate(runs) if counts})
        import matplotlib.pyplot as plt

        outcome["figures"] = len(plt.get_fignums())
        np.savez(out.with_suffix(".npz"), **values)
    out.with_suffix(".json").write_text(json.dumps(outcome))


def _objects() -> dict:
    import gc

    import brian2
    import numpy as np
    from brian2.core.base import BrianObject
    from brian2.core.variables import ArrayVariable

    gc.collect()
    found = {}
    for reference in list(BrianObject.__instances__()):
        thing = reference() if callable(reference) else reference
        try:
            if thing is None or isinstance(thing, brian2.Subgroup) or thing._network is None or not hasattr(thing, "variables"):
                continue
        except (ReferenceError, AttributeError):
            continue  # what it was a part of is gone
        for name, variable in thing.variables.items():
            if name.startswith("_") or not isinstance(variable, ArrayVariable):
                continue
            try:
                if variable.owner is None or variable.owner.name != thing.name or name in ("t_in_timesteps", "dt"):
                    continue
            except ReferenceError:
                continue  # a variable of something that is gone
            array = np.array(variable.get_value())
            if array.size > LARGEST:
                array = array.reshape(-1)[:: array.size // LARGEST + 1]
            if array.dtype.kind in "biuf":
                found[f"{thing.name}.{name}"] = array
    return found


def _figures() -> dict:
    import matplotlib.pyplot as plt
    import numpy as np

    found = {}
    for figure in plt.get_fignums():
        for place, axes in enumerate(plt.figure(figure).axes):
            name = f"figure {figure}/{place}"
            parts = [(f"line {n}", np.asarray(line.get_xydata(), float)) for n, line in enumerate(axes.lines)]
            parts += [(f"image {n}", np.ma.filled(image.get_array().astype(float), np.nan)) for n, image in enumerate(axes.images)]
            for n, collection in enumerate(axes.collections):
                parts.append((f"points {n}", np.ma.filled(np.ma.asarray(collection.get_offsets(), float), np.nan)))
                if collection.get_array() is not None:
                    parts.append((f"colours {n}", np.ma.filled(np.ma.asarray(collection.get_array(), float), np.nan)))
            bars = [patch.get_height() for patch in axes.patches if hasattr(patch, "get_height")]
            if bars:
                parts.append(("bars", np.array(bars, float)))
            found.update({f"{name}/{part}": array for part, array in parts if array.size <= LARGEST})
    return found


# ---------------------------------------------------------------------------------------------------------- comparing


def load(path: Path) -> dict:
    import numpy as np

    with np.load(path.with_suffix(".npz")) as file:
        return dict(file)


def is_equal(first, second) -> bool:
    import numpy as np

    if first.shape != second.shape:
        return False
    if first.dtype.kind != "f" and second.dtype.kind != "f":
        return bool(np.array_equal(first, second))
    one, other = first.astype(float), second.astype(float)
    finite = np.abs(one[np.isfinite(one)])
    scale = float(finite.max()) if finite.size else 1.0
    narrow = any(array.dtype == np.float32 for array in (first, second))
    tolerance = 1e-5 if narrow else TOLERANCE
    return bool(np.allclose(one, other, rtol=0, atol=tolerance * scale, equal_nan=True))


def statistics(values: dict) -> dict[str, float]:
    import numpy as np

    found = {}
    for key, array in values.items():
        finite = array[np.isfinite(array)].astype(float)
        found[f"{key} size"] = float(array.size)
        if finite.size:
            found[f"{key} mean"] = float(finite.mean())
            found[f"{key} spread"] = float(finite.std())
            found[f"{key} error"] = float(finite.std()) / max(finite.size, 1) ** 0.5
    return found


def under_names_of(first: dict, found: dict) -> dict:
    """What Engram ended with, its objects under the names that Brian 2 gave.

    A name is free for another object once nobody has the first one any more, which is later where the device still has it.
    """

    def family(name: str) -> str:
        return re.sub(r"_\d+$", "", name)

    def number(name: str) -> int:
        return int(name.removeprefix(family(name)).lstrip("_") or 0)

    theirs, ours = ({key.partition(".")[0] for key in values if "/" not in key} for values in (first, found))
    spare = sorted(ours - theirs, key=number)
    names = {}
    for name in sorted(theirs - ours, key=number, reverse=True):
        chosen = next((other for other in reversed(spare) if family(other) == family(name)), None)
        if chosen is not None:
            spare.remove(chosen)
            names[chosen] = name
    return {re.sub(r"^[^.]+", lambda match: names.get(match[0], match[0]), key, count=1): values for key, values in found.items()}


def compare(found: dict, first: dict, *others: dict) -> tuple[str, str]:
    """(word, detail): equal, distribution, or differs. ``others`` are what Brian 2 gives with other seeds."""
    # Objects that the device still has at hand, and Brian 2 has let go of, are no difference.
    missing = sorted(first.keys() - found.keys())
    common = [key for key in first if key in found]
    unequal = [key for key in common if not is_equal(first[key], found[key])]
    if not missing and not unequal:
        return "equal", ""
    if not any(varies(first, other) for other in others):
        worst = sorted(unequal, key=lambda key: -deviation(first[key], found[key]))
        return "differs", ", ".join(
            [*(f"{key} is missing" for key in missing), *(f"{key} by {deviation(first[key], found[key]):.2g}" for key in worst)][:6]
        )
    theirs = [statistics(values) for values in (first, *others)]
    ours = statistics({key: found[key] for key in common})
    total, outside = 0, []
    for key, value in ours.items():
        known = [one[key] for one in theirs if key in one]
        if len(known) < 2 or key.endswith(" error"):
            continue
        total += 1
        base = key.rsplit(" ", 1)[0]
        scale = max(*map(abs, known), abs(theirs[0].get(f"{base} mean", 0.0)), theirs[0].get(f"{base} spread", 0.0))
        error = max(one.get(f"{base} error", 0.0) for one in theirs)
        middle = sum(known) / len(known)
        if len(known) == 2:
            apart = abs(known[0] - known[1])
        else:
            apart = (sum((one - middle) ** 2 for one in known) / (len(known) - 1)) ** 0.5
        if abs(value - middle) > 6 * apart + 0.1 * scale + 5 * error + 1e-300 and not any(
            is_of_same_distribution(found[base], other[base]) for other in (first, *others) if base in other
        ):
            outside.append(f"{key} {value:.4g} for {' and '.join(f'{one:.4g}' for one in known[:2])}")
    # Objects that only some of several random runs make are no difference.
    lost = [key for key in missing if all(key in other for other in others)]
    if lost or len(outside) > max(1, 0.02 * total):
        return "differs", "; ".join([*(f"{key} is missing" for key in lost), *outside][:6])
    return "distribution", f"{total - len(outside)} of {total}"


def is_of_same_distribution(ours, theirs) -> bool:
    """By the test of Kolmogorov and Smirnov, for as many values as it needs to tell anything."""
    import numpy as np
    from scipy.stats import ks_2samp

    one, other = (array[np.isfinite(array)].astype(float) for array in (ours, theirs))
    if min(one.size, other.size) < 50:
        return False
    # What has died away is 0, however many rounded steps ago.
    least = 1e-12 * max(np.abs(one).max(), np.abs(other).max())
    return bool(ks_2samp(*(np.where(np.abs(array) < least, 0, array) for array in (one, other))).pvalue > 1e-3)


def varies(first: dict, second: dict) -> bool:
    """Whether what a script ends with depends on the seed."""
    return first.keys() != second.keys() or any(not is_equal(first[key], second[key]) for key in first)


def deviation(first, second) -> float:
    """The largest difference, as a part of the largest value; infinite where sizes differ."""
    import numpy as np

    if first.shape != second.shape:
        return float("inf")
    if not first.size:
        return 0.0
    one, other = first.astype(float), second.astype(float)
    with np.errstate(invalid="ignore"):
        apart = np.where((one == other) | (np.isnan(one) & np.isnan(other)), 0.0, np.abs(one - other))
    finite = np.abs(one[np.isfinite(one)])
    return float(np.nanmax(apart) / max(float(finite.max()) if finite.size else 1.0, 1e-300))


def is_rounding(ours: dict, first: dict, rounded: list[dict]) -> bool:
    """Whether what differs differs no more than Brian 2 from itself, when it rounds differently."""

    def largest(key: str) -> float:
        return max((deviation(first[key], other[key]) for other in rounded if key in other), default=0.0)

    return all(
        key in ours and (is_equal(values, ours[key]) or deviation(values, ours[key]) <= 10 * largest(key))
        for key, values in first.items()
    )


# --------------------------------------------------------------------------------------------------------- a campaign


class Campaign:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.folder = options.folder.resolve()
        self.cache = options.cache.resolve()
        self.cache.mkdir(parents=True, exist_ok=True)
        self.results_file = self.cache / "results.json"
        self.results = json.loads(self.results_file.read_text()) if self.results_file.exists() else {}
        self.chance = random.Random(options.seed)

    def scripts(self) -> list[Path]:
        """Scripts that simulate: neither those of left-out folders nor modules that others import."""
        found = []
        for path in sorted(self.folder.rglob("*.py")):
            name = str(path.relative_to(self.folder))
            if re.search(self.options.leave_out, name) or not re.search(self.options.only, name):
                continue
            if any(re.search(rf"(import|from) {path.stem}\b", other.read_text(errors="replace")) for other in path.parent.glob("*.py")):
                continue
            found.append(path)
        return found

    def start(self, kind: str, script: Path, seed: int, place: Path, out: Path, time_after_time: int = 0) -> subprocess.Popen:
        """``time_after_time``: how often it was started before; sets of Python have another order each time, as for anybody."""
        environment = dict(
            os.environ, MPLBACKEND="Agg", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", PYTHONHASHSEED=str(time_after_time)
        )
        command = [sys.executable, str(HERE), "--child", kind, str(script), str(seed), str(out)]
        with open(out.with_suffix(".log"), "w") as log:
            return subprocess.Popen(command, cwd=place, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment, start_new_session=True)

    def finish(self, process: subprocess.Popen, out: Path, limit: float) -> dict:
        try:
            process.wait(timeout=limit)
        except subprocess.TimeoutExpired:
            # With the processes of its pools, if it has any.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return {"status": "time limit", "reason": f"more than {limit:g} s", "seconds": limit, "figures": 0}
        try:
            return json.loads(out.with_suffix(".json").read_text())
        except FileNotFoundError:
            words = out.with_suffix(".log").read_text(errors="replace").strip().splitlines()[-1:]
            return {"status": "failed", "reason": f"ended with status {process.returncode}: {''.join(words)}", "seconds": 0, "figures": 0}

    def kill(self, process: subprocess.Popen) -> None:
        """The script alone: the program that it called ends by itself, as after a real kill."""
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    def copied(self, script: Path, place: Path) -> Path:
        """The script with what lies beside it, in a place of its own."""
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        target = place / "script"
        if script.parent == self.folder or len(list(script.parent.glob("*"))) > 30:
            target.mkdir()
            shutil.copy(script, target)
        else:
            shutil.copytree(script.parent, target)
        return target / script.name

    def reference(self, script: Path, seed: int, kind: str = "reference") -> tuple[dict, Path]:
        mark = hashlib.sha256(script.read_bytes()).hexdigest()[:12]
        out = self.cache / kind / f"{script.stem}-{mark}-{seed}"
        limit = self.options.reference_limit or self.options.limit
        out.parent.mkdir(exist_ok=True)
        kept = out.with_suffix(".json")
        if kept.exists():
            found = json.loads(kept.read_text())
            if found["status"] != "time limit" or found["seconds"] >= limit:
                return found, out
        place = self.cache / "place" / f"reference-{os.getpid()}-{script.stem}"
        copy = self.copied(script, place)
        found = self.finish(self.start(kind, copy, seed, copy.parent, out), out, limit)
        out.with_suffix(".json").write_text(json.dumps(found))
        return found, out

    def engram(self, script: Path, place: Path, kills: list[float]) -> tuple[dict, Path]:
        """Executes a script on Engram; it is killed ``kills`` seconds after its run directory is there, and started again."""
        copy = self.copied(script, place)
        out = place / "out"
        self.hits = 0
        for number, wait in enumerate(kills):
            process = self.start("engram", copy, SEEDS[0], copy.parent, out, number)
            while process.poll() is None and not any(copy.parent.glob("run*.engram/FORMAT")):
                time.sleep(0.02)
            try:
                process.wait(timeout=wait)
            except subprocess.TimeoutExpired:
                self.kill(process)
                self.hits += 1
        return self.finish(self.start("engram", copy, SEEDS[0], copy.parent, out, len(kills)), out, self.options.limit), out

    def one(self, script: Path) -> dict:
        name = str(script.relative_to(self.folder))
        place = self.cache / "place" / f"engram-{os.getpid()}-{script.stem}"
        found, out = self.engram(script, place, [])
        row = {"name": name, "engram": found, "equal": "", "detail": "", "resumed": ""}
        (self.cache / "logs").mkdir(exist_ok=True)
        shutil.copy(out.with_suffix(".log"), self.cache / "logs" / (name.replace("/", "-") + ".log"))
        if found["status"] == "failed" and not self.options.no_reference:
            row["brian2"], _ = self.reference(script, SEEDS[0])
        if found["status"] == "ended":
            kept = self.ours(script)
            kept.parent.mkdir(exist_ok=True)
            shutil.copy(out.with_suffix(".npz"), kept)
        if found["status"] == "ended" and not self.options.no_reference:
            row["brian2"], row["equal"], row["detail"] = self.judged(script, out)
        if found["status"] == "ended":
            row["model"] = "Python" if OPERATION.search(script.read_text(errors="replace")) else "yes"
            if self.options.model_files:
                row["model"] = self.model_files(place / "script") if row["model"] == "yes" else row["model"]
        if found["status"] == "ended" and self.options.kills:
            import numpy as np

            undisturbed = load(out)
            moments = [self.chance.uniform(0, 0.7) * found["seconds"] for _ in range(self.options.kills)]
            again, other = self.engram(script, self.cache / "place" / f"killed-{os.getpid()}-{script.stem}", moments)
            if again["status"] != "ended":
                row["resumed"] = f"no: {again['reason']}"
            else:
                values = load(other)
                same = values.keys() == undisturbed.keys() and all(
                    np.array_equal(values[key], undisturbed[key], equal_nan=values[key].dtype.kind == "f") for key in values
                )
                row["resumed"] = ("yes" if same else "no: other values") if self.hits else "was over before"
        elif "resumed" in self.results.get(name, {}) and not self.options.kills:
            row["resumed"] = self.results[name]["resumed"]
        return row

    def model_files(self, folder: Path) -> str:
        """Whether the model files that a script has left give the states that it ended with."""
        sys.path.insert(0, str(CHECKOUT / "tools" / "python" / "src"))
        from engram.program import find_program

        def engram(*words: str) -> str:
            done = subprocess.run([str(find_program().path), *words], cwd=folder, capture_output=True, text=True, timeout=self.options.limit, check=False)
            if done.returncode:
                raise RuntimeError(" ".join(done.stderr.split())[:200])
            return done.stdout.split()[0] if done.stdout.split() else ""

        files = sorted(file for file in folder.glob("run*.yaml") if file.with_suffix(".engram").is_dir())
        try:
            for file in files:
                again = f"again-{file.stem}.engram"
                engram("run", file.name, "--in", again)
                if engram("digest", again) != engram("digest", f"{file.stem}.engram"):
                    return f"no: {file.name} ends otherwise"
        except (RuntimeError, subprocess.TimeoutExpired) as problem:
            return f"no: {problem}"
        return "yes, run" if files else "nothing is run"

    def ours(self, script: Path) -> Path:
        """What Engram ended with, kept to be compared later as well."""
        mark = hashlib.sha256(str(script.relative_to(self.folder)).encode() + script.read_bytes()).hexdigest()[:12]
        return self.cache / "engram" / f"{script.stem}-{mark}.npz"

    def compared(self, script: Path) -> dict:
        """The row of a script that was executed before, compared with Brian 2 now."""
        row = self.results[str(script.relative_to(self.folder))]
        if row["engram"]["status"] == "ended":
            row["brian2"], row["equal"], row["detail"] = self.judged(script, self.ours(script))
        elif row["engram"]["status"] == "failed":
            row["brian2"], _ = self.reference(script, SEEDS[0])
        return row

    def judged(self, script: Path, out: Path) -> tuple[dict, str, str]:
        """How Brian 2 fared, and how what Engram ended with compares: (outcome, word, detail)."""
        first, one = self.reference(script, SEEDS[0])
        if first["status"] != "ended":
            return first, "", ""
        values = load(one)
        ours = under_names_of(values, load(out))
        word, detail = compare(ours, values)
        if word == "equal":
            return first, word, detail
        second, two = self.reference(script, SEEDS[1])
        if second["status"] != "ended":
            return first, word, detail
        others = [load(two)]
        word, detail = compare(ours, values, *others)
        if word == "differs" and not varies(values, others[0]):
            rounded = [self.reference(script, SEEDS[0], kind) for kind in ("rounded", "compiled")]
            if is_rounding(ours, values, [load(other) for outcome, other in rounded if outcome["status"] == "ended"]):
                word = "rounding"
        elif word == "differs" and first["seconds"] <= SECONDS_OF_MORE_SEEDS:
            more = [self.reference(script, seed) for seed in MORE_SEEDS]
            word, detail = compare(ours, values, *others, *(load(other) for outcome, other in more if outcome["status"] == "ended"))
        return first, word, detail

    def tidy(self) -> None:
        for place in (self.cache / "place").glob(f"*-{os.getpid()}-*"):
            shutil.rmtree(place, ignore_errors=True)

    def run(self) -> int:
        for script in self.scripts():
            name = str(script.relative_to(self.folder))
            if self.options.missing and name in self.results:
                continue
            row = self.compared(script) if self.options.compare else self.one(script)
            self.tidy()
            self.results = json.loads(self.results_file.read_text()) if self.results_file.exists() else {}
            self.results[name] = row
            aside = self.results_file.with_suffix(f".{os.getpid()}")
            aside.write_text(json.dumps(self.results, indent=1, sort_keys=True))
            os.replace(aside, self.results_file)
            ours, theirs = row["engram"], row.get("brian2", {"status": "-", "seconds": 0})
            print(
                f"{name}: {ours['status']} {ours['seconds']} s (Brian 2: {theirs['status']} {theirs['seconds']} s), "
                f"{row['equal'] or '-'} {row['detail'][:300]} {row['resumed']} {ours['reason'][:400]}", flush=True,
            )  # fmt: skip
        if self.options.page:
            self.write_page(self.options.page)
        bad = [row for row in self.results.values() if row["equal"] == "differs" or row["resumed"].startswith("no")]
        return 1 if bad else 0

    def write_page(self, page: Path) -> None:
        rows = [self.results[name] for name in sorted(self.results)]
        ended = [row for row in rows if row["engram"]["status"] == "ended"]
        lines = [
            "# Example scripts of Brian 2 on Engram",
            "",
            "Made by `tools/campaigns/brian2_scripts.py`, which says at its head what is compared and how. The scripts are the examples",
            "of Brian 2, executed without a changed line by `engram brian2`; they are not part of this repository. Left out are those about",
            "standalone devices and their processes (`standalone`, `multiprocessing`), and three that need a",
            "camera film, another library (sbi) or compare devices. A dash: not done.",
            "",
            f"{len(ended)} of {len(rows)} scripts end with their figures. Of these "
            f"{sum(row['equal'] == 'equal' for row in ended)} equal Brian 2 within 1e-9 of the largest value, "
            f"{sum(row['equal'] == 'rounding' for row in ended)} come as near as Brian 2 to itself where rounding is amplified, "
            f"{sum(row['equal'] == 'distribution' for row in ended)} random ones agree in distribution, "
            f"{sum(row['equal'] == 'differs' for row in ended)} differ, and {sum(row['equal'] == '' for row in ended)} were not compared.",
            f"Killed with SIGKILL at a random moment and started again: {sum(row['resumed'] == 'yes' for row in rows)} ended with the same bits, "
            f"{sum(row['resumed'].startswith('no') for row in rows)} did not.",
            f"{sum(row.get('model', '').startswith('yes') for row in rows)} are model files; of "
            f"{sum(row.get('model', '') == 'yes, run' for row in rows)} these were run once more without the script, with the same digests.",
            "",
            "| script | runs | model file | equals Brian 2 | same bits after a kill | why not |",
            "|---|---|---|---|---|---|",
        ]
        for row in rows:
            ours, theirs = row["engram"], row.get("brian2")
            runs = "yes" if ours["status"] == "ended" else ours["status"]
            if row["equal"]:
                equals = {"equal": "yes", "rounding": "but for rounding", "distribution": "in distribution", "differs": "no"}[row["equal"]]
            else:
                equals = "–" if theirs is None or theirs["status"] == "ended" else f"Brian 2: {theirs['status']}"
            reason = ours["reason"] or (row["detail"] if row["equal"] in ("differs", "rounding") else "")
            reason = KNOWN.get(row["name"], reason) if row["equal"] == "differs" else reason
            if theirs is not None and theirs["status"] != "ended" and theirs["reason"]:
                reason = reason or f"Brian 2: {theirs['reason']}"
            resumed = row["resumed"].split(":")[0]
            model = {"Python": "but for Python in steps"}.get(row.get("model", ""), row.get("model", "").split(":")[0])
            lines.append(f"| {row['name']} | {runs} | {model or '–'} | {equals} | {resumed or '–'} | {_cell(reason)} |")
        page.write_text("\n".join(lines) + "\n")


def _cell(text: str) -> str:
    """One line of a table, without paths of this machine."""
    text = re.sub(r"\S*/place/[^/]+/script/", "", " ".join(text.split()))
    text = re.sub(r"\. Nothing was run.*", "", text)
    text = re.sub(r"^\S+: (NotCarriedOver|NotPossible): ", "", text)
    return (text if len(text) <= 220 else text[:217] + "…").replace("|", "\\|")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
        sys.exit()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="scripts whose names this finds")
    parser.add_argument("--leave-out", default=LEFT_OUT, help="scripts that are not looked at")
    parser.add_argument("--limit", type=float, default=300, help="seconds that one execution may take")
    parser.add_argument("--reference-limit", type=float, help="the same for Brian 2, where it is another")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "engram-brian2-scripts")
    parser.add_argument("--kills", type=int, default=0, help="how often each script is killed")
    parser.add_argument("--seed", type=int, default=1, help="seed of the moments of the kills")
    parser.add_argument("--missing", action="store_true", help="only scripts without a result in the cache")
    parser.add_argument("--compare", action="store_true", help="compare what earlier calls with --no-reference have left in the cache")
    parser.add_argument("--no-reference", action="store_true", help="do not compare with Brian 2")
    parser.add_argument("--model-files", action="store_true", help="run the model files of each script once more, without the script")
    parser.add_argument("--page", type=Path, help="where the table is written")
    sys.exit(Campaign(parser.parse_args()).run())
