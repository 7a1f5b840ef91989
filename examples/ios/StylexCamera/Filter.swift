import Foundation
import TensorFlowLite

/// A GPU that differs from the CPU by more than this, of a range of 1, computes something else.
private let tolerance: Float = 0.05

/// A filter on one device. Not safe for use from several threads at once.
final class Filter {
    let metadata: FilterMetadata
    let device: String
    private let interpreter: Interpreter

    private init(metadata: FilterMetadata, model: String, device: String, delegates: [Delegate]) throws {
        self.metadata = metadata
        self.device = device
        var options = Interpreter.Options()
        options.isXNNPackEnabled = delegates.isEmpty
        options.threadCount = 2
        interpreter = try Interpreter(modelPath: model, options: options, delegates: delegates)
        try interpreter.allocateTensors()
    }

    /// Runs the filter on a frame of its size and value range, and returns the painted one.
    func paint(_ values: [Float]) throws -> [Float] {
        try interpreter.copy(values.withUnsafeBytes { Data($0) }, toInputAt: 0)
        try interpreter.invoke()
        return try interpreter.output(at: 0).data.withUnsafeBytes { [Float]($0.bindMemory(to: Float.self)) }
    }

    /// Opens the filter in the app's bundle: with Metal, or else Core ML, if it is there and paints what the CPU paints;
    /// otherwise on the CPU. Throws a `FilterError` when the file is missing or not a filter.
    static func open(in bundle: Bundle = .main) throws -> Filter {
        guard let file = bundle.url(forResource: "filter", withExtension: "tflite") else {
            throw FilterError(message: "The app has no filter.tflite. Copy it to examples/ios/Filter, see the README.")
        }
        let metadata = try FilterMetadata(model: Data(contentsOf: file))
        let model = file.path
        let cpu: Filter
        do {
            cpu = try Filter(metadata: metadata, model: model, device: "CPU", delegates: [])
        } catch {
            throw FilterError(message: "TensorFlow Lite cannot load filter.tflite: \(error.localizedDescription)")
        }
        let picture = testPicture(metadata)
        let expected = try cpu.paint(picture)
        for (device, makeDelegate) in accelerators {
            guard let delegate = makeDelegate(),
                let filter = try? Filter(metadata: metadata, model: model, device: device, delegates: [delegate]),
                let painted = try? filter.paint(picture),
                greatestDifference(metadata, painted, expected) < tolerance
            else { continue }
            return filter
        }
        return cpu
    }

    private static let accelerators: [(String, () -> Delegate?)] = [
        ("Metal", { MetalDelegate() }),
        ("Core ML", { CoreMLDelegate() }),  // none without a Neural Engine
    ]
}
