package org.kerasstylex.camera

import android.graphics.Bitmap
import androidx.camera.core.ImageAnalysis
import androidx.camera.core.ImageProxy

/** A frame as the filter saw it, and as it painted it. */
class PaintedFrame(val seen: Bitmap, val painted: Bitmap, val framesPerSecond: Double, val milliseconds: Double)

/**
 * Paints the camera's frames, on the thread that CameraX calls it on.
 *
 * @property mirrored whether the camera looks at its user.
 * @property show receives every painted frame, on the same thread.
 */
class FramePainter(
    private val filter: Filter,
    private val mirrored: Boolean,
    private val show: (PaintedFrame) -> Unit,
) : ImageAnalysis.Analyzer {
    private val width = filter.metadata.width
    private val height = filter.metadata.height
    private val sampler = FrameSampler(filter.metadata)
    private val writer = PixelWriter(filter.metadata)
    private val values = FloatArray(width * height * 3)
    private val pixels = IntArray(width * height)
    private val rate = FrameRate()
    private var bytes = ByteArray(0)

    override fun analyze(image: ImageProxy) {
        val started = System.nanoTime()
        image.use { sampler.sample(frame(it), values) } // closed: CameraX hands out the next one only then
        val seen = bitmap(values)
        val painted = bitmap(filter.paint(values))
        rate.add(started, System.nanoTime())
        show(PaintedFrame(seen, painted, rate.framesPerSecond, rate.milliseconds))
    }

    private fun frame(image: ImageProxy): Frame {
        val plane = image.planes[0]
        val rotation = image.imageInfo.rotationDegrees
        val buffer = plane.buffer.apply { rewind() }
        if (bytes.size != buffer.remaining()) bytes = ByteArray(buffer.remaining())
        buffer.get(bytes)
        return Frame(bytes, image.width, image.height, plane.rowStride, rotation, mirrored)
    }

    private fun bitmap(values: FloatArray): Bitmap {
        writer.write(values, pixels)
        return Bitmap.createBitmap(pixels, width, height, Bitmap.Config.ARGB_8888)
    }
}
