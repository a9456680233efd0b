import EngramImport
import EngramModelFiles
import Foundation
import Testing

/// Made with h5py by tools/reference/input_files.py.
let inputs = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../fixtures/inputs").standardized

/// The program that reads, as the build puts it beside the tests.
func readingProgram() throws -> String { try #require(ReadingProcess.program()) }

/// Reads a dataset of a fixture in the other process, and makes sure that this process would have read the same.
func read(_ file: String, _ content: FileRequest.Content) throws -> [FileArray] {
  let path = inputs.appending(path: file).path
  let apart = Result { try ReadingProcess.read(content, from: path, with: readingProgram()) }
  let here = Result { try content.read(from: path) }
  #expect("\(apart)".contains("failure") == "\(here)".contains("failure"))
  if case .success(let apart) = apart, case .success(let here) = here { #expect("\(apart)" == "\(here)") }
  return try apart.get()
}

/// The sentence with which reading is refused.
func refusal(_ file: String, _ content: FileRequest.Content) -> String {
  do { return "read \(try read(file, content).count) arrays" } catch { return "\(error)" }
}
