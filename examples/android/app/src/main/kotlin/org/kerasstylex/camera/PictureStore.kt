package org.kerasstylex.camera

import android.content.ContentResolver
import android.content.ContentValues
import android.graphics.Bitmap
import android.os.Build
import android.os.Environment
import android.provider.MediaStore
import java.io.IOException

/** Adds pictures to the phone's own collection. */
class PictureStore(private val resolver: ContentResolver) {
    /** Whether the user has to be asked before pictures can be added. */
    val needsPermission = Build.VERSION.SDK_INT < Build.VERSION_CODES.Q

    /** Adds a picture as PNG; throws an [IOException], and leaves nothing, when it cannot be written. */
    fun save(picture: Bitmap) {
        val name = "stylex_${System.currentTimeMillis()}.png"
        val uri = resolver.insert(MediaStore.Images.Media.EXTERNAL_CONTENT_URI, description(name))
            ?: throw IOException("the collection of pictures takes no new one")
        try {
            val stream = resolver.openOutputStream(uri) ?: throw IOException("$name cannot be opened")
            stream.use { if (!picture.compress(Bitmap.CompressFormat.PNG, 100, it)) throw IOException("$name: no PNG") }
            if (!needsPermission) resolver.update(uri, finished(), null, null)
        } catch (error: IOException) {
            resolver.delete(uri, null, null)
            throw error
        }
    }

    private fun description(name: String) = ContentValues().apply {
        put(MediaStore.MediaColumns.DISPLAY_NAME, name)
        put(MediaStore.MediaColumns.MIME_TYPE, "image/png")
        if (!needsPermission) {
            put(MediaStore.MediaColumns.RELATIVE_PATH, "${Environment.DIRECTORY_PICTURES}/Stylex")
            put(MediaStore.MediaColumns.IS_PENDING, 1) // nobody else sees it before it is whole
        }
    }

    private fun finished() = ContentValues().apply { put(MediaStore.MediaColumns.IS_PENDING, 0) }
}
