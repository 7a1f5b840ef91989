package org.kerasstylex.camera

import androidx.activity.ComponentActivity
import androidx.camera.core.CameraSelector
import androidx.camera.core.ImageAnalysis
import androidx.camera.lifecycle.ProcessCameraProvider
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors

/**
 * One of the phone's cameras with the filter behind it.
 *
 * The filter is opened, run and closed on one thread of its own: GPUs can be particular about that. What is to [show],
 * and sentences for people about what went wrong ([fail]), arrive on the main thread.
 */
class FilteredCamera(
    private val activity: ComponentActivity,
    private val show: (PaintedFrame, Filter) -> Unit,
    private val fail: (String) -> Unit,
) : AutoCloseable {
    private val thread = Executors.newSingleThreadExecutor()
    private var filter: Filter? = null // touched on the thread only
    private var provider: ProcessCameraProvider? = null
    private var selector = CameraSelector.DEFAULT_BACK_CAMERA
    private var closed = false
    private var rebind: () -> Unit = {}

    var isStarted = false
        private set

    /** Opens the filter and the camera. */
    fun start() {
        if (isStarted) return
        isStarted = true
        thread.execute {
            orFail { filter = Filter.open(activity.assets).also { onMain { findCameras(it) } } }
        }
    }

    /** Changes between the cameras at the back and at the front. */
    fun switch() {
        val back = CameraSelector.DEFAULT_BACK_CAMERA
        selector = if (selector == back) CameraSelector.DEFAULT_FRONT_CAMERA else back
        rebind()
    }

    override fun close() {
        closed = true
        provider?.unbindAll()
        thread.execute { filter?.close() }
        thread.shutdown()
    }

    private fun findCameras(filter: Filter) {
        val future = ProcessCameraProvider.getInstance(activity)
        val found = Runnable {
            try {
                val provider = future.get().also { this.provider = it }
                rebind = { bind(provider, filter) }
                if (!closed) rebind()
            } catch (error: ExecutionException) {
                fail("The camera cannot be used: ${error.cause?.message}")
            }
        }
        future.addListener(found, activity::runOnUiThread)
    }

    private fun bind(provider: ProcessCameraProvider, filter: Filter) {
        val cameras = listOf(CameraSelector.DEFAULT_BACK_CAMERA, CameraSelector.DEFAULT_FRONT_CAMERA)
        val there = cameras.filter { provider.hasCamera(it) }
        if (there.isEmpty()) return fail(activity.getString(R.string.no_camera))
        if (selector !in there) selector = there[0]
        provider.unbindAll()
        provider.bindToLifecycle(activity, selector, analysis(filter))
    }

    private fun analysis(filter: Filter): ImageAnalysis {
        val analysis = ImageAnalysis.Builder()
            .setBackpressureStrategy(ImageAnalysis.STRATEGY_KEEP_ONLY_LATEST)
            .setOutputImageFormat(ImageAnalysis.OUTPUT_IMAGE_FORMAT_RGBA_8888)
            .build()
        val mirrored = selector == CameraSelector.DEFAULT_FRONT_CAMERA
        val painter = FramePainter(filter, mirrored) { frame ->
            onMain {
                turn(analysis)
                show(frame, filter)
            }
        }
        analysis.setAnalyzer(thread) { image -> orFail { painter.analyze(image) } }
        return analysis
    }

    /** Tells CameraX how the phone is held, so that frames come with the turn that makes them upright. */
    private fun turn(analysis: ImageAnalysis) {
        activity.window.decorView.display?.let { analysis.targetRotation = it.rotation }
    }

    private fun orFail(work: () -> Unit) {
        try {
            work()
        } catch (error: FilterException) {
            onMain { fail(error.message.orEmpty()) }
        }
    }

    private fun onMain(work: () -> Unit) = activity.runOnUiThread { if (!closed) work() }
}
