struct Stub { enum K { case defaultSchedule }
 enum B { case stopOnKeyboardInterrupt }
 subscript(_ k: K) -> [String] { Schedule.standard.map(\.rawValue) }
 subscript(_ k: B) -> Bool { true }
 func warnAboutUnvalidated() {} }
let prefs = Stub()
