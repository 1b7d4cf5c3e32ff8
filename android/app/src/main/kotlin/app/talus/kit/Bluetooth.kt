// The phone's own Bluetooth, from the side of Android.
package app.talus.kit

/** Hands Java's machine to the core, which Bluetooth on Android needs once before its first call. */
object Bluetooth {
    /** Loads the core the way Java does: the bindings open it behind Java's back, which the call below does not see. */
    private val loaded: Unit by lazy { System.loadLibrary("talus_core") }

    /** Whether the core may look for cuffs now; asking again changes nothing. Call it from a thread of Java's. */
    fun ready(): Boolean {
        loaded
        return start()
    }

    @JvmStatic
    private external fun start(): Boolean
}
