package org.kerasstylex.camera

import java.nio.ByteBuffer
import java.nio.ByteOrder

// Fields of the tables in TensorFlow Lite's schema.fbs, by their order there.
private const val MODEL_BUFFERS = 4
private const val MODEL_METADATA = 6
private const val METADATA_NAME = 0
private const val METADATA_BUFFER = 1
private const val BUFFER_DATA = 0

/**
 * What a TensorFlow Lite file holds under a [name] among its metadata, or null.
 *
 * Throws an [IndexOutOfBoundsException] when the file is damaged there.
 */
fun embeddedMetadata(model: ByteArray, name: String): String? {
    val file = FlatBuffer(model)
    val root = file.target(0)
    val entry = file.tables(root, MODEL_METADATA).find { file.text(it, METADATA_NAME) == name } ?: return null
    val buffer = file.integer(entry, METADATA_BUFFER)
    return file.text(file.tables(root, MODEL_BUFFERS)[buffer], BUFFER_DATA)
}

/** As much of FlatBuffers' binary format as [embeddedMetadata] needs. Tables are known by their places in the file. */
private class FlatBuffer(private val content: ByteArray) {
    private val bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN)

    /** Where a pointer leads: to a table, a vector or a text. */
    fun target(place: Int): Int = place + bytes.getInt(place)

    fun integer(table: Int, field: Int): Int = place(table, field)?.let(bytes::getInt) ?: 0

    fun tables(table: Int, field: Int): List<Int> {
        val vector = target(place(table, field) ?: return emptyList())
        return List(length(vector, size = 4)) { target(vector + 4 + 4 * it) }
    }

    fun text(table: Int, field: Int): String? {
        val vector = target(place(table, field) ?: return null)
        return String(content, vector + 4, length(vector, size = 1))
    }

    /** Where a table has a field, or null where it has none; a table says first where its list of fields is. */
    private fun place(table: Int, field: Int): Int? {
        val fields = table - bytes.getInt(table)
        val entry = 4 + 2 * field
        if (entry >= unsigned(fields)) return null
        return unsigned(fields + entry).takeIf { it > 0 }?.plus(table)
    }

    private fun unsigned(place: Int): Int = bytes.getShort(place).toInt() and 0xFFFF

    private fun length(vector: Int, size: Int): Int {
        val length = bytes.getInt(vector)
        if (length < 0 || length > (content.size - vector) / size) {
            throw IndexOutOfBoundsException("A vector of $length lies beyond the end.")
        }
        return length
    }
}
