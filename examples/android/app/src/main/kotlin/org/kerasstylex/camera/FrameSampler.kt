package org.kerasstylex.camera

import kotlin.math.floor

/**
 * A camera frame as it lies in memory: bytes red, green, blue, alpha.
 *
 * @property rowStride bytes from one row to the next; rows may be padded.
 * @property rotation degrees clockwise by which it has to be turned to stand upright: 0, 90, 180 or 270.
 * @property mirrored whether left and right are exchanged once it stands upright, as in a mirror.
 */
class Frame(
    val bytes: ByteArray,
    val width: Int,
    val height: Int,
    val rowStride: Int,
    val rotation: Int,
    val mirrored: Boolean,
) {
    val uprightWidth get() = if (rotation % 180 == 0) width else height
    val uprightHeight get() = if (rotation % 180 == 0) height else width
}

/** Turns, mirrors, crops the middle of, and scales camera frames to what a filter takes, all in one pass. */
class FrameSampler(private val metadata: FilterMetadata) {
    private val step = (metadata.high - metadata.low) / 255f

    /** The values of a filter's input: row after row, red green blue, from low to high. */
    fun sample(frame: Frame, values: FloatArray) {
        // The largest rectangle of the filter's proportions in the middle of the upright frame.
        val scale = minOf(
            frame.uprightWidth / metadata.width.toFloat(),
            frame.uprightHeight / metadata.height.toFloat(),
        )
        val left = (frame.uprightWidth - scale * metadata.width) / 2
        val top = (frame.uprightHeight - scale * metadata.height) / 2
        var at = 0
        for (y in 0 until metadata.height) {
            val v = top + (y + 0.5f) * scale
            for (x in 0 until metadata.width) {
                val across = left + (x + 0.5f) * scale
                val u = if (frame.mirrored) frame.uprightWidth - across else across
                at = sampleAt(frame, u, v, values, at)
            }
        }
    }

    /** Writes the colour at a place of the upright frame. Places count from its corner: pixels have their centres at halves. */
    private fun sampleAt(frame: Frame, u: Float, v: Float, values: FloatArray, at: Int): Int {
        val width = frame.width.toFloat()
        val height = frame.height.toFloat()
        return when (frame.rotation) {
            90 -> bilinear(frame, v, height - u, values, at)
            180 -> bilinear(frame, width - u, height - v, values, at)
            270 -> bilinear(frame, width - v, u, values, at)
            else -> bilinear(frame, u, v, values, at)
        }
    }

    private fun bilinear(frame: Frame, u: Float, v: Float, values: FloatArray, at: Int): Int {
        val x = (u - 0.5f).coerceIn(0f, frame.width - 1f)
        val y = (v - 0.5f).coerceIn(0f, frame.height - 1f)
        val x0 = floor(x).toInt()
        val y0 = floor(y).toInt()
        val right = 4 * (minOf(x0 + 1, frame.width - 1) - x0)
        val below = frame.rowStride * (minOf(y0 + 1, frame.height - 1) - y0)
        val corner = y0 * frame.rowStride + 4 * x0
        for (channel in 0..2) {
            val place = corner + channel
            val upper = mix(frame.level(place), frame.level(place + right), x - x0)
            val lower = mix(frame.level(place + below), frame.level(place + below + right), x - x0)
            values[at + channel] = metadata.low + step * mix(upper, lower, y - y0)
        }
        return at + 3
    }

    private fun Frame.level(place: Int) = (bytes[place].toInt() and 0xff).toFloat()

    private fun mix(a: Float, b: Float, weight: Float) = a + (b - a) * weight
}
