import CHDF5

/// Groups and datasets: what attributes can be put on.
package protocol HDF5Object: AnyObject {
  /// For messages.
  var path: String { get }
  var objectID: Int64 { get }
}

/// A group of an open file.
package final class HDF5Group: HDF5Object {
  package let path: String
  let handle: Handle
  /// Keeps the file open as long as something in it is used.
  let file: Handle

  init(handle: Handle, path: String, file: Handle) {
    self.handle = handle
    self.path = path
    self.file = file
  }

  package var objectID: Int64 { handle.id }

  /// Opens the group of that name, or makes it.
  package func group(_ name: String) throws(HDF5Error) -> HDF5Group {
    try checkName(name)
    let id = try HDF5Library.perform("make the group '\(child(name))'") {
      Scratch.with { scratch -> hid_t? in
        if H5Lexists(handle.id, name, hid_t(H5P_DEFAULT)) > 0 { return valid(H5Gopen2(handle.id, name, hid_t(H5P_DEFAULT))) }
        guard let links = linkCreation(&scratch), let creation = scratch.keep(H5Pcreate(engram_h5_group_create()), H5Pclose),
          H5Pset_obj_track_times(creation, false) >= 0
        else { return nil }
        return valid(H5Gcreate2(handle.id, name, links, creation, hid_t(H5P_DEFAULT)))
      }
    }
    return HDF5Group(handle: Handle(id) { H5Gclose($0) }, path: child(name), file: file)
  }

  /// Opens a group that must exist; nil if there is nothing of that name.
  package func existingGroup(_ name: String) throws(HDF5Error) -> HDF5Group? {
    guard try contains(name) else { return nil }
    let id = try HDF5Library.perform("open the group '\(child(name))'") { valid(H5Gopen2(handle.id, name, hid_t(H5P_DEFAULT))) }
    return HDF5Group(handle: Handle(id) { H5Gclose($0) }, path: child(name), file: file)
  }

  /// Opens the dataset with that name, or path with slashes, below this group; nil if there is nothing.
  package func dataset(_ path: String) throws(HDF5Error) -> HDF5Dataset? {
    var place = self
    let names = path.split(separator: "/").map(String.init)
    for name in names.dropLast() {
      guard let next = try place.existingGroup(name) else { return nil }
      place = next
    }
    guard let name = names.last, try place.contains(name) else { return nil }
    return try HDF5Dataset.open(name, in: place)
  }

  package func contains(_ name: String) throws(HDF5Error) -> Bool {
    try checkName(name)
    return try HDF5Library.perform("look for '\(child(name))'") {
      let found = H5Lexists(handle.id, name, hid_t(H5P_DEFAULT))
      return found < 0 ? nil : found > 0
    }
  }

  /// Names of everything in this group, sorted by bytes.
  package func memberNames() throws(HDF5Error) -> [String] {
    let bytes = try HDF5Library.perform("list the group '\(path)'") { () -> [CChar]? in
      let needed = engram_h5_member_names(handle.id, nil, 0)
      guard needed >= 0 else { return nil }
      var bytes = [CChar](repeating: 0, count: needed)
      return engram_h5_member_names(handle.id, &bytes, bytes.count) == needed ? bytes : nil
    }
    return bytes.split(separator: 0).map { String(decoding: $0.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
  }

  /// Lets `name` in this group mean the same object as `target`.
  package func link(_ name: String, to target: any HDF5Object) throws(HDF5Error) {
    try checkName(name)
    try HDF5Library.perform("link '\(child(name))' to '\(target.path)'") {
      Scratch.with { scratch -> Void? in
        guard let links = linkCreation(&scratch) else { return nil }
        return H5Olink(target.objectID, handle.id, name, links, hid_t(H5P_DEFAULT)) < 0 ? nil : ()
      }
    }
  }

  func child(_ name: String) -> String { path == "/" ? "/" + name : path + "/" + name }

  func checkName(_ name: String) throws(HDF5Error) {
    guard !name.isEmpty, name != ".", !name.utf8.contains(0), !name.utf8.contains(UInt8(ascii: "/")) else {
      throw HDF5Error("use '\(name)' in '\(path)'", detail: "a name is neither empty nor '.', and contains neither '/' nor a zero byte")
    }
  }
}

func valid(_ id: hid_t) -> hid_t? { id < 0 ? nil : id }

/// Names are UTF-8.
func linkCreation(_ scratch: inout Scratch) -> hid_t? {
  guard let list = scratch.keep(H5Pcreate(engram_h5_link_create()), H5Pclose), H5Pset_char_encoding(list, H5T_CSET_UTF8) >= 0 else {
    return nil
  }
  return list
}
