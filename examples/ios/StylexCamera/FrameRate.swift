/// Frames a second and milliseconds a frame, averaged over about the last ten frames.
struct FrameRate {
    private(set) var framesPerSecond = 0.0
    private(set) var milliseconds = 0.0
    private var last: Double?

    /// Takes note of a frame; times are seconds of one clock.
    mutating func add(started: Double, finished: Double) {
        milliseconds = average(milliseconds, (finished - started) * 1000)
        if let last { framesPerSecond = average(framesPerSecond, 1 / (finished - last)) }
        last = finished
    }

    private func average(_ before: Double, _ now: Double) -> Double {
        before == 0 ? now : before + (now - before) / 10
    }
}
