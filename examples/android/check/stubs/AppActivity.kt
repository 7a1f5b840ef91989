// Instead of Android 6's, whose findViewById is not generic.
package android.app

import android.os.Bundle
import android.view.ContextThemeWrapper
import android.view.View
import android.view.Window

open class Activity : ContextThemeWrapper() {
    val window: Window = TODO()

    protected open fun onCreate(savedInstanceState: Bundle?): Unit = TODO()

    protected open fun onRestart(): Unit = TODO()

    protected open fun onDestroy(): Unit = TODO()

    fun setContentView(layout: Int): Unit = TODO()

    fun <T : View> findViewById(id: Int): T = TODO()

    fun runOnUiThread(action: Runnable): Unit = TODO()
}
