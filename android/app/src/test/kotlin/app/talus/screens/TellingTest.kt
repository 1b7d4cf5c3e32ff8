// What is heard and felt of a session: what is told when, what gives way, and what a phone that lacks something does instead.
package app.talus.screens

import android.content.Context
import android.media.AudioDeviceInfo
import android.media.AudioManager
import android.os.Looper
import android.os.VibratorManager
import android.speech.tts.TextToSpeech
import android.view.accessibility.AccessibilityManager
import androidx.test.core.app.ApplicationProvider
import app.talus.core.Beat
import app.talus.core.Cue
import app.talus.core.Event
import app.talus.core.Stage
import app.talus.voice.Felt
import app.talus.voice.FeltPulses
import app.talus.voice.PhoneSurroundings
import app.talus.voice.SAMPLE_HZ
import app.talus.voice.Score
import app.talus.voice.Sounds
import app.talus.voice.Speaks
import app.talus.voice.Speech
import app.talus.voice.SpokenVoice
import app.talus.voice.Surroundings
import app.talus.voice.Telling
import app.talus.voice.TellingWishes
import app.talus.voice.Voice
import app.talus.voice.samples
import app.talus.voice.strengths
import java.util.Locale
import kotlin.math.abs
import kotlin.math.log10
import kotlin.math.sqrt
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.AudioDeviceInfoBuilder
import org.robolectric.shadows.ShadowTextToSpeech

