package org.kerasstylex.camera

import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * Does on a computer what the app does around the filter, for `benchmarks/phone_examples.py` to compare.
 *
 * The folder it is given holds `filter.tflite`; `bad_*.tflite`; `*.frame`, whose name gives width, height, row stride,
 * rotation and mirroring; and `painted.floats`. It prints what it reads in the filter, and why it refuses the bad ones;
 * it writes what the filter would be fed, and the pixels that would be shown.
 */
fun main(arguments: Array<String>) {
    val folder = File(arguments[0])
    val metadata = FilterMetadata.of(File(folder, "filter.tflite").readBytes())
    with(metadata) { println("$signature $input $output $height $width $low $high $style") }
    for (file in folder.listFiles().orEmpty().sorted()) {
        when {
            file.name.startsWith("bad_") -> println("${file.name}: ${refusal(file)}")
            file.extension == "frame" -> sample(file, metadata)
        }
    }
    write(File(folder, "test_picture.values"), testPicture(metadata))
    paint(folder, metadata)
}

private fun refusal(file: File): String? =
    try {
        FilterMetadata.of(file.readBytes())
        "taken"
    } catch (error: FilterException) {
        error.message
    }

private fun sample(file: File, metadata: FilterMetadata) {
    val (width, height, rowStride, rotation, mirrored) = file.nameWithoutExtension.split("_").map(String::toInt)
    val frame = Frame(file.readBytes(), width, height, rowStride, rotation, mirrored == 1)
    val values = FloatArray(metadata.width * metadata.height * 3)
    FrameSampler(metadata).sample(frame, values)
    write(File(file.path.removeSuffix("frame") + "values"), values)
}

private fun paint(folder: File, metadata: FilterMetadata) {
    val buffer = ByteBuffer.wrap(File(folder, "painted.floats").readBytes()).order(ByteOrder.LITTLE_ENDIAN)
    val values = FloatArray(buffer.remaining() / 4).also { buffer.asFloatBuffer().get(it) }
    val pixels = IntArray(values.size / 3)
    PixelWriter(metadata).write(values, pixels)
    val bytes = pixels.flatMap { listOf(it shr 16, it shr 8, it, it shr 24) }.map(Int::toByte)
    File(folder, "painted.pixels").writeBytes(bytes.toByteArray())
}

private fun write(file: File, values: FloatArray) {
    val buffer = ByteBuffer.allocate(4 * values.size).order(ByteOrder.LITTLE_ENDIAN)
    values.forEach(buffer::putFloat)
    file.writeBytes(buffer.array())
}
