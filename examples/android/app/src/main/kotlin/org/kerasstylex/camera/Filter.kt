package org.kerasstylex.camera

import android.content.res.AssetManager
import com.google.ai.edge.litert.Accelerator
import com.google.ai.edge.litert.CompiledModel
import com.google.ai.edge.litert.LiteRtException
import java.io.IOException

private const val MODEL = "filter.tflite"

/** A GPU that differs from the CPU by more than this, of a range of 1, computes something else. */
private const val TOLERANCE = 0.05f

/** A filter on one device. Not safe for use from several threads; close it when done. */
class Filter private constructor(
    val metadata: FilterMetadata,
    val device: Accelerator,
    private val model: CompiledModel,
) : AutoCloseable {
    private val inputs = model.createInputBuffers(metadata.signature)
    private val outputs = model.createOutputBuffers(metadata.signature)

    /** Runs the filter on a frame of [metadata]'s size and value range, and returns the painted one. */
    fun paint(values: FloatArray): FloatArray =
        try {
            inputs[0].writeFloat(values)
            model.run(inputs, outputs, metadata.signature)
            outputs[0].readFloat()
        } catch (error: LiteRtException) {
            throw FilterException("The filter failed on the ${device.name}: ${error.message}", error)
        }

    override fun close() {
        (inputs + outputs).forEach { it.close() }
        model.close()
    }

    companion object {
        /**
         * Opens the filter among the assets: on the GPU, if it is there, takes all of the filter and paints what the CPU
         * paints; otherwise on the CPU. Throws a [FilterException] when the asset is missing or not a filter.
         */
        fun open(assets: AssetManager): Filter {
            val metadata = FilterMetadata.of(read(assets))
            val cpu = try {
                open(assets, metadata, Accelerator.CPU)
            } catch (error: LiteRtException) {
                throw FilterException("LiteRT cannot load $MODEL: ${error.message}", error)
            }
            val gpu = openOnGpu(assets, metadata) ?: return cpu
            val (better, other) = if (agree(gpu, cpu)) gpu to cpu else cpu to gpu
            other.close()
            return better
        }

        private fun openOnGpu(assets: AssetManager, metadata: FilterMetadata): Filter? =
            try {
                open(assets, metadata, Accelerator.GPU)
            } catch (error: LiteRtException) {
                null // no GPU, or not for all of the operations
            }

        private fun open(assets: AssetManager, metadata: FilterMetadata, device: Accelerator): Filter {
            val model = CompiledModel.create(assets, MODEL, CompiledModel.Options(device))
            return try {
                Filter(metadata, device, model)
            } catch (error: Exception) {
                model.close()
                throw error
            }
        }

        private fun agree(gpu: Filter, cpu: Filter): Boolean {
            val picture = testPicture(cpu.metadata)
            return try {
                greatestDifference(cpu.metadata, gpu.paint(picture), cpu.paint(picture)) < TOLERANCE
            } catch (error: FilterException) {
                false
            }
        }

        private fun read(assets: AssetManager): ByteArray =
            try {
                assets.open(MODEL).use { it.readBytes() }
            } catch (error: IOException) {
                throw FilterException("The app has no asset $MODEL. Copy it to app/src/main/assets, see the README.", error)
            }
    }
}
