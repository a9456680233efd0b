internal import EngramCommands
internal import Glibc

ProcessSetUp.begin()
exit(Program.run(Array(CommandLine.arguments.dropFirst())))
