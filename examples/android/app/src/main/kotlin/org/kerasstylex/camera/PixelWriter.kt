package org.kerasstylex.camera

import kotlin.math.abs
import kotlin.math.round

/** Turns the values of a filter's output, or input, into pixels that a bitmap takes. */
class PixelWriter(private val metadata: FilterMetadata) {
    /** Opaque pixels, one Int each: alpha, red, green, blue. What lies outside the value range is clipped. */
    fun write(values: FloatArray, pixels: IntArray) {
        for (i in pixels.indices) {
            val red = level(values[3 * i])
            val green = level(values[3 * i + 1])
            val blue = level(values[3 * i + 2])
            pixels[i] = (0xff shl 24) or (red shl 16) or (green shl 8) or blue
        }
    }

    private fun level(value: Float): Int {
        val level = 255f * (value - metadata.low) / (metadata.high - metadata.low)
        return round(level.coerceIn(0f, 255f)).toInt()
    }
}

/** A picture for comparing devices: ramps in every channel, with edges. */
fun testPicture(metadata: FilterMetadata): FloatArray {
    val values = FloatArray(metadata.height * metadata.width * 3)
    for (i in values.indices) {
        val pixel = i / 3
        val x = pixel % metadata.width
        val y = pixel / metadata.width
        val level = (x * (1 + i % 3) + 2 * y) % 256 / 255f
        values[i] = metadata.low + (metadata.high - metadata.low) * level
    }
    return values
}

/** The greatest difference of two pictures, as a part of the value range; values that are not finite count as far off. */
fun greatestDifference(metadata: FilterMetadata, a: FloatArray, b: FloatArray): Float {
    var greatest = 0f
    for (i in a.indices) {
        val difference = abs(a[i] - b[i])
        if (!difference.isFinite()) return Float.POSITIVE_INFINITY
        greatest = maxOf(greatest, difference)
    }
    return greatest / (metadata.high - metadata.low)
}
