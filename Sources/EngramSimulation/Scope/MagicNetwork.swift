public final class MagicNetwork: Network {
  init(scope: MagicScope) throws { try super.init(contentsOf: [], name: "magicnetwork*") }
}
extension Network { func rebuildContents() throws {} }
