// What this phone has to speak, sound and be felt with.
package app.talus.voice

import android.content.Context
import android.media.AudioAttributes
import android.media.AudioDeviceInfo
import android.media.AudioFocusRequest
import android.media.AudioFormat
import android.media.AudioManager
import android.media.AudioTrack
import android.os.Build
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import android.os.VibrationAttributes
import android.os.VibrationEffect
import android.os.Vibrator
import android.os.VibratorManager
import android.speech.tts.TextToSpeech
import android.speech.tts.UtteranceProgressListener
import android.view.accessibility.AccessibilityManager
import java.util.Locale
import kotlin.math.roundToInt
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow

/** Spoken and sounded as a way is told: over music, which gets quieter, and not as a call. */
private fun guidance(content: Int): AudioAttributes = AudioAttributes.Builder()
    .setUsage(AudioAttributes.USAGE_ASSISTANCE_NAVIGATION_GUIDANCE).setContentType(content).build()

/** Other sound is quieter from [take] to [give]. */
private class Ducking(context: Context, attributes: AudioAttributes) {
    private val audio = context.getSystemService(AudioManager::class.java)
    private val request = AudioFocusRequest.Builder(AudioManager.AUDIOFOCUS_GAIN_TRANSIENT_MAY_DUCK)
        .setAudioAttributes(attributes).build()

    /** False where something does not give way, as a call does not. */
    fun take(): Boolean = audio.requestAudioFocus(request) == AudioManager.AUDIOFOCUS_REQUEST_GRANTED

    fun give() {
        audio.abandonAudioFocusRequest(request)
    }
}

/** The speech engine that somebody has chosen on this phone. */
class SpokenVoice(private val context: Context) : Voice {
    private val main = Handler(Looper.getMainLooper())
    private val attributes = guidance(AudioAttributes.CONTENT_TYPE_SPEECH)
    private val ducking = Ducking(context, attributes)
    private val shown = MutableStateFlow(Speech.NOT_ASKED)
    private var engine: TextToSpeech? = null
    private var saying: String? = null
    private var closes = false
    private var number = 0

    override val state: StateFlow<Speech> = shown.asStateFlow()

    override val speaking: Boolean get() = saying != null

    override var spoken: () -> Unit = {}

    override fun open(locale: Locale) {
        closes = false
        shutDown()
        // The engine answers on the main thread, and not before the constructor is through.
        engine = TextToSpeech(context) { status ->
            shown.value = if (status == TextToSpeech.SUCCESS) speakIn(locale) else Speech.NO_ENGINE
        }
    }

    private fun speakIn(locale: Locale): Speech {
        val opened = engine ?: return Speech.NO_ENGINE
        opened.setAudioAttributes(attributes)
        opened.setOnUtteranceProgressListener(Listener())
        return if (opened.setLanguage(locale) >= TextToSpeech.LANG_AVAILABLE) Speech.READY else Speech.NO_LANGUAGE
    }

    override fun say(text: String) {
        val opened = engine?.takeIf { shown.value == Speech.READY } ?: return
        if (!ducking.take()) return
        saying = "${number++}"
        if (opened.speak(text, TextToSpeech.QUEUE_FLUSH, Bundle(), saying) != TextToSpeech.SUCCESS) over(saying)
    }

    override fun hush() {
        saying = null
        engine?.stop()
        ducking.give()
    }

    override fun close() {
        closes = true
        if (saying == null) shutDown()
    }

    private fun shutDown() {
        hush()
        engine?.shutdown()
        engine = null
        if (shown.value == Speech.READY) shown.value = Speech.NOT_ASKED
    }

    private fun over(id: String?) {
        if (id == null || id != saying) return
        saying = null
        ducking.give()
        if (closes) shutDown() else spoken()
    }

    /** The engine tells on a thread of its own. */
    private inner class Listener : UtteranceProgressListener() {
        override fun onStart(id: String?) = Unit

        override fun onDone(id: String?) {
            main.post { over(id) }
        }

        override fun onStop(id: String?, interrupted: Boolean) {
            main.post { over(id) }
        }

        @Deprecated("the engine calls it all the same")
        override fun onError(id: String?) {
            main.post { over(id) }
        }
    }
}

