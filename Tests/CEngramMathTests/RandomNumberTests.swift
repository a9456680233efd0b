import CEngramMath
import Testing

@Suite("Random numbers") struct RandomNumberTests {
  @Test("RNG-2: Philox4x32-10 gives the known answers of Random123")
  func knownAnswers() {
    func check(_ key: UInt64, _ low: UInt64, _ high: UInt64, _ expected: [UInt32]) {
      var words: [UInt32] = [0, 0, 0, 0]
      engram_philox4x32(key, low, high, &words)
      #expect(words == expected)
    }
    check(0, 0, 0, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    check(.max, .max, .max, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
    check(
      0x299f_31d0_a409_3822, 0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e,
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
  }
}
