// The form of tests/journeys/*.toml, read as strictly as Rust reads it: a key nobody looks at fails.
package app.talus.kit

import java.nio.file.Path
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.readText
import org.tomlj.Toml
import org.tomlj.TomlTable

sealed interface Step {
    data class Demo(val seed: ULong) : Step
    data class Go(val seconds: Double) : Step
    data class Until(val set: Int, val count: Int) : Step
    data class Person(val birthYear: Int, val heightCm: Double, val massKg: Double) : Step
    data class Become(val name: String) : Step
    data class Practice(val seed: ULong, val exercises: List<String>) : Step
    data class Examine(val seed: ULong, val tests: List<String>) : Step
    data class Pain(val level: Int) : Step
    data class CheckIn(val pain: Int) : Step
    data class Prescribed(val exercise: String, val side: String, val massG: Int, val mostG: Int, val why: String) : Step
    data class NotOpen(val exercise: String, val why: String) : Step
    data class Plan(val exercise: String, val massG: Int, val rangeDeg: ClosedFloatingPointRange<Double>) : Step
    data class Export(val passphrase: String?) : Step
    data object Wipe : Step
    data class Import(val passphrase: String?) : Step
    data object Finish : Step
    data object Save : Step
    data object Kill : Step
    data object Resume : Step
}

data class ExpectSet(
    val exercise: String,
    val side: String,
    val count: IntRange,
    val short: Int?,
    val rangeDeg: ClosedFloatingPointRange<Double>?,
    val endedBy: String?,
    val cadencePerMin: ClosedFloatingPointRange<Double>?,
)

data class ExpectTested(val name: String, val value: ClosedFloatingPointRange<Double>, val says: String)

data class Journey(
    val language: String,
    val steps: List<Step>,
    val sessions: Int,
    val finished: Boolean,
    val paired: Int,
    val lost: Int,
    val said: List<String>,
    val sets: List<ExpectSet>,
    val tested: List<ExpectTested>,
)

/** The top of the tree, from the test command. */
val top: Path = Path.of(checkNotNull(System.getProperty("talus.top")) { "run by ./test kotlin" })

/** The plan of journey 05, signed today by its author, whom no phone has. */
fun signedPlan(): String = Path.of(checkNotNull(System.getenv("TALUS_PLAN")) { "run by ./test kotlin" }).readText()

/** The journey whose file begins with [number]. */
fun journey(number: String): Journey {
    val file = top.resolve("tests/journeys").listDirectoryEntries("*.toml").single { it.name.startsWith(number) }
    val read = Toml.parse(file)
    check(!read.hasErrors()) { "$file: ${read.errors()}" }
    return Keys(file.name, read).whole { keys ->
        keys.text("name")
        val steps = keys.tables("step").map(::step)
        val language = keys.text("language")
        keys.table("expect").whole { expect ->
            Journey(
                language,
                steps,
                expect.int("sessions") ?: error("no sessions"),
                expect.flag("finished"),
                expect.int("paired") ?: 0,
                expect.int("lost") ?: 0,
                expect.texts("said") ?: listOf(),
                expect.tables("set").map(::expectSet),
                expect.tables("tested").map(::expectTested),
            )
        }
    }
}

private fun step(keys: Keys): Step = keys.whole {
    when (val verb = keys.text("do")) {
        "demo" -> Step.Demo(keys.int("seed")!!.toULong())
        "go" -> Step.Go(keys.numbers("seconds")!!.single())
        "until" -> Step.Until(keys.int("set")!!, keys.int("count")!!)
        "person" -> Step.Person(
            keys.int("birth_year")!!, keys.numbers("height_cm")!!.single(), keys.numbers("mass_kg")!!.single(),
        )
        "become" -> Step.Become(keys.text("name"))
        "practice" -> Step.Practice(keys.int("seed")!!.toULong(), keys.texts("exercises")!!)
        "examine" -> Step.Examine(keys.int("seed")!!.toULong(), keys.texts("tests")!!)
        "pain" -> Step.Pain(keys.int("level")!!)
        "check_in" -> Step.CheckIn(keys.int("pain")!!)
        "prescribed" -> Step.Prescribed(
            keys.text("exercise"), keys.text("side"), keys.int("mass_g")!!, keys.int("ceiling_g")!!, keys.text("why"),
        )
        "not_open" -> Step.NotOpen(keys.text("exercise"), keys.text("why"))
        "plan" -> Step.Plan(
            keys.text("exercise"), keys.int("mass_most_g")!!, keys.range("range_deg")!!,
        )
        "export" -> Step.Export(keys.maybe("passphrase"))
        "wipe" -> Step.Wipe
        "import" -> Step.Import(keys.maybe("passphrase"))
        "finish" -> Step.Finish
        "save" -> Step.Save
        "kill" -> Step.Kill
        "resume" -> Step.Resume
        else -> error("$keys: nobody knows how to $verb")
    }
}

private fun expectSet(keys: Keys): ExpectSet = keys.whole {
    val (least, most) = keys.numbers("count")!!
    ExpectSet(
        keys.text("exercise"),
        keys.text("side"),
        least.toInt()..most.toInt(),
        keys.int("short"),
        keys.range("range_deg"),
        keys.maybe("ended_by"),
        keys.range("cadence_per_min"),
    )
}

private fun expectTested(keys: Keys): ExpectTested = keys.whole {
    ExpectTested(keys.text("name"), keys.range("value")!!, keys.text("says"))
}

/** A table that remembers which of its keys were looked at. */
private class Keys(private val where: String, private val table: TomlTable) {
    private val seen = mutableSetOf<String>()

    fun text(key: String): String = look(key)?.toString() ?: error("$where: no $key")
    fun maybe(key: String): String? = look(key)?.toString()
    fun texts(key: String): List<String>? = (look(key) as org.tomlj.TomlArray?)?.toList()?.map { it as String }
    fun int(key: String): Int? = look(key)?.let { Math.toIntExact(it as Long) }
    fun flag(key: String): Boolean = look(key) as Boolean
    fun table(key: String): Keys = Keys("$where $key", look(key) as TomlTable)

    fun numbers(key: String): List<Double>? = look(key)?.let { value ->
        if (value is org.tomlj.TomlArray) value.toList().map { (it as Number).toDouble() } else listOf((value as Number).toDouble())
    }

    fun range(key: String): ClosedFloatingPointRange<Double>? = numbers(key)?.let { (from, to) -> from..to }

    fun tables(key: String): List<Keys> = (look(key) as org.tomlj.TomlArray?)?.toList().orEmpty().mapIndexed { index, one ->
        Keys("$where $key $index", one as TomlTable)
    }

    fun <T> whole(read: (Keys) -> T): T {
        val made = read(this)
        val unread = table.keySet() - seen
        check(unread.isEmpty()) { "$where: nobody looks at $unread" }
        return made
    }

    override fun toString() = where

    private fun look(key: String): Any? {
        seen += key
        return table.get(listOf(key))
    }
}
