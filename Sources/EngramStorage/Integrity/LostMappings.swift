import CEngramSystem

/// From now on, losing a mapped file (shortened by somebody else) ends the process with a message and status 74
/// instead of a bare bus error. For programs; a library does not take signals from its host.
package func explainLostMappings() { _ = engram_explain_lost_mappings() }
