public import EngramSimulation

/// The preferences of the process, with the standard files read, and values that the current scope has of its own.
public var prefs: BrianGlobalPreferences {
  let environment = Environment.current
  return environment.isOwnedHere ? environment.preferences : .process
}

public typealias BrianGlobalPreferences = Preferences

@available(*, unavailable, renamed: "prefs")
public let brianPrefs: BrianGlobalPreferences = .process
