import EngramModelFiles
import Testing

@Suite("What a branch changes, as text") struct BranchChangesTests {
  @Test("CKP-27: an assignment ends its name at the first '=' outside brackets; conditions need no quotes")
  func assignments() throws {
    for (text, name, value) in [
      ("w_exc=2 mV", "w_exc", "2 mV"), ("G.v = -60 mV", "G.v", "-60 mV"), ("S.w[i<=10]=0", "S.w['i<=10']", "0"),
      ("S.w['i == j']=1", "S.w['i == j']", "1"), ("S.w[0:5, :]=a==b", "S.w[0:5, :]", "a==b"), ("S.w[i > 2 and j < 3]=x", "S.w['i > 2 and j < 3']", "x"),
      ("G.v[[1, 2]]=[1 mV, 2 mV]", "G.v[[1, 2]]", "[1 mV, 2 mV]"), ("a=", "a", ""),
    ] {
      let found = try #require(BranchChanges.Assignment(assignment: text))
      #expect(found.name == name && found.text == value, "\(text)")
    }
    for text in ["", "=1", "G.v", "S.w[i=1"] { #expect(BranchChanges.Assignment(assignment: text) == nil, "\(text)") }
  }

  @Test("CKP-27: changes are steps of a model file, in the order constants, dt, seed, values, whatever stands in them") func steps() throws {
    let changes = BranchChanges(
      constants: ["a": "1 mV", "b": "x: y # z"], values: ["S.w['i < 3']": "[1, 2]"], dt: "0.05 ms", seed: .number(.max))
    #expect(
      changes.stepText == """
        constants:
          a: 1 mV
          b: "x: y # z"
        dt:
          defaultclock: 0.05 ms
        seed: 18446744073709551615
        set:
          "S.w['i < 3']": [1, 2]

        """)
    #expect(BranchChanges().isEmpty && BranchChanges(seed: .kept).isEmpty && !BranchChanges(seed: .derived(0)).isEmpty)
  }

  @Test("CKP-27: the seed is a number, 'same', or made of the parent's") func seeds() {
    #expect(BranchChanges.Seed("7") == .number(7))
    #expect(BranchChanges.Seed("same") == .kept)
    #expect(BranchChanges.Seed("reseed:12") == .derived(12))
    for text in ["", "-1", "reseed:", "reseed:x", "Same", "1.5"] { #expect(BranchChanges.Seed(text) == nil) }
  }
}
