/// Turns the values of a filter's output into pixels that an image takes.
struct PixelWriter {
    let metadata: FilterMetadata

    /// Opaque pixels of four bytes: red, green, blue, alpha. What lies outside the value range is clipped.
    func pixels(_ values: [Float]) -> [UInt8] {
        let scale = 255 / (metadata.high - metadata.low)
        return [UInt8](unsafeUninitializedCapacity: values.count / 3 * 4) { pixels, count in
            for (index, value) in values.enumerated() {
                let level = min(max(0, scale * (value - metadata.low)), 255)  // not a number: black
                pixels[count] = UInt8(level.rounded(.toNearestOrEven))
                count += 1
                if index % 3 == 2 {
                    pixels[count] = 255
                    count += 1
                }
            }
        }
    }
}

/// A picture for comparing devices: ramps in every channel, with edges.
func testPicture(_ metadata: FilterMetadata) -> [Float] {
    (0..<metadata.height * metadata.width * 3).map { index in
        let (pixel, channel) = (index / 3, index % 3)
        let (x, y) = (pixel % metadata.width, pixel / metadata.width)
        let level = Float((x * (1 + channel) + 2 * y) % 256) / 255
        return metadata.low + (metadata.high - metadata.low) * level
    }
}

/// The greatest difference of two pictures, as a part of the value range; values that are not finite count as far off.
func greatestDifference(_ metadata: FilterMetadata, _ a: [Float], _ b: [Float]) -> Float {
    var greatest: Float = 0
    for (left, right) in zip(a, b) {
        let difference = abs(left - right)
        guard difference.isFinite else { return .infinity }
        greatest = max(greatest, difference)
    }
    return greatest / (metadata.high - metadata.low)
}
