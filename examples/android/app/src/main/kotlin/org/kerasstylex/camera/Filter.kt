package org.kerasstylex.camera

import android.content.res.AssetManager
import com.google.ai.edge.litert.Accelerator
import com.google.ai.edge.litert.CompiledModel
import com.google.ai.edge.litert.LiteRtException
import java.io.IOException
import java.io.InputStream

private const val MODEL = "filter.tflite"
private const val METADATA = "filter.json"

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
            outputs[0].readFloat().also { checkSize(it, values) }
        } catch (error: LiteRtException) {
            throw FilterException("The filter failed on the ${device.name}: ${error.message}", error)
        }

    private fun checkSize(painted: FloatArray, seen: FloatArray) {
        if (painted.size == seen.size) return
        throw FilterException("$METADATA is not that of $MODEL, which paints ${painted.size} values, not ${seen.size}.")
    }

    override fun close() {
        (inputs + outputs).forEach { it.close() }
        model.close()
    }

    companion object {
        /**
         * Opens the filter among the assets: on the GPU, if it is there, takes all of the filter and paints what the CPU
         * paints; otherwise on the CPU. Throws a [FilterException] when the assets are missing or not a filter's.
         */
        fun open(assets: AssetManager): Filter {
            val metadata = FilterMetadata.parse(asset(assets, METADATA) { it.reader().readText() })
            asset(assets, MODEL) {} // LiteRT's own error does not name the file
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
                checkShapes(model, metadata)
                Filter(metadata, device, model)
            } catch (error: Exception) {
                model.close()
                throw error
            }
        }

        /** Of a filter of 320x240 and of one of 240x320 the values are as many: their shapes tell them apart. */
        private fun checkShapes(model: CompiledModel, metadata: FilterMetadata) {
            val said = listOf(1, metadata.height, metadata.width, 3)
            val taken = model.getInputTensorType(metadata.input, metadata.signature).layout?.dimensions
            val painted = model.getOutputTensorType(metadata.output, metadata.signature).layout?.dimensions
            if (taken == said && painted == said) return
            throw FilterException("$METADATA is not that of $MODEL, which takes $taken and paints $painted, not $said.")
        }

        private fun agree(gpu: Filter, cpu: Filter): Boolean {
            val picture = testPicture(cpu.metadata)
            return try {
                greatestDifference(cpu.metadata, gpu.paint(picture), cpu.paint(picture)) < TOLERANCE
            } catch (error: FilterException) {
                false
            }
        }

        private fun <T> asset(assets: AssetManager, name: String, read: (InputStream) -> T): T =
            try {
                assets.open(name).use(read)
            } catch (error: IOException) {
                throw FilterException("The app has no asset $name. Copy it to app/src/main/assets, see the README.", error)
            }
    }
}
