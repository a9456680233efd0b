// Not named below: the façade brings what writes HDF5, which the rooms beneath look for when they first need it.
internal import Engram
internal import EngramCommands
internal import Glibc

ProcessSetUp.begin()
exit(Program.run(Array(CommandLine.arguments.dropFirst())))
