// Does on a computer what the app does around the filter, for `benchmarks/phone_examples.py` to compare.
//
// The folder it is given holds `filter.tflite`; `bad_*.tflite`; `*.frame`, whose name gives width, height, row stride,
// rotation and mirroring; and `painted.floats`. It prints what it reads in the filter, and why it refuses the bad ones; it
// writes what the filter would be fed, and the pixels that would be shown.

import Foundation

let folder = URL(fileURLWithPath: CommandLine.arguments[1])

func read(_ name: String) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent(name))
}

func write<T>(_ values: [T], _ name: String) throws {
    try values.withUnsafeBytes { Data($0) }.write(to: folder.appendingPathComponent(name))
}

func refusal(_ name: String) throws -> String {
    do {
        _ = try FilterMetadata(model: read(name))
        return "taken"
    } catch let error as FilterError {
        return error.message
    }
}

/// The values of a frame of red, green, blue, alpha. AVFoundation's have blue first, and stand upright.
func sample(_ name: String, _ metadata: FilterMetadata) throws {
    let parts = name.dropLast(".frame".count).split(separator: "_").map { Int($0)! }
    var bytes = [UInt8](try read(name))
    for row in 0..<parts[1] {
        for x in 0..<parts[0] {
            bytes.swapAt(row * parts[2] + 4 * x, row * parts[2] + 4 * x + 2)
        }
    }
    let values = bytes.withUnsafeBytes {
        let frame = Frame(bytes: $0, width: parts[0], height: parts[1], rowStride: parts[2])
        return FrameSampler(metadata: metadata).sample(frame)
    }
    try write(values, name.replacingOccurrences(of: ".frame", with: ".values"))
}

let metadata = try FilterMetadata(model: read("filter.tflite"))
print(
    metadata.signature, metadata.input, metadata.output, metadata.height, metadata.width, metadata.low,
    metadata.high, metadata.style)
for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
    if name.hasPrefix("bad_") { print("\(name): \(try refusal(name))") }
    if name.hasSuffix(".frame") { try sample(name, metadata) }
}
try write(testPicture(metadata), "test_picture.values")
let painted = try read("painted.floats").withUnsafeBytes { [Float]($0.bindMemory(to: Float.self)) }
try write(PixelWriter(metadata: metadata).pixels(painted), "painted.pixels")
