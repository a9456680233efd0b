import EngramExpressions
import EngramUnits
import Foundation
import Testing

@Suite("Storing model text") struct CodingTests {
  @Test("CKP-20: text with inserted values survives encoding")
  func coding() throws {
    let code: ModelCode = "v = \(Quantity(0.1 + 0.2, .voltage)); w += 1"
    let back = try JSONDecoder().decode(ModelCode.self, from: JSONEncoder().encode(code))
    #expect(back == code)
    #expect(try back.parsed() == code.parsed())
  }
}
