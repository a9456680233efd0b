internal import EngramExpressions

/// The functions that make or look at whole lists. Those of model code work on each element as they do there.
enum ArrayFunction: String, CaseIterable {
  // Lists from nothing.
  case linspace, arange, logspace, geomspace, zeros, ones, full
  // Lists from lists.
  case `repeat`, tile, concatenate, reshape, transpose, outer, sort, flip, roll, cumsum, diff, unique
  // Element by element.
  case `where`, minimum, maximum, round
  // One number from a list.
  case sum, mean, std, min, max, len, count, first, last, any, all, argmin, argmax
  // Samples.
  case uniform, normal, exponential, gamma, lognormal, binomial, integers, choice, permutation
  case rand, randn, poisson

  static let byName: [String: ArrayFunction] = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

  /// Functions of model code; here they have one argument more, the number of values.
  var isOfModelCode: Bool { [.rand, .randn, .poisson].contains(self) }

  var draws: Bool {
    switch self {
    case .uniform, .normal, .exponential, .gamma, .lognormal, .binomial, .integers, .choice, .permutation, .rand, .randn, .poisson: true
    default: false
    }
  }

  /// Names of the arguments; those behind the number that is needed may be left out.
  var arguments: (names: [String], needed: Int) {
    switch self {
    case .linspace: (["start", "stop", "count", "endpoint"], 3)
    case .arange: (["start", "stop", "step"], 1)
    case .logspace, .geomspace: (["start", "stop", "count"], 3)
    case .zeros, .ones: (["count", "columns"], 1)
    case .full: (["count", "value"], 2)
    case .repeat, .tile: (["list", "times"], 2)
    case .concatenate: (["list", "…"], 1)
    case .reshape: (["list", "rows", "columns"], 3)
    case .transpose, .sort, .flip, .cumsum, .diff, .unique, .sum, .mean, .std, .len, .count, .first, .last, .any, .all, .argmin, .argmax:
      (["list"], 1)
    case .min, .max: (["list", "…"], 1)
    case .outer: (["list", "other"], 2)
    case .roll: (["list", "places"], 2)
    case .round: (["list", "digits"], 1)
    case .where: (["condition", "value", "otherwise"], 3)
    case .minimum, .maximum: (["list", "other"], 2)
    case .uniform: (["low", "high", "count", "columns"], 2)
    case .normal: (["mean", "std", "count", "columns"], 2)
    case .exponential: (["mean", "count", "columns"], 1)
    case .gamma: (["shape", "scale", "count", "columns"], 2)
    case .lognormal: (["mean", "std", "count", "columns"], 2)
    case .binomial: (["trials", "p", "count", "columns"], 2)
    case .integers: (["low", "high", "count", "columns"], 2)
    case .choice: (["list", "count"], 1)
    case .permutation: (["list"], 1)
    case .rand, .randn: (["count", "columns"], 1)
    case .poisson: (["mean", "count", "columns"], 2)
    }
  }
}
