internal import ArgumentParser
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramSystem
internal import EngramTransport
internal import Foundation

/// From arguments to an exit status: the whole of the executable, so that tests can call it.
package enum Program {
  /// - Parameter arguments: without the name of the program.
  package static func run(_ arguments: [String]) -> Int32 {
    // A reader that went away must not end a simulation; whoever writes notices.
    signal(SIGPIPE, SIG_IGN)
    Invocation.remember(arguments)
    // Before anything else that takes time: a signal that comes while the model is read is not lost.
    guard let command = arguments.first, Session.commands.contains(command), !arguments.contains("--help") else { return perform(arguments) }
    Session.prepareSignals()
    return Together.run(command, .here, fail: { fail($0, ExitStatus.error, wantsJSON(arguments) ? command : nil) }) { perform(arguments) }
  }

  private static func wantsJSON(_ arguments: [String]) -> Bool { arguments.prefix { $0 != "--" }.contains("--json") }

  private static func perform(_ arguments: [String]) -> Int32 {
    let command: any ParsableCommand
    let wantsJSON = wantsJSON(arguments)
    if let name = nameOfAnother(arguments) { return runAnother(name, arguments, wantsJSON) }
    do { command = try EngramCommand.parseAsRoot(arguments) } catch {
      return explain(
        usage: error, wantsJSON ? arguments.first { !$0.hasPrefix("-") } ?? "" : nil, before: Completions.scriptHead(arguments), named: verb(arguments))
    }
    let name = wantsJSON ? type(of: command).configuration.commandName ?? "" : nil
    do {
      var command = command
      try command.run()
      return ExitStatus.fine
    } catch let error as ExitCode {
      return error.rawValue
    } catch let error as OutputError where error.isReaderGone {
      return ExitStatus.readerGone
    } catch let error where error is ValidationError || EngramCommand.exitCode(for: error).isSuccess {
      return explain(usage: error, name, named: verb(arguments))
    } catch let error as Interruption {
      return fail("\(error)", ExitStatus.stoppedEarly, name)
    } catch let error as FailedRun {
      return fail(error.text, error.status, name, error.fields)
    } catch {
      return fail(
        ErrorText.text(error), (type(of: command) as? any FailingInItsOwnWay.Type)?.failureStatus ?? ExitStatus.error, name,
        isLaidOut: error is ModelFileError)
    }
  }

  /// The command that help is asked for: `NAME --help`, or `help NAME`.
  private static func verb(_ arguments: [String]) -> String? {
    let plain = arguments.filter { !$0.hasPrefix("-") }
    return plain.first == "help" ? plain.dropFirst().first : plain.first
  }

  /// The command that is asked for, where it is none of this program's own: `NAME …`, or `help NAME`.
  private static func nameOfAnother(_ arguments: [String]) -> String? {
    let name = arguments.first == "help" && arguments.count == 2 ? arguments[1] : arguments.first
    guard let name, !name.isEmpty, !name.hasPrefix("-"), !EngramCommand.ownNames.contains(name) else { return nil }
    return name
  }

  private static func runAnother(_ name: String, _ arguments: [String], _ wantsJSON: Bool) -> Int32 {
    let others = ProgramsBeside.found
    guard let program = others.program(name) else {
      let names = EngramCommand.visibleNames + others.names(besides: EngramCommand.ownNames)
      let near = nearest(name, in: names).map { "; did you mean '\($0)'?" } ?? ""
      return fail(
        "there is no command '\(name)'\(near)\nthere are \(names.sorted().joined(separator: ", ")); what they do: engram --help", EX_USAGE,
        wantsJSON ? name : nil)
    }
    let reason = others.become(program, arguments.first == "help" ? ["--help"] : Array(arguments.dropFirst()))
    return fail("'\(program)' cannot be run: \(String(cString: strerror(reason)))", ExitStatus.error, wantsJSON ? name : nil)
  }

  /// What `--help` says of commands that others have added; empty where there are none.
  private static var otherCommands: String {
    let names = ProgramsBeside.found.names(besides: EngramCommand.ownNames)
    return names.isEmpty ? "" : "\nADDED SUBCOMMANDS (programs 'engram-NAME' beside this one and on the PATH):\n" + names.map { "  \($0)\n" }.joined()
  }

  /// One paragraph on standard error; for scripts the same as JSON on standard output.
  ///
  /// - Parameter isLaidOut: whether every line of it was written by the program, as places in a model file are.
  private static func fail(
    _ text: String, _ status: Int32, _ command: String?, _ fields: [(String, JSONText)] = [], isLaidOut: Bool = false
  ) -> Int32 {
    if isLaidOut { try? Output.error.text(("error:", .error), text) } else { try? Output.error.paragraph(("error:", .error), text) }
    if let command {
      let report = JSONReport(command: command, status: status, fields: [("error", .string(text))] + fields)
      try? Output.standard.line(report.text)
    }
    return status
  }

  /// Wrong usage, or a wish for help, which is not wrong.
  ///
  /// - Parameters:
  ///   - command: its name if it is to answer in JSON.
  ///   - head: what stands before an answer that is no help.
  ///   - verb: the command that help was asked for.
  private static func explain(usage error: any Error, _ command: String?, before head: String = "", named verb: String? = nil) -> Int32 {
    let code = EngramCommand.exitCode(for: error)
    let text = EngramCommand.fullMessage(for: error)
    guard code.isSuccess else {
      return fail(text.hasPrefix("Error: ") ? String(text.dropFirst("Error: ".count)) : text, code.rawValue, command)
    }
    let answer =
      if text == EngramCommand.helpMessage() {
        text + CommandExamples.text("") + otherCommands
      } else if let verb, text.contains("\nUSAGE: engram \(verb)") {
        text + CommandExamples.text(verb)
      } else {
        head + text
      }
    do { try Output.standard.text(answer) } catch {
      return fail(ErrorText.text(error), ExitStatus.error, nil)
    }
    return code.rawValue
  }
}
