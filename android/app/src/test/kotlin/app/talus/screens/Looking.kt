// What the checks look at: pictures of the screen, and the tree of meanings as a screen reader walks it.
package app.talus.screens

import android.app.Activity
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.Canvas
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.text.TextLayoutResult
import java.awt.image.BufferedImage
import java.awt.image.DataBuffer
import java.awt.image.IndexColorModel
import java.io.File
import javax.imageio.ImageIO
import kotlin.math.abs

/** Where screenshots are put. */
val shots: File = File(checkNotNull(System.getProperty("talus.shots"))).apply { mkdirs() }

/** Screenshots that were looked at and found right. */
val golden: File = File(checkNotNull(System.getProperty("talus.top"))).resolve("docs/screens/android")

/** The whole window at half of its size. */
fun halfOf(activity: Activity): Bitmap {
    val view = activity.window.decorView
    val whole = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888)
    view.draw(Canvas(whole))
    return Bitmap.createScaledBitmap(whole, whole.width / 2, whole.height / 2, true)
}

/** Writes it with its 256 commonest colours, which keeps it small; the rest are edges of letters, which take the nearest. */
fun Bitmap.write(name: String) {
    val pixels = IntArray(width * height).also { getPixels(it, 0, width, 0, 0, width, height) }
    val palette = pixels.groupBy { it }.entries.sortedByDescending { it.value.size }.take(COLOURS).map { it.key }.toIntArray()
    val place = palette.withIndex().associateTo(HashMap()) { (index, colour) -> colour to index }
    fun nearest(colour: Int) = palette.indices.minBy { index ->
        listOf(16, 8, 0).sumOf { shift -> ((palette[index] shr shift and 255) - (colour shr shift and 255)).let { it * it } }
    }
    val picture = BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, IndexColorModel(8, palette.size, palette, 0, false, -1, DataBuffer.TYPE_BYTE))
    for ((index, colour) in pixels.withIndex()) {
        picture.raster.setSample(index % width, index / width, 0, place.getOrPut(colour) { nearest(colour) })
    }
    ImageIO.write(picture, "png", shots.resolve("$name.png"))
}

private const val COLOURS = 256

/** Share of pixels that differ visibly from the picture that was looked at; null where there is none. */
fun Bitmap.differsFrom(name: String): Double? {
    val file = golden.resolve("$name.png")
    if (!file.exists()) return null
    val known = BitmapFactory.decodeFile(file.path)
    if (known.width != width || known.height != height) return 1.0
    val (mine, theirs) = listOf(this, known).map { bitmap ->
        IntArray(width * height).also { bitmap.getPixels(it, 0, width, 0, 0, width, height) }
    }
    return mine.indices.count { index ->
        listOf(16, 8, 0).any { shift -> abs((mine[index] shr shift and 255) - (theirs[index] shr shift and 255)) > VISIBLE }
    } / mine.size.toDouble()
}

/** A difference in a colour that nobody sees. */
private const val VISIBLE = 24

/** What a screen reader says of a node: its description, or its text. */
fun SemanticsNode.said(): String =
    (config.getOrNull(SemanticsProperties.ContentDescription).orEmpty() + config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text })
        .joinToString(", ")

val SemanticsNode.tag: String? get() = config.getOrNull(SemanticsProperties.TestTag)

val SemanticsNode.pressable: Boolean get() = SemanticsActions.OnClick in config

/** It and all below it. */
fun SemanticsNode.whole(): List<SemanticsNode> = listOf(this) + children.flatMap { it.whole() }

private fun SemanticsNode.index() = config.getOrNull(SemanticsProperties.TraversalIndex) ?: 0f

/** The order in which a screen reader comes to what it can say: within a group by index, then from the top. */
fun SemanticsNode.reading(): List<SemanticsNode> {
    fun SemanticsNode.members(): List<SemanticsNode> = children.flatMap { child ->
        val group = child.config.getOrNull(SemanticsProperties.IsTraversalGroup) == true
        if (group || child.said().isNotEmpty()) listOf(child) else child.members()
    }
    return members().sortedWith(compareBy({ it.index() }, { it.boundsInRoot.top }, { it.boundsInRoot.left })).flatMap { node ->
        (if (node.said().isNotEmpty()) listOf(node) else listOf()) + node.reading()
    }
}

/** What is wrong with the access to a screen, a sentence each. */
fun complaints(merged: SemanticsNode, unmerged: SemanticsNode, dp: Float): List<String> = buildList {
    val touch = 48 * dp - 1
    for (node in merged.whole()) {
        if (!node.pressable) continue
        if (node.said().isBlank()) add("${node.tag ?: node.id} can be pressed and says nothing")
        if (node.size.width < touch || node.size.height < touch) add("${node.said()} is ${node.size} small")
    }
    val texts = unmerged.whole().filter { SemanticsProperties.Text in it.config }
    for (node in texts) {
        val layouts = mutableListOf<TextLayoutResult>()
        node.config.getOrNull(SemanticsActions.GetTextLayoutResult)?.action?.invoke(layouts)
        for (layout in layouts) {
            val wide = (0 until layout.lineCount).any { layout.getLineRight(it) - layout.getLineLeft(it) > layout.size.width + 1 || layout.isLineEllipsized(it) }
            if (wide || layout.didOverflowHeight) add("\"${node.said()}\" is cut")
            // A word that does not fit a line is broken in the middle.
            val text = layout.layoutInput.text.text
            for (line in 0 until layout.lineCount - 1) {
                val end = layout.getLineEnd(line)
                if (end in 1 until text.length && text[end - 1].isLetter() && text[end].isLetter()) add("\"$text\" is broken in a word")
            }
        }
        val left = node.positionInRoot.x
        if (left < -1 || left + node.size.width > merged.size.width + 1) add("\"${node.said()}\" leaves the screen")
    }
    val shown = texts.map { it to it.boundsInRoot }.filter { (_, box) -> box.width > 0 && box.height > 0 }
    shown.forEachIndexed { index, (one, box) ->
        for ((other, theirs) in shown.drop(index + 1)) {
            if (overlap(box, theirs) > dp) add("\"${one.said()}\" lies over \"${other.said()}\"")
        }
    }
}

/** How deep two boxes lie in one another. */
private fun overlap(a: Rect, b: Rect): Float = minOf(minOf(a.right, b.right) - maxOf(a.left, b.left), minOf(a.bottom, b.bottom) - maxOf(a.top, b.top))
