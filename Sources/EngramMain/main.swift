import EngramCommands

EngramCommand.start()
