/// How often the elements of a group have spiked since some time: for rates, from the difference of two.
package struct SpikeTally {
  /// The group, or the part of one.
  package let source: String
  package let elementCount: Int
  package let spikeCount: Int

  package init(source: String, elementCount: Int, spikeCount: Int) {
    (self.source, self.elementCount, self.spikeCount) = (source, elementCount, spikeCount)
  }
}

/// An object that counts spikes anyway.
package protocol SpikeCounting: AnyObject {
  /// Nil: it counts something else.
  var spikeTally: SpikeTally? { get }
}
