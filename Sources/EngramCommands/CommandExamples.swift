/// What `--help` of a command ends with: lines to type, and what each of them does. The tests give every one of them to the parser.
enum CommandExamples {
  /// Command → lines, with what they mean. The empty name is the program itself.
  static let all: [String: [(line: String, meaning: String)]] = [
    "": [
      ("engram new first", "a model file to begin with, first.yaml"),
      ("engram run first.yaml", "runs it, or goes on with it"),
      ("engram show first.engram", "what came of it"),
      ("engram doctor", "what would be slow or unsafe on this machine"),
    ],
    "new": [
      ("engram new first", "first.yaml, a balanced network"),
      ("engram new learning --template stdp", "learning.yaml, with plastic synapses"),
      ("engram new models/rates.yaml --template sweep", "many runs with other values, in a folder"),
    ],
    "doctor": [
      ("engram doctor", "this machine and this folder"),
      ("engram doctor /scratch/me", "another folder"),
      ("engram doctor --json", "the same for programs"),
    ],
    "run": [
      ("engram run cuba.yaml", "starts it in cuba.engram, or goes on there"),
      ("engram run cuba.yaml --in a.engram --constant 'w_exc=2 mV' --seed 7", "with other values, in a directory of its own"),
      ("engram run cuba.yaml --until 500ms --checkpoint-every 100ms", "a part of it; the same command without --until goes on"),
      ("engram run cuba.yaml --max-wall 23.5h --threads 8", "in a job of a cluster: stops with a checkpoint before the time is over"),
    ],
    "resume": [
      ("engram resume cuba.engram", "goes on without the model file"),
      ("engram resume cuba.engram --until 20s", "goes on, and beyond the end of the file"),
      ("engram resume cuba.engram@trained --set 'P.v=-60 mV'", "a new line from a checkpoint, with other values"),
    ],
    "sweep": [
      ("engram sweep cuba.yaml --over w_exc=1mV:3mV:20 --over seed=1..5 --table rates.csv", "every value with every seed, and a table"),
      ("engram sweep train.engram@trained --over w_exc=1mV,2mV --over 'G.I=0 nA,1 nA' --for 10s", "branches of a checkpoint"),
      ("engram sweep cuba.yaml", "what 'sweep:' in the file says"),
    ],
    "explain": [
      ("engram explain cuba.yaml", "the whole file, with what is made of it"),
      ("engram explain cuba.yaml --object P", "the equations and the code of one object"),
      ("engram explain cuba.yaml --only schedule", "what happens in a step, in order"),
    ],
    "keys": [
      ("engram keys", "what there is: kinds of objects, verbs of steps, other mappings"),
      ("engram keys NeuronGroup", "its keys, with what they mean, units, defaults and an example each"),
      ("engram keys restore --example", "whole model files in which each key is used"),
    ],
    "bench": [
      ("engram bench", "all of them, about a minute"),
      ("engram bench cuba stdp --threads 2", "two of them, on two threads"),
      ("engram bench cuba --neurons 100000", "another size"),
      ("engram bench cuba --show", "the model file, to look at or to change"),
    ],
    "status": [
      ("engram status cuba.engram", "how it is going"),
      ("engram status rates.sweep --watch", "all runs of a sweep, shown again until they have ended"),
    ],
    "tail": [("engram tail cuba.engram", "a line whenever it has news")],
    "ls": [
      ("engram ls cuba.engram", "its checkpoints"),
      ("engram ls cuba.engram --json", "the same for programs"),
    ],
    "log": [("engram log cuba.engram", "which checkpoint came of which")],
    "show": [
      ("engram show week1.engram@day5", "an overview"),
      ("engram show week1.engram@live", "how the run is going, and its newest state"),
      ("engram show week1.engram@day5 P", "the variables of P with statistics"),
      ("engram show week1.engram@day5 'P.v[0:10]'", "values; rows first, recordings by time: 'trace.v[-5:, 0]'"),
      ("engram show week1.engram@day5 'S.w[1, :]'", "of synapses: those of source 1, as in model files"),
    ],
    "diff": [
      ("engram diff cuba.engram@ck-1 @ck-5", "two checkpoints of one directory"),
      ("engram diff a.engram b.engram", "the newest ones of two"),
    ],
    "digest": [("engram digest cuba.engram", "equal digests are equal states, bit for bit")],
    "verify": [
      ("engram verify cuba.engram", "every array against its checksum"),
      ("engram verify cuba.engram --replay", "also every run between two checkpoints, bit for bit"),
    ],
    "at": [
      ("engram at week1.engram 61.19s", "a checkpoint 'at-61.19s' of that moment"),
      ("engram at week1.engram 61.19s --to moment.engram", "in a directory of its own"),
    ],
    "branch": [
      ("engram branch week1.engram@trained strong --constant 'w_exc=2 mV'", "a line with another constant"),
      ("engram branch week1.engram@trained --to noisy.engram --set 'G.v=-60 mV' --seed 7", "a directory of its own"),
    ],
    "tag": [("engram tag week1.engram@day5 paper figure-2", "tagged checkpoints are kept")],
    "rename": [("engram rename week1.engram@ck-12 trained", "a name for a checkpoint")],
    "rm": [
      ("engram rm week1.engram@ck-3 --dry-run", "what would go"),
      ("engram rm week1.engram@ck-3", "removes it"),
    ],
    "gc": [
      ("engram gc week1.engram", "what no checkpoint needs"),
      ("engram gc week1.engram --keep 3", "also all automatic checkpoints but three"),
    ],
    "repair": [
      ("engram repair week1.engram --dry-run", "what would be done"),
      ("engram repair week1.engram", "mends what can be mended"),
    ],
    "export": [
      ("engram export cuba.engram -o cuba.h5", "the newest checkpoint as one file"),
      ("engram export cuba.engram@trained -o weights.h5 --only S.w spikes", "two parts of it"),
      ("engram export cuba.engram --all -o all.h5", "every checkpoint"),
    ],
    "pack": [("engram pack week1.engram@trained -o trained.engram.h5", "a file that can be sent, and continued elsewhere")],
    "unpack": [("engram unpack trained.engram.h5 here.engram", "a run directory again")],
  ]

  /// What stands behind the help of a command; empty where there is nothing to show.
  static func text(_ command: String) -> String {
    guard let examples = all[command], !examples.isEmpty else { return "" }
    return "\nEXAMPLES:\n" + examples.map { "  \($0.line)\n      \($0.meaning)\n" }.joined()
  }
}
