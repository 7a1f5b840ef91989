package org.kerasstylex.camera

import android.Manifest.permission.CAMERA
import android.Manifest.permission.WRITE_EXTERNAL_STORAGE
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.graphics.Bitmap
import android.os.Bundle
import android.view.MotionEvent
import android.view.View
import android.widget.Button
import android.widget.TextView
import android.widget.Toast
import androidx.activity.ComponentActivity
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import java.io.IOException

/** The one screen: the camera's picture, painted, and what to do with it. */
class CameraActivity : ComponentActivity() {
    private lateinit var camera: FilteredCamera
    private lateinit var comparison: ComparisonView
    private lateinit var caption: TextView
    private var latest: Bitmap? = null

    private val cameraRequest = registerForActivityResult(RequestPermission()) { startOrExplain() }
    private val storageRequest = registerForActivityResult(RequestPermission()) { allowed ->
        if (allowed) save() else tell(getString(R.string.storage_refused))
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContentView(R.layout.activity_camera)
        comparison = findViewById(R.id.comparison)
        caption = findViewById(R.id.caption)
        camera = FilteredCamera(this, ::show, ::explain)
        findViewById<View>(R.id.switch_camera).setOnClickListener { camera.switch() }
        findViewById<View>(R.id.save).setOnClickListener { save() }
        findViewById<View>(R.id.allow).setOnClickListener { cameraRequest.launch(CAMERA) }
        findViewById<View>(R.id.compare).setOnTouchListener { button, event -> compare(button, event) }
        if (isAllowed(CAMERA)) startOrExplain() else cameraRequest.launch(CAMERA)
    }

    /** The user may come back from the settings, where the permission can be given too. */
    override fun onRestart() {
        super.onRestart()
        if (isAllowed(CAMERA) && !camera.isStarted) startOrExplain()
    }

    override fun onDestroy() {
        camera.close()
        super.onDestroy()
    }

    private fun startOrExplain() {
        val allowed = isAllowed(CAMERA)
        findViewById<Button>(R.id.allow).visibility = if (allowed) View.GONE else View.VISIBLE
        if (!allowed) return explain(getString(R.string.camera_refused))
        findViewById<View>(R.id.message_panel).visibility = View.GONE
        camera.start()
    }

    private fun show(frame: PaintedFrame, filter: Filter) {
        latest = frame.painted
        comparison.show(frame.seen, frame.painted)
        caption.text = getString(
            R.string.caption, filter.metadata.style, filter.device.name, frame.framesPerSecond, frame.milliseconds,
        )
    }

    private fun explain(message: String) {
        findViewById<TextView>(R.id.message).text = message
        findViewById<View>(R.id.message_panel).visibility = View.VISIBLE
    }

    private fun compare(button: View, event: MotionEvent): Boolean {
        comparison.holding = event.action != MotionEvent.ACTION_UP && event.action != MotionEvent.ACTION_CANCEL
        if (event.action == MotionEvent.ACTION_UP) button.performClick()
        return true
    }

    private fun save() {
        val picture = latest ?: return
        val store = PictureStore(contentResolver)
        if (store.needsPermission && !isAllowed(WRITE_EXTERNAL_STORAGE)) {
            return storageRequest.launch(WRITE_EXTERNAL_STORAGE)
        }
        try {
            store.save(picture)
            tell(getString(R.string.saved))
        } catch (error: IOException) {
            tell("Not saved: ${error.message}")
        }
    }

    private fun tell(message: String) = Toast.makeText(this, message, Toast.LENGTH_LONG).show()

    private fun isAllowed(permission: String) = checkSelfPermission(permission) == PERMISSION_GRANTED
}
