/// Where the values that are uniform over elements live: one scalar slot each, in four sections.
struct SlotLayout {
  /// Keys of random call sites.
  let keys: Int
  /// Results of the operations of the run part and of the call part.
  let run: Int
  let call: Int
  let count: Int

  init(_ program: KernelProgram) {
    keys = program.constants.count
    run = keys + program.callSiteCount
    call = run + program.runPart.count
    count = call + program.callPart.count
  }

  /// The slot of an operand that is not a value of the body.
  func slot(of operand: KernelProgram.Operand) -> Int? {
    switch operand {
    case .constant(let number): number
    case .run(let number): run + number
    case .call(let number): call + number
    case .body: nil
    }
  }
}
