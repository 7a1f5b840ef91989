/// A camera frame as it lies in memory: bytes blue, green, red, alpha; upright.
struct Frame {
    let bytes: UnsafeRawBufferPointer
    let width: Int
    let height: Int
    /// Bytes from one row to the next; rows may be padded.
    let rowStride: Int
}

/// Crops the middle of camera frames and scales it to what a filter takes, in one pass.
struct FrameSampler {
    let metadata: FilterMetadata

    /// The values of a filter's input: row after row, red green blue, from low to high.
    func sample(_ frame: Frame) -> [Float] {
        // The largest rectangle of the filter's proportions in the middle of the frame.
        let scale = min(
            Float(frame.width) / Float(metadata.width), Float(frame.height) / Float(metadata.height))
        let columns = places(count: metadata.width, of: frame.width, scale: scale, bytes: 4)
        let rows = places(count: metadata.height, of: frame.height, scale: scale, bytes: frame.rowStride)
        let step = (metadata.high - metadata.low) / 255
        return [Float](unsafeUninitializedCapacity: metadata.height * metadata.width * 3) { values, count in
            for row in rows {
                for column in columns {
                    for channel in stride(from: 2, through: 0, by: -1) {
                        let upper = frame.mix(row.before + channel, column)
                        let lower = frame.mix(row.after + channel, column)
                        values[count] = metadata.low + step * (upper + (lower - upper) * row.weight)
                        count += 1
                    }
                }
            }
        }
    }

    /// Where to look along one axis. Pixels have their centres at halves; beyond the first and last there is no more.
    private func places(count: Int, of length: Int, scale: Float, bytes: Int) -> [Place] {
        let start = (Float(length) - scale * Float(count)) / 2
        return (0..<count).map { index in
            let at = min(max(start + (Float(index) + 0.5) * scale - 0.5, 0), Float(length - 1))
            let first = Int(at)
            return Place(
                before: first * bytes, after: min(first + 1, length - 1) * bytes, weight: at - Float(first))
        }
    }
}

/// Two neighbours along an axis, in bytes from its start, and how much the second counts.
private struct Place {
    let before: Int
    let after: Int
    let weight: Float
}

extension Frame {
    fileprivate func mix(_ row: Int, _ column: Place) -> Float {
        let left = Float(bytes[row + column.before])
        return left + (Float(bytes[row + column.after]) - left) * column.weight
    }
}
