package androidx.camera.core

import java.nio.ByteBuffer
import java.util.concurrent.Executor

abstract class UseCase

interface Camera

class CameraSelector {
    companion object {
        val DEFAULT_BACK_CAMERA: CameraSelector = TODO()
        val DEFAULT_FRONT_CAMERA: CameraSelector = TODO()
    }
}

interface ImageInfo {
    val rotationDegrees: Int
}

interface ImageProxy : AutoCloseable {
    val width: Int
    val height: Int
    val planes: Array<PlaneProxy>
    val imageInfo: ImageInfo

    interface PlaneProxy {
        val buffer: ByteBuffer
        val rowStride: Int
    }
}

class ImageAnalysis : UseCase() {
    var targetRotation: Int = TODO()

    fun interface Analyzer {
        fun analyze(image: ImageProxy)
    }

    fun setAnalyzer(executor: Executor, analyzer: Analyzer): Unit = TODO()

    class Builder {
        fun setBackpressureStrategy(strategy: Int): Builder = TODO()

        fun setOutputImageFormat(format: Int): Builder = TODO()

        fun build(): ImageAnalysis = TODO()
    }

    companion object {
        const val STRATEGY_KEEP_ONLY_LATEST = 0
        const val OUTPUT_IMAGE_FORMAT_RGBA_8888 = 2
    }
}
