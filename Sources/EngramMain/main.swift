internal import EngramCommands
internal import EngramSystem

ProcessSetUp.begin()
exit(Program.run(Array(CommandLine.arguments.dropFirst())))
