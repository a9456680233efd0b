"""Times Engram beside Brian 2's C++ standalone and NEST on the same models, in turn, in one run; writes a table and a picture.

    python tools/benchmarks/compare.py --peer-python PYTHON [--nest-python PYTHON] [--peers ../shared/peers]
        [--only cuba-4000,stdp-1000x1] [--repetitions 3] [--threads 1,2] [--output FILE.md] [--picture FILE.svg]
        [--json FILE.json] [--from FILE.json]

PYTHON is an interpreter with brian2 installed, and one with NEST (both may be the same); the one that runs this needs tools/python and
matplotlib. Build Engram first: swift build -c release --product engram.

What is compared with what:
- One thread: processor time of the loop on every side. Engram's is that of a whole run, with all of its threads and the compiler that
  it may call, less that of a run of one step; Brian 2's its own figure of the loop, which is processor time at one thread; NEST's the
  wall-clock time of Simulate, which is greater on a busy machine, so its ratio is given in brackets unless the machine was quiet.
- Best: the least wall-clock time of the loop with any of the given numbers of threads, each side for itself.
- Plastic models spike differently by chance: their times are divided by the synaptic events of each side.
- Making synapses has no loop: the processor time of all of Engram's run, and of what Brian 2's binary does outside its loop.
- Persistence is always on for Engram: every run has a run directory with checkpoints.
- Memory alone: the bytes that the code of the model reads and writes, each variable once per element, over the speed at which the machine
  copies memory; what a loop would take that did nothing else. It is below the loop's own time where arithmetic, random numbers or single
  reads out of order take longer, and above it where the values are in a cache.
"""
import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from workloads import GOALS, NEST, WORKLOADS, model as model_file

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engram", default=os.path.join(ROOT, ".build", "release", "engram"))
    parser.add_argument("--peer-python")
    parser.add_argument("--nest-python")
    parser.add_argument("--peers", default=os.path.join(ROOT, "..", "shared", "peers"))
    parser.add_argument("--only", default="")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--threads", default="1,2", help="numbers of threads, 1 among them")
    parser.add_argument("--output", help="a Markdown file for the table")
    parser.add_argument("--picture", help="a file for the picture; its name says the format")
    parser.add_argument("--json", help="a file for all measurements")
    parser.add_argument("--from", dest="measured", help="measurements of an earlier run instead of new ones")
    return parser.parse_args()