@OptIn(ExperimentalCoroutinesApi::class)
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34])
class TellingTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val score = Score.of(context)
    private val scope = TestScope()
    private val told = mutableListOf<String>()
    private var wishes = TellingWishes(speaks = Speaks.NUMBERS)
    private var readerOn = false
    private var headsetIn = false

    private inner class ToldVoice : Voice {
        override val state = MutableStateFlow(Speech.READY)
        override var speaking = false
        override var spoken: () -> Unit = {}

        override fun open(locale: Locale) {
            told += "open ${locale.language}"
        }

        override fun say(text: String) {
            speaking = true
            told += text
        }

        override fun hush() {
            speaking = false
            told += "hush"
        }

        override fun close() {
            told += "close"
        }

        fun end() {
            speaking = false
            spoken()
        }
    }

    private val voice = ToldVoice()
    private val telling = Telling(
        voice, Sounds { told += "~$it" }, { name, share -> told += "^$name $share" },
        object : Surroundings {
            override val reader get() = readerOn
            override val headset get() = headsetIn
        },
        score.tunes, { wishes }, scope, { scope.testScheduler.currentTime },
    )

    private fun said(
        sound: String = "cue", voice: String? = null, rank: Int = 2, cuts: Boolean = false, number: Boolean = false, inUs: Long = 0,
    ) = Event.Said(0, "cue.test", voice.orEmpty(), Cue(voice, inUs, "", 0, sound, rank.toUByte(), cuts, number, false))

    private fun begin() {
        telling.begin(1f, Locale.GERMAN)
        told.clear()
    }

    private fun after(ms: Long) = scope.run {
        advanceTimeBy(ms)
        runCurrent()
    }

    @Test
    fun aCueIsFeltAndHeardAndSpokenAfterItsSound() {
        begin()
        telling.hear(said("target_reached", "hold", inUs = 120_000))
        assertEquals(listOf("^target_reached 1.0", "~target_reached"), told)
        after(119)
        assertEquals(2, told.size)
        after(1)
        assertEquals("hold", told.last())
    }

    @Test
    fun speechIsCutOnlyByWhatMayCutAndOnlyTheNewestWaits() {
        begin()
        wishes = wishes.copy(sounds = false, felt = Felt.NOT)
        for (words in listOf("one", "two", "three")) telling.hear(said(voice = words))
        assertEquals(listOf("one"), told)
        voice.end()
        assertEquals(listOf("one", "three"), told)
        telling.hear(said(voice = "stop", cuts = true))
        assertEquals(listOf("one", "three", "hush", "stop"), told)
    }

    @Test
    fun numbersAreForWhoeverAsksForThem() {
        begin()
        wishes = TellingWishes(speaks = Speaks.CUES, sounds = false, felt = Felt.NOT)
        telling.hear(said(voice = "7", number = true))
        assertEquals(listOf(), told)
        wishes = wishes.copy(speaks = Speaks.NUMBERS)
        telling.hear(said(voice = "8", number = true))
        assertEquals(listOf("8"), told)
    }

    @Test
    fun besideAScreenReaderItIsSilentUnlessThatIsWishedFor() {
        begin()
        readerOn = true
        telling.hear(said("cue", "lower slowly"))
        assertEquals(listOf("^cue 1.0", "~cue"), told)
        wishes = wishes.copy(overReader = true)
        telling.hear(said("cue", "lower slowly"))
        assertEquals("lower slowly", told.last())
    }

    @Test
    fun withoutTheHeadsetItAsksForNothingIsHeardAndAllIsFelt() {
        begin()
        wishes = wishes.copy(headsetOnly = true, felt = Felt.SOFT)
        telling.hear(said("cue", "lower slowly"))
        assertEquals(listOf("^cue 0.5"), told)
        headsetIn = true
        telling.hear(said("cue", "lower slowly"))
        assertEquals(listOf("^cue 0.5", "^cue 0.5", "~cue", "lower slowly"), told)
    }

    @Test
    fun aSoundOfHigherRankCutsALowerOneAndNotTheOtherWayAbout() {
        begin()
        wishes = wishes.copy(felt = Felt.NOT)
        telling.hear(said("cuff_lost"))
        telling.hear(said("rep_counted"))
        assertEquals(listOf("~cuff_lost"), told)
        telling.hear(said("stop"))
        assertEquals(listOf("~cuff_lost", "~stop"), told)
        telling.answered()
        after(score.tunes.getValue("stop").lengthMs.toLong())
        telling.hear(said("rep_counted"))
        assertEquals("~rep_counted", told.last())
    }

    @Test
    fun aStopIsToldThreeTimesUnlessSomebodyAnswers() {
        begin()
        wishes = wishes.copy(felt = Felt.NOT)
        telling.hear(said("stop"))
        after(60_000)
        assertEquals(3, told.count { it == "~stop" })
        told.clear()
        telling.hear(said("stop"))
        telling.answered()
        after(60_000)
        assertEquals(1, told.count { it == "~stop" })
    }

    @Test
    fun theTempoSoundsAheadAndFallsSilentWhenTheSetIsLeft() {
        begin()
        wishes = wishes.copy(felt = Felt.NOT)
        val beats = listOf(Beat(1_000_000, "target_reached", null), Beat(2_000_000, "lower_now", 2u), Beat(9_000_000, "hold_tick", null))
        telling.hear(Event.Paced(0, beats))
        after(1_000)
        assertEquals(listOf("~target_reached"), told)
        after(1_000)
        assertEquals(listOf("~target_reached", "~lower_now", "2"), told)
        telling.hear(Event.StageChanged(0, Stage.PAUSED))
        after(60_000)
        assertEquals(3, told.size)
        telling.hear(Event.Paced(0, beats))
        telling.hear(Event.Paced(0, listOf(Beat(500_000, "cue", null))))
        after(60_000)
        assertEquals(listOf("~cue"), told.drop(3))
    }

    @Test
    fun everyNameIsATuneAndAPatternAndNoTwoAreAlike() {
        assertEquals(19, score.tunes.size)
        assertEquals(score.tunes.keys, score.patterns.keys)
        assertEquals(score.tunes.size, score.tunes.values.map { it.notes to it.gapMs }.toSet().size)
        assertTrue(score.patterns.values.flatten().all { it.ms > 0 && it.strength in 0f..1f })
        assertEquals(6, score.tunes.getValue("stop").rank)
    }

    @Test
    fun everyTuneHasItsNotesInTimeAtTheLevelOfAllAndNoClick() {
        for ((name, tune) in score.tunes) {
            val samples = tune.samples()
            assertTrue(samples.size >= tune.lengthMs * SAMPLE_HZ / 1000, name)
            assertTrue(abs(samples.first().toInt()) < 400 && abs(samples.last().toInt()) < 400, "$name clicks")
            assertTrue(samples.all { abs(it.toInt()) < Short.MAX_VALUE * .75 }, "$name is cut")
            assertTrue((1 until samples.size).all { abs(samples[it] - samples[it - 1]) < 9_000 }, "$name jumps")
        }
        // A long note is what its level can be read from: −14 LUFS is a sine 11 dB below full, with a fifth of the octave.
        val note = score.tunes.getValue("session_done").samples().copyOfRange(SAMPLE_HZ * 45 / 100, SAMPLE_HZ * 70 / 100)
        val rms = sqrt(note.sumOf { (it / 32768.0) * (it / 32768.0) } / note.size)
        assertEquals(-14.0, 20 * log10(rms * sqrt(2.0)) - 3.01, .5)
    }

    @Test
    fun theNoteThatSoundsIsTheNoteThatIsWritten() {
        val note = score.tunes.getValue("session_done")
        val last = note.samples().copyOfRange(SAMPLE_HZ * 45 / 100, SAMPLE_HZ * 70 / 100)
        val rising = (1 until last.size).count { last[it - 1] < 0 && last[it] >= 0 }
        assertEquals(note.notes.last().hz.toDouble(), rising / .25, 8.0)
    }

    @Test
    fun aPhoneWithoutAnEngineOrTheLanguageSaysSo() {
        val spoken = SpokenVoice(context)
        assertEquals(Speech.NOT_ASKED, spoken.state.value)
        spoken.say("too early")
        spoken.open(Locale.GERMAN)
        val engine = assertNotNull(ShadowTextToSpeech.getLastTextToSpeechInstance())
        val listener = shadowOf(engine).onInitListener
        listener.onInit(TextToSpeech.ERROR)
        assertEquals(Speech.NO_ENGINE, spoken.state.value)
        listener.onInit(TextToSpeech.SUCCESS)
        assertEquals(Speech.NO_LANGUAGE, spoken.state.value, "no language was added")
        ShadowTextToSpeech.addLanguageAvailability(Locale.GERMAN)
        listener.onInit(TextToSpeech.SUCCESS)
        assertEquals(Speech.READY, spoken.state.value)
        spoken.say("Halten")
        assertEquals(listOf("Halten"), shadowOf(engine).spokenTextList)
        shadowOf(Looper.getMainLooper()).idle()
    }

    @Test
    fun aPatternIsFeltAsStronglyAsItIsWrittenAndAsIsWishedFor() {
        val pushes = score.patterns.getValue("lower_now")
        assertEquals(listOf(128, 0, 77), strengths(pushes, 1f).toList())
        assertEquals(listOf(64, 0, 38), strengths(pushes, .5f).toList())
        val all = score.patterns.values.flatMap { strengths(it, .5f).toList().zip(it) }
        assertTrue(all.all { (felt, push) -> (felt == 0) == (push.strength == 0f) })
        val pulses = FeltPulses(context, score.patterns)
        val motor = shadowOf(context.getSystemService(VibratorManager::class.java).defaultVibrator)
        pulses.feel("no such cue", 1f)
        assertEquals(false, motor.isVibrating)
        pulses.feel("lower_now", 1f)
        assertEquals(true, motor.isVibrating)
    }

    @Test
    fun aReaderAndAHeadsetAreNoticedAndTheLoudspeakerOfThePhoneIsNone() {
        val around = PhoneSurroundings(context)
        val audio = shadowOf(context.getSystemService(AudioManager::class.java))
        fun device(type: Int) = AudioDeviceInfoBuilder.newBuilder().setType(type).build()
        audio.setOutputDevices(listOf(device(AudioDeviceInfo.TYPE_BUILTIN_SPEAKER), device(AudioDeviceInfo.TYPE_BUILTIN_EARPIECE)))
        assertEquals(false, around.headset)
        audio.setOutputDevices(listOf(device(AudioDeviceInfo.TYPE_BUILTIN_SPEAKER), device(AudioDeviceInfo.TYPE_HEARING_AID)))
        assertEquals(true, around.headset)
        assertEquals(false, around.reader)
        shadowOf(context.getSystemService(AccessibilityManager::class.java)).run {
            setEnabled(true)
            setTouchExplorationEnabled(true)
        }
        assertEquals(true, around.reader)
    }
}
