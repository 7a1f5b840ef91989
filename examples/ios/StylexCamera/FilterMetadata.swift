import Foundation

/// What is wrong with a filter, in a sentence for people.
struct FilterError: LocalizedError {
    let message: String

    var errorDescription: String? { message }
}

/// What a filter says of itself in the JSON that lies inside its file.
///
/// Its input is `(1, height, width, 3)`, red green blue, from `low` for black to `high` for white; its output is the same.
struct FilterMetadata {
    let signature: String
    let input: String
    let output: String
    let height: Int
    let width: Int
    let low: Float
    let high: Float
    let style: String

    private static let wanted = "Export a filter with: keras-stylex export RUN --style PICTURE --formats float16"

    /// Reads a model file; throws a `FilterError` when it is not that of a filter on floats.
    init(model: Data) throws {
        let file = try Self.decode(model)
        guard let (name, shape) = file.inputs.first, file.inputs.count == 1 else {
            let names = file.inputs.keys.sorted()
            throw FilterError(message: "This network takes \(names), a filter takes one frame. \(Self.wanted)")
        }
        guard shape.count == 4, shape[0] == 1, shape[3] == 3 else {
            throw FilterError(message: "A filter takes (1, height, width, 3), this one \(shape). \(Self.wanted)")
        }
        guard let (low, high) = Self.range(file.valueRange) else {
            throw FilterError(
                message: "This app feeds floats, the filter takes \"\(file.valueRange)\". \(Self.wanted)")
        }
        (signature, input, output) = (file.signature, name, file.output)
        (height, width) = (shape[1], shape[2])
        (self.low, self.high) = (low, high)
        style = file.style.name
    }

    private static func decode(_ model: Data) throws -> File {
        do {
            guard let json = try embeddedMetadata("keras_stylex", in: model) else {
                throw FilterError(message: "This model file was not exported by keras-stylex. \(wanted)")
            }
            return try JSONDecoder().decode(File.self, from: json)
        } catch is DamagedFile {
            throw FilterError(message: "The filter's file is damaged, or not TensorFlow Lite's. \(wanted)")
        } catch DecodingError.keyNotFound(let key, _) {
            throw FilterError(message: "This model file is not a filter's: no \(key.stringValue). \(wanted)")
        } catch let error as DecodingError {
            throw FilterError(message: "This model file is not a filter's: \(error.localizedDescription) \(wanted)")
        }
    }

    private static func range(_ text: String) -> (Float, Float)? {
        guard let match = text.wholeMatch(of: #/float32 in \[(\S+), (\S+)\], red green blue/#),
            let low = Float(match.1), let high = Float(match.2)
        else { return nil }
        return (low, high)
    }

    /// The part of the JSON that matters to an app.
    private struct File: Decodable {
        let signature: String
        let inputs: [String: [Int]]
        let output: String
        let valueRange: String
        let style: Style

        enum CodingKeys: String, CodingKey {
            case signature, inputs, output, style
            case valueRange = "value_range"
        }
    }

    private struct Style: Decodable {
        let name: String
    }
}
