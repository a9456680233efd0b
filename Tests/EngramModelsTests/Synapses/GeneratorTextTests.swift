import EngramScalars
import Testing

@testable import EngramModels

@Suite("Generator texts") struct GeneratorTextTests {
  @Test("SYN-25: the parts of well-formed generators are found")
  func parts() throws {
    let full = try GeneratorText("k + int(k in_range) for k in range(1, N_post, 2*(i+1)) if k != i and (i < 3)")
    #expect(full.element == "k + int(k in_range)")
    #expect(full.iterator == .range(variable: "k", low: "1", high: "N_post", step: "2*(i+1)"))
    #expect(full.condition == "k != i and (i < 3)")
    #expect(try GeneratorText("k for k in range(i)").iterator == .range(variable: "k", low: "0", high: "i", step: "1"))
    #expect(
      try GeneratorText("k for k in sample(N_post, p=0.1)").iterator
        == .sampleWithProbability(variable: "k", low: "0", high: "N_post", step: "1", p: "0.1"))
    #expect(
      try GeneratorText("k for k in sample(2, 9, size=i + 1)").iterator
        == .sampleOfSize(variable: "k", low: "2", high: "9", step: "1", size: "i + 1"))
    let single = try GeneratorText("int(i/2) if i % 2 == 0")
    #expect(single.element == "int(i/2)" && single.iterator == .single && single.condition == "i % 2 == 0")
  }

  @Test(
    "SYN-25: errors quote the text and the rule that it breaks",
    arguments: [
      ("k for k in rang(3)", "did you mean 'range'"), ("k for k, l in range(3)", "one variable"),
      ("k for k in range(3) if k > 1 if k < 2", "only one 'if'"), ("k for k in range()", "argument of range is empty"),
      ("k for k in range(1, 2, 3, 4)", "1 to 3 positions"), ("k for k in range(3, p=0.5)", "does not take 'p='"),
      ("k for k in sample(3)", "needs p= or size="), ("k for k in sample(3, p=0.1, size=2)", "not both"),
      ("k for k in sample(3, q=0.1)", "no argument 'q='"), ("k for k in things", "not a call"), ("(k for k in range(3)", "parentheses"),
      ("k for k in range(2) for l in range(3)", "only one 'for'"), ("", "empty"), ("k for", "must be followed"),
    ])
  func errors(text: String, hint: String) {
    let error = #expect(throws: SynapseError.self) { try GeneratorText(text) }
    #expect(error?.description.contains(hint) == true)
    #expect(error?.description.contains("'\(text)'") == true)
  }
}
