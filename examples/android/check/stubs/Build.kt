// Instead of Android 6's, which does not know Android 10.
package android.os

class Build {
    object VERSION {
        val SDK_INT: Int = TODO()
    }

    object VERSION_CODES {
        const val Q = 29
    }
}
