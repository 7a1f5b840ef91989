// What the example calls of LiteRT 2.3.0's Kotlin API, signatures only: enough to check calls, not to run them.
@file:Suppress("UNUSED_PARAMETER")

package com.google.ai.edge.litert

import android.content.res.AssetManager

enum class Accelerator { NONE, CPU, GPU, NPU }

class LiteRtException(message: String) : Exception(message)

class TensorBuffer : AutoCloseable {
    fun writeFloat(data: FloatArray): Unit = TODO()

    fun readFloat(): FloatArray = TODO()

    override fun close(): Unit = TODO()
}

class CompiledModel : AutoCloseable {
    class Options(vararg accelerators: Accelerator)

    fun createInputBuffers(signature: String): List<TensorBuffer> = TODO()

    fun createOutputBuffers(signature: String): List<TensorBuffer> = TODO()

    fun run(inputs: List<TensorBuffer>, outputs: List<TensorBuffer>, signature: String): Unit = TODO()

    override fun close(): Unit = TODO()

    companion object {
        fun create(assetManager: AssetManager, assetName: String, options: Options): CompiledModel = TODO()
    }
}