/** Tunes made of sines, each made once. */
class PlayedTunes(context: Context, private val tunes: Map<String, Tune>) : Sounds {
    private val main = Handler(Looper.getMainLooper())
    private val attributes = guidance(AudioAttributes.CONTENT_TYPE_SONIFICATION)
    private val ducking = Ducking(context, attributes)
    private val made = mutableMapOf<String, AudioTrack>()
    private var playing: AudioTrack? = null
    private val quiet = Runnable { ducking.give() }

    override fun play(name: String) {
        val tune = tunes[name] ?: return
        val track = made.getOrPut(name) { track(tune.samples()) }
        if (track.state != AudioTrack.STATE_INITIALIZED || !ducking.take()) return
        playing?.stop()
        track.reloadStaticData()
        track.play()
        playing = track
        main.removeCallbacks(quiet)
        main.postDelayed(quiet, tune.lengthMs + AFTER_MS)
    }

    private fun track(samples: ShortArray): AudioTrack {
        val format = AudioFormat.Builder().setSampleRate(SAMPLE_HZ).setChannelMask(AudioFormat.CHANNEL_OUT_MONO)
            .setEncoding(AudioFormat.ENCODING_PCM_16BIT).build()
        val track = AudioTrack.Builder().setAudioAttributes(attributes).setAudioFormat(format)
            .setTransferMode(AudioTrack.MODE_STATIC).setBufferSizeInBytes(samples.size * 2).build()
        track.write(samples, 0, samples.size)
        return track
    }

    private companion object {
        /** Other sound stays quiet for as long as the fade and a little more. */
        const val AFTER_MS = 120L
    }
}

/** The phone's motor. */
class FeltPulses(private val context: Context, private val patterns: Map<String, List<Push>>) : Pulses {
    private val motor: Vibrator by lazy {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) context.getSystemService(VibratorManager::class.java).defaultVibrator
        else checkNotNull(context.getSystemService(Vibrator::class.java)) { "every phone has this service" }
    }

    override fun feel(name: String, share: Float) {
        val pushes = patterns[name] ?: return
        if (!motor.hasVibrator()) return
        val effect = VibrationEffect.createWaveform(pushes.map { it.ms.toLong() }.toLongArray(), strengths(pushes, share), -1)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            motor.vibrate(effect, VibrationAttributes.createForUsage(VibrationAttributes.USAGE_MEDIA))
        } else {
            motor.vibrate(effect)
        }
    }
}

/** How strongly each push is felt, 1 to 255, and 0 for a gap; a motor that knows only on and off takes every strength for full. */
internal fun strengths(pushes: List<Push>, share: Float): IntArray =
    pushes.map { if (it.strength > 0) (it.strength * share * 255).roundToInt().coerceIn(1, 255) else 0 }.toIntArray()

/** Who else speaks on this phone, and where its sound goes. */
class PhoneSurroundings(context: Context) : Surroundings {
    private val access = context.getSystemService(AccessibilityManager::class.java)
    private val audio = context.getSystemService(AudioManager::class.java)

    override val reader: Boolean get() = access.isEnabled && access.isTouchExplorationEnabled

    override val headset: Boolean get() = audio.getDevices(AudioManager.GET_DEVICES_OUTPUTS).any { it.type in headsets }

    private companion object {
        /** A headset, a pair of earphones, a hearing aid: what one pair of ears hears. */
        val headsets = buildSet {
            add(AudioDeviceInfo.TYPE_WIRED_HEADSET)
            add(AudioDeviceInfo.TYPE_WIRED_HEADPHONES)
            add(AudioDeviceInfo.TYPE_USB_HEADSET)
            // Android has one word for headphones and for a loudspeaker over Bluetooth.
            add(AudioDeviceInfo.TYPE_BLUETOOTH_A2DP)
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) add(AudioDeviceInfo.TYPE_HEARING_AID)
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) add(AudioDeviceInfo.TYPE_BLE_HEADSET)
        }
    }
}
