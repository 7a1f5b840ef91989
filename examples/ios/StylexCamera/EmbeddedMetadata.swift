import Foundation

/// A TensorFlow Lite file that points beyond its end.
struct DamagedFile: Error {}

/// What a TensorFlow Lite file holds under a name among its metadata, or nil.
///
/// Throws `DamagedFile` when the file is damaged there.
func embeddedMetadata(_ name: String, in model: Data) throws -> Data? {
    let file = FlatBuffer(bytes: [UInt8](model))
    let root = try file.target(of: 0)
    let entries = try file.tables(root, Field.modelMetadata)
    guard let entry = try entries.first(where: { try file.content($0, Field.metadataName) == Data(name.utf8) })
    else { return nil }
    let buffers = try file.tables(root, Field.modelBuffers)
    let buffer = try file.integer(entry, Field.metadataBuffer)
    guard buffers.indices.contains(buffer) else { throw DamagedFile() }
    return try file.content(buffers[buffer], Field.bufferData)
}

/// Fields of the tables in TensorFlow Lite's schema.fbs, by their order there.
private enum Field {
    static let modelBuffers = 4
    static let modelMetadata = 6
    static let metadataName = 0
    static let metadataBuffer = 1
    static let bufferData = 0
}

/// As much of FlatBuffers' binary format as `embeddedMetadata` needs. Tables are known by their places in the file.
private struct FlatBuffer {
    let bytes: [UInt8]

    /// Where a pointer leads: to a table, a vector or a text.
    func target(of place: Int) throws -> Int {
        try place + read(UInt32.self, at: place)
    }

    func integer(_ table: Int, _ field: Int) throws -> Int {
        guard let place = try place(table, field) else { return 0 }
        return try read(UInt32.self, at: place)
    }

    func tables(_ table: Int, _ field: Int) throws -> [Int] {
        guard let place = try place(table, field) else { return [] }
        let items = try items(of: target(of: place), size: 4)
        return try stride(from: items.lowerBound, to: items.upperBound, by: 4).map { try target(of: $0) }
    }

    func content(_ table: Int, _ field: Int) throws -> Data? {
        guard let place = try place(table, field) else { return nil }
        return try Data(bytes[items(of: target(of: place), size: 1)])
    }

    /// Where a table has a field, or nil where it has none; a table says first where its list of fields is.
    private func place(_ table: Int, _ field: Int) throws -> Int? {
        let fields = try table - read(Int32.self, at: table)
        let entry = 4 + 2 * field
        guard try entry < read(UInt16.self, at: fields) else { return nil }
        let offset = try read(UInt16.self, at: fields + entry)
        return offset > 0 ? table + offset : nil
    }

    /// Where the items of a vector lie.
    private func items(of vector: Int, size: Int) throws -> Range<Int> {
        let start = vector + 4
        let end = try start + size * read(UInt32.self, at: vector)
        guard end <= bytes.count else { throw DamagedFile() }
        return start..<end
    }

    private func read<T: FixedWidthInteger>(_ type: T.Type, at place: Int) throws -> Int {
        guard place >= 0, place + MemoryLayout<T>.size <= bytes.count else { throw DamagedFile() }
        return Int(T(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: T.self) }))
    }
}
