import EngramKernels
import EngramNative

/// What computes a function, after a choice among its implementations.
enum ChosenBody {
  case swift(FunctionBody)
  case native(CEntry, takesElement: Bool)
}

extension Function {
  /// The body for a target, made for `owner` where that matters (FUN-8).
  ///
  /// The first of the target and its parents that has an implementation which can be used here counts. One that cannot, because its
  /// availability check or the machine says so, is passed over with a message.
  ///
  /// - Parameters:
  ///   - target: `nil`: as ``ExecutionTarget/preferred`` says of `auto`.
  ///   - owner: `nil` outside of model code: dynamic implementations cannot be made.
  func chosenBody(on target: ExecutionTarget?, for owner: FunctionOwner?) throws -> ChosenBody {
    let target = target ?? (implementations[.interpreted] == nil ? .compiled : .interpreted)
    var obstacle: (any Error)?
    var isListed = false
    for candidate in target.lineage {
      guard let listed = implementations[candidate] else { continue }
      isListed = true
      do {
        let implementation = try usable(listed, for: owner)
        guard let body = try body(of: implementation, prefersCode: candidate.prefersCode) else { continue }
        if let obstacle { tellFallback("its implementation for '\(candidate.name)'", because: obstacle) }
        return body
      } catch let problem as Unavailable { obstacle = obstacle ?? problem.reason }
    }
    if let obstacle { throw obstacle }
    guard isListed else { throw FunctionCallError.noImplementation(function: name, target: target.name, available: implementations.targets) }
    throw FunctionCallError.emptyImplementation(function: name, target: target.name)
  }

  /// Cannot be used here, which another implementation may make good.
  private struct Unavailable: Error { let reason: any Error }

  private func usable(_ listed: FunctionImplementation, for owner: FunctionOwner?) throws -> FunctionImplementation {
    var implementation = listed
    var depth = 0
    while true {
      do { try implementation.checkAvailability?() } catch { throw Unavailable(reason: error) }
      guard case .computed(let make) = implementation.body else { return implementation }
      guard let owner, depth < 10 else { throw FunctionCallError.notCallable(function: name) }
      implementation = try make(owner)
      depth += 1
    }
  }

  private func body(of implementation: FunctionImplementation, prefersCode: Bool) throws -> ChosenBody? {
    if let body = implementation.body, implementation.code == nil || !prefersCode { return .swift(body) }
    guard let code = implementation.code else { return nil }
    do {
      return .native(try entry(of: implementation, code), takesElement: implementation.takesElement)
    } catch let problem as NativeCodeError where problem.isAboutMachine {
      guard let body = implementation.body else { throw Unavailable(reason: problem) }
      tellFallback("its body in Swift", because: problem)
      return .swift(body)
    }
  }

  private func tellFallback(_ instead: String, because reason: any Error) {
    Messages.emit(.warning, "codegen.fallback", "function '\(name)': \(reason); \(instead) is used", once: true)
  }
}
