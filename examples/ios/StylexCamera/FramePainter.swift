import CoreGraphics
import Foundation

/// A frame as the filter painted it.
struct PaintedFrame {
    let image: CGImage
    let caption: String
}

/// Paints the camera's frames, one at a time.
final class FramePainter {
    private let filter: Filter
    private let sampler: FrameSampler
    private let writer: PixelWriter
    private var rate = FrameRate()

    init(filter: Filter) {
        self.filter = filter
        sampler = FrameSampler(metadata: filter.metadata)
        writer = PixelWriter(metadata: filter.metadata)
    }

    func paint(_ frame: Frame) throws -> PaintedFrame? {
        let started = ProcessInfo.processInfo.systemUptime
        let painted = try filter.paint(sampler.sample(frame))
        guard let image = image(writer.pixels(painted)) else { return nil }
        rate.add(started: started, finished: ProcessInfo.processInfo.systemUptime)
        return PaintedFrame(image: image, caption: caption)
    }

    private var caption: String {
        let speed = String(format: "%.0f fps  %.1f ms", rate.framesPerSecond, rate.milliseconds)
        return "\(filter.metadata.style)\n\(filter.device)  \(speed)"
    }

    private func image(_ pixels: [UInt8]) -> CGImage? {
        guard let provider = CGDataProvider(data: Data(pixels) as CFData),
            let space = CGColorSpace(name: CGColorSpace.sRGB)
        else { return nil }
        return CGImage(
            width: filter.metadata.width, height: filter.metadata.height, bitsPerComponent: 8, bitsPerPixel: 32,
            bytesPerRow: 4 * filter.metadata.width, space: space,
            bitmapInfo: CGBitmapInfo(rawValue: CGImageAlphaInfo.noneSkipLast.rawValue), provider: provider,
            decode: nil, shouldInterpolate: true, intent: .defaultIntent)
    }
}
