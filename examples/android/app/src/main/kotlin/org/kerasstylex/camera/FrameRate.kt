package org.kerasstylex.camera

/** Frames a second and milliseconds a frame, averaged over about the last ten frames. */
class FrameRate {
    var framesPerSecond = 0.0
        private set
    var milliseconds = 0.0
        private set
    private var last = 0L

    /** Takes note of a frame; times are nanoseconds of one clock. */
    fun add(started: Long, finished: Long) {
        milliseconds = average(milliseconds, (finished - started) / 1e6)
        if (last != 0L) framesPerSecond = average(framesPerSecond, 1e9 / (finished - last))
        last = finished
    }

    private fun average(before: Double, now: Double) = if (before == 0.0) now else before + (now - before) / 10
}
