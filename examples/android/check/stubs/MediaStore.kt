// Instead of Android 6's, which lacks what Android 10 brought.
package android.provider

import android.net.Uri

class MediaStore {
    class Images {
        object Media {
            val EXTERNAL_CONTENT_URI: Uri = TODO()
        }
    }

    object MediaColumns {
        const val DISPLAY_NAME = "_display_name"
        const val MIME_TYPE = "mime_type"
        const val RELATIVE_PATH = "relative_path"
        const val IS_PENDING = "is_pending"
    }
}
