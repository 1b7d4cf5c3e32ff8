// Waiting for what the app does by itself, which it does on the main thread.
package app.talus.screens

import android.os.Looper
import java.time.Duration
import org.robolectric.Shadows.shadowOf

/** Lets the main thread go on until something is [there], for [withinMs] at most; [what] names it where it never came. */
fun waitUntil(withinMs: Long, what: () -> String, there: () -> Boolean) {
    val end = System.nanoTime() + withinMs * 1_000_000
    while (!there()) {
        check(System.nanoTime() < end) { "never came: ${what()}" }
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(5))
        Thread.sleep(5)
    }
}