class Machine:
    """Runs one side after the other in a folder of its own."""

    def __init__(self, options):
        self.options = options
        self.work = tempfile.mkdtemp(prefix="engram-bench-")
        self.environment = dict(os.environ, XDG_CACHE_HOME=os.path.join(self.work, "cache"))

    def engram(self, name, threads, *more):
        """One run in a fresh directory: what the program reports, its processor time, and the events of plastic models."""
        model = os.path.join(self.work, "model.yaml")
        directory = os.path.join(self.work, "run.engram")
        shutil.rmtree(directory, ignore_errors=True)
        with open(model, "w") as file:
            file.write(model_file(name, self.options.engram))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [self.options.engram, "run", model, "--in", directory, "--json", "--threads", str(threads), *more],
            env=self.environment, capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 75):
            raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
        report = json.loads(done.stdout.splitlines()[-1])
        report["processor"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if name.startswith("stdp"):
            report["events"] = self.synaptic_events(directory)
        return report

    @staticmethod
    def synaptic_events(directory):
        """Spikes of both ends."""
        import engram

        run = engram.open(directory)
        return {name: int(run[name].count.sum()) for name in ("pre", "count")}

    def peer(self, script, python, given, threads):
        command = [os.path.abspath(python), script, *given, "--threads", str(threads), "--quiet-wait", "0",
                   "--reps", str(self.options.repetitions)]
        done = subprocess.run(command, cwd=self.options.peers, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"{' '.join(command)}: {done.stderr[-600:]}", file=sys.stderr)
            return None
        return json.loads(done.stdout.splitlines()[-1])


def measure(name, machine):
    """Everything about one workload, as plain numbers."""
    options = machine.options
    _, _, milliseconds, given = WORKLOADS[name]
    row = {"name": name, "engram": {}, "brian2": {}, "nest": {}}
    for threads in [int(part) for part in options.threads.split(",")]:
        machine.engram(name, threads, "--until", "0.1ms")  # leaves behind what compiled kernels are kept in, and warms caches
        whole, first = [], []
        for _ in range(options.repetitions):
            whole.append(machine.engram(name, threads))
            first.append(machine.engram(name, threads, "--until", "0.1ms"))
        row["engram"][threads] = {
            "processor": min(run["processor"] for run in whole) - (
                0 if name.startswith("connect") else min(run["processor"] for run in first)),
            "wall": min(run["loop_seconds"] for run in whole),
            "first_step": statistics.median(run["setup_seconds"] for run in whole),
            "megabytes": max(run["peak_megabytes"] for run in whole),
            "events": whole[0].get("events"),
        }
        if options.peer_python:
            if peer := machine.peer("bench_brian2.py", options.peer_python, [*given, "--target", "cpp"], threads):
                row["brian2"][threads] = peer
        if options.nest_python and name in NEST:
            if peer := machine.peer("bench_nest.py", options.nest_python, NEST[name], threads):
                row["nest"][threads] = peer
    row["milliseconds"] = milliseconds
    profile = machine.engram(name, 1, "--profile")["profile"]
    row["bytes"] = sum(entry["bytes"] for entry in profile["objects"])
    row["bytes_per_second"] = profile["memory_bytes_per_second"]
    return row


def per_event(row, side, threads):
    """Synaptic events of a plastic model in one repetition; 1 for all others."""
    if not row["name"].startswith("stdp"):
        return 1
    sources, targets = (int(part) for part in row["name"].split("-")[1].split("x"))
    if side == "engram":
        counts = row[side][threads]["events"] or {}
        if "pre" not in counts or "count" not in counts:
            return None
        return counts["pre"] * targets + counts["count"] * sources
    peer = row[side][threads]
    return peer["Msyn_ev_per_s"] * 1e6 * peer["sim_s_med"]


def loop(row, side, threads, clock):
    """Seconds per repetition, or per event."""
    measured = row[side].get(threads)
    if measured is None:
        return None
    if side == "engram":
        seconds = measured[clock] if not row["name"].startswith("connect") else (
            measured["processor"] if clock == "processor" else measured["first_step"])
    elif row["name"].startswith("connect"):
        seconds = measured["outside_loop_s"] if side == "brian2" else measured.get("connect_only_s")
        if seconds is None:
            return None
    else:
        # The peer may have simulated less; its figures are for what it did.
        seconds = min(measured["sim_s"]) * row["milliseconds"] / measured["bio_ms"]
    events = per_event(row, side, threads)
    return seconds / events if events else None


def ratios(row):
    """Peer ÷ Engram: Brian 2 at one thread, Brian 2 best against best, NEST at one thread."""
    def quotient(side, clock, counts):
        ours = [value for threads in counts if (value := loop(row, "engram", threads, clock))]
        theirs = [value for threads in counts if (value := loop(row, side, threads, clock))]
        return min(theirs) / min(ours) if ours and theirs else None

    counts = list(row["engram"])
    return quotient("brian2", "processor", counts[:1]), quotient("brian2", "wall", counts), quotient("nest", "wall", counts[:1])


def figure(value, digits=3):
    return "" if value is None else f"{value:.{digits}f}"


def table(rows):
    titles = ["workload", "Engram, 1 thread (s)", "Brian 2 (s)", "ratio", "best Engram (s)", "best Brian 2 (s)", "ratio", "NEST ÷ Engram",
              "goal", "memory alone (s)", "of it", "Engram first step (s)", "Brian 2 first step (s)", "Engram peak (MB)", "Brian 2 peak (MB)"]
    lines = [titles, ["---"] * len(titles)]
    for row in rows:
        one, best, nest = ratios(row)
        threads = list(row["engram"])
        brian = row["brian2"].get(threads[0])
        unit = 1e9 if row["name"].startswith("stdp") else 1

        def least(side, clock, counts):
            values = [value for count in counts if (value := loop(row, side, count, clock))]
            return min(values) * unit if values else None

        name = row["name"] + (" (ns per event)" if unit != 1 else "")
        memory = row["bytes"] / row["bytes_per_second"] if row.get("bytes") and row.get("bytes_per_second") else None
        lines.append([
            name, figure(least("engram", "processor", threads[:1])), figure(least("brian2", "processor", threads[:1])), figure(one, 2),
            figure(least("engram", "wall", threads)), figure(least("brian2", "wall", threads)), figure(best, 2), figure(nest, 2),
            figure(GOALS.get(row["name"]), 1), figure(memory),
            f"{memory / row['engram'][threads[0]]['wall']:.0%}" if memory else "", figure(row["engram"][threads[0]]["first_step"]),
            figure(brian and brian["construct_s"] + brian["build_s"], 1), figure(row["engram"][threads[0]]["megabytes"], 0),
            figure(brian and brian.get("peak_rss_mb"), 0)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def picture(rows, path):
    """Bars of how many times faster Engram is, and a mark for each goal."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    names = [row["name"] for row in rows]
    sides = [("Brian 2, one thread (processor time)", 0, "#0072b2"), ("Brian 2, best of both (wall-clock time)", 1, "#56b4e9"),
             ("NEST, one thread (wall-clock time)", 2, "#e69f00")]
    figure_, axes = plt.subplots(figsize=(8, 0.55 * len(names) + 1.6))
    for place, row in enumerate(rows):
        for label, number, colour in sides:
            if (value := ratios(row)[number]) is not None:
                axes.barh(place + 0.26 * (number - 1), value, 0.24, color=colour, label=label if place == 0 or number == 2 else None)
        if goal := GOALS.get(row["name"]):
            axes.plot([goal, goal], [place - 0.42, place + 0.42], color="black", linewidth=1.5)
    axes.axvline(1, color="grey", linewidth=0.8, linestyle=":")
    axes.set_xscale("log")
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("time of the peer ÷ time of Engram (black: the goal)")
    handles, labels = axes.get_legend_handles_labels()
    unique = dict(zip(labels, handles))
    axes.legend(unique.values(), unique.keys(), loc="lower right", fontsize=8)
    figure_.tight_layout()
    figure_.savefig(path)


def main():
    options = arguments()
    rows = []
    if options.measured:
        with open(options.measured) as file:
            rows = json.load(file)
        for row in rows:
            for side in ("engram", "brian2", "nest"):
                row[side] = {int(threads): value for threads, value in row[side].items()}
    else:
        machine = Machine(options)
        began = time.time()
        for name in [name for name in options.only.split(",") if name] or list(WORKLOADS):
            rows.append(measure(name, machine))
            print(f"{name}: {', '.join(figure(value, 2) or '-' for value in ratios(rows[-1]))} ({time.time() - began:.0f} s)", flush=True)
            if options.json:
                with open(options.json, "w") as file:
                    json.dump(rows, file)
        shutil.rmtree(machine.work, ignore_errors=True)
    print(table(rows))
    if options.output:
        with open(options.output, "w") as file:
            file.write(table(rows) + "\n")
    if options.picture:
        picture(rows, options.picture)


if __name__ == "__main__":
    main()
