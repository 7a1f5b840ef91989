package org.kerasstylex.camera

import android.content.Context
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.Rect
import android.util.AttributeSet
import android.view.MotionEvent
import android.view.View

/** What the camera sees, left of a line that a finger moves, and what the filter paints of it, right of the line. */
class ComparisonView(context: Context, attributes: AttributeSet?) : View(context, attributes) {
    private val smooth = Paint(Paint.FILTER_BITMAP_FLAG)
    private val line = Paint().apply { color = 0xffffffff.toInt() }
    private val place = Rect()
    private var seen: Bitmap? = null
    private var painted: Bitmap? = null
    private var split = 0f // part of the picture's width that shows what the camera sees

    /** Whether all of what the camera sees is shown, wherever the line is. */
    var holding = false
        set(value) {
            field = value
            invalidate()
        }

    /** Shows a frame; both bitmaps have the same size. */
    fun show(seen: Bitmap, painted: Bitmap) {
        this.seen = seen
        this.painted = painted
        invalidate()
    }

    override fun onDraw(canvas: Canvas) {
        val seen = seen ?: return
        val painted = painted ?: return
        fit(seen)
        canvas.drawBitmap(if (holding) seen else painted, null, place, smooth)
        if (holding || split == 0f) return
        val x = place.left + split * place.width()
        canvas.save()
        canvas.clipRect(place.left.toFloat(), place.top.toFloat(), x, place.bottom.toFloat())
        canvas.drawBitmap(seen, null, place, smooth)
        canvas.restore()
        canvas.drawRect(x - 2, place.top.toFloat(), x + 2, place.bottom.toFloat(), line)
    }

    override fun onTouchEvent(event: MotionEvent): Boolean {
        if (place.isEmpty) return false
        split = ((event.x - place.left) / place.width()).coerceIn(0f, 1f)
        invalidate()
        return true
    }

    /** The largest place in the middle of the view that keeps the picture's proportions. */
    private fun fit(picture: Bitmap) {
        val scale = minOf(width / picture.width.toFloat(), height / picture.height.toFloat())
        val across = (scale * picture.width).toInt()
        val down = (scale * picture.height).toInt()
        place.set(0, 0, across, down)
        place.offset((width - across) / 2, (height - down) / 2)
    }
}
