package org.kerasstylex.camera

import org.json.JSONException
import org.json.JSONObject

/** What is wrong with a filter, in a sentence for people. */
class FilterException(message: String, cause: Throwable? = null) : Exception(message, cause)

/**
 * What a filter says of itself in the JSON that lies inside its file.
 *
 * Its input is `(1, height, width, 3)`, red green blue, from [low] for black to [high] for white; its output is the same.
 */
class FilterMetadata(
    val signature: String,
    val input: String,
    val output: String,
    val height: Int,
    val width: Int,
    val low: Float,
    val high: Float,
    val style: String,
) {
    companion object {
        private val FLOAT_RANGE = Regex("""float32 in \[(\S+), (\S+)], red green blue""")
        private const val WANTED = "Export a filter with: keras-stylex export RUN --style PICTURE --formats float16"

        /** Reads a model file; throws a [FilterException] when it is not that of a filter on floats. */
        fun of(model: ByteArray): FilterMetadata =
            try {
                val text = embeddedMetadata(model, "keras_stylex")
                read(JSONObject(text ?: throw FilterException("This model file was not exported by keras-stylex. $WANTED")))
            } catch (error: IndexOutOfBoundsException) {
                throw FilterException("The filter's file is damaged, or not TensorFlow Lite's. $WANTED", error)
            } catch (error: JSONException) {
                throw FilterException("This model file is not a filter's: ${error.message}. $WANTED", error)
            }

        private fun read(json: JSONObject): FilterMetadata {
            val inputs = json.getJSONObject("inputs")
            val names = inputs.keys().asSequence().map { it as String }.toList()
            if (names.size != 1) {
                throw FilterException("This network takes $names, a filter takes one frame. $WANTED")
            }
            val shape = inputs.getJSONArray(names[0])
            if (shape.length() != 4 || shape.getInt(0) != 1 || shape.getInt(3) != 3) {
                throw FilterException("A filter takes (1, height, width, 3), this one $shape. $WANTED")
            }
            val (low, high) = range(json.getString("value_range"))
            return FilterMetadata(
                signature = json.getString("signature"),
                input = names[0],
                output = json.getString("output"),
                height = shape.getInt(1),
                width = shape.getInt(2),
                low = low,
                high = high,
                style = json.getJSONObject("style").getString("name"),
            )
        }

        private fun range(text: String): List<Float> =
            FLOAT_RANGE.matchEntire(text)?.groupValues?.drop(1)?.map(String::toFloat)
                ?: throw FilterException("This app feeds floats, the filter takes \"$text\". $WANTED")
    }
}
