// What a phone keeps of health for all its apps, as far as Talus writes to it: Health Connect, which is a part of Android 14
// and later. Nothing is read from it.
package app.talus.health

import android.content.Context
import android.content.pm.PackageManager
import android.health.connect.HealthConnectException
import android.health.connect.HealthConnectManager
import android.health.connect.HealthPermissions
import android.health.connect.InsertRecordsResponse
import android.health.connect.RecordIdFilter
import android.health.connect.TimeInstantRangeFilter
import android.health.connect.datatypes.ExerciseSegment
import android.health.connect.datatypes.ExerciseSegmentType
import android.health.connect.datatypes.ExerciseSessionRecord
import android.health.connect.datatypes.ExerciseSessionType
import android.health.connect.datatypes.Metadata
import android.os.Build
import android.os.OutcomeReceiver
import androidx.annotation.RequiresApi
import java.io.IOException
import java.time.Instant
import java.time.ZoneOffset
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.suspendCancellableCoroutine

/** A session as a store for health takes it; kinds are those of `androidx.health.connect`. Writing it again replaces it. */
data class Workout(
    val id: String, val version: Long, val kind: Int, val startUtcMs: Long, val endUtcMs: Long, val offsetMin: Int, val parts: List<Part>,
)

/** A part of a session: a set, a rest, a way. */
data class Part(val kind: Int, val startUtcMs: Long, val endUtcMs: Long, val repetitions: Int)

/** A store for health. */
interface HealthStore {
    /** This phone has one. */
    val there: Boolean

    /** What the phone asks the person, and what the store needs. */
    val permission: String

    /** Talus may write to it. */
    fun allowed(): Boolean

    /** @throws IOException where it does not take them */
    suspend fun write(workouts: List<Workout>)

    /** Deletes those of Talus, or only these. @throws IOException where it does not */
    suspend fun forget(ids: List<String>? = null)
}

/** The store of this phone. */
fun healthStore(context: Context): HealthStore =
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) HealthConnect(context) else NoHealthStore

/** A phone before Android 14. */
private object NoHealthStore : HealthStore {
    override val there = false
    override val permission = ""

    override fun allowed() = false

    override suspend fun write(workouts: List<Workout>) = Unit

    override suspend fun forget(ids: List<String>?) = Unit
}

/** Health Connect. */
@RequiresApi(Build.VERSION_CODES.UPSIDE_DOWN_CAKE)
private class HealthConnect(private val context: Context) : HealthStore {
    private val manager: HealthConnectManager? get() = context.getSystemService(HealthConnectManager::class.java)

    override val there: Boolean get() = manager != null

    override val permission: String get() = HealthPermissions.WRITE_EXERCISE

    override fun allowed() = context.checkSelfPermission(permission) == PackageManager.PERMISSION_GRANTED

    override suspend fun write(workouts: List<Workout>) {
        if (workouts.isEmpty()) return
        asked<InsertRecordsResponse> { it.insertRecords(workouts.map(Workout::toRecord), context.mainExecutor, this) }
    }

    override suspend fun forget(ids: List<String>?) = when (ids) {
        // A store gives an app only what is its own.
        null -> asked<Void> { store ->
            val ever = TimeInstantRangeFilter.Builder().setStartTime(Instant.EPOCH).setEndTime(Instant.now()).build()
            store.deleteRecords(ExerciseSessionRecord::class.java, ever, context.mainExecutor, this)
        }
        else -> asked<Void> { store ->
            val ours = ids.map { RecordIdFilter.fromClientRecordId(ExerciseSessionRecord::class.java, it) }
            store.deleteRecords(ours, context.mainExecutor, this)
        }
    }

    private suspend fun <T> asked(call: OutcomeReceiver<T, HealthConnectException>.(HealthConnectManager) -> Unit) {
        val store = manager ?: throw IOException("no Health Connect")
        suspendCancellableCoroutine { waiting ->
            val answer = object : OutcomeReceiver<T, HealthConnectException> {
                override fun onResult(result: T) = waiting.resume(Unit)

                override fun onError(error: HealthConnectException) = waiting.resumeWithException(IOException(error))
            }
            try {
                answer.call(store)
            } catch (refused: SecurityException) {
                waiting.resumeWithException(IOException(refused))
            }
        }
    }
}

/** As the platform has it. Weight, set and effort of a part have no place in Android 14's. */
@RequiresApi(Build.VERSION_CODES.UPSIDE_DOWN_CAKE)
internal fun Workout.toRecord(): ExerciseSessionRecord {
    val offset = ZoneOffset.ofTotalSeconds(offsetMin * 60)
    val whole = Metadata.Builder().setClientRecordId(id).setClientRecordVersion(version)
        .setRecordingMethod(Metadata.RECORDING_METHOD_ACTIVELY_RECORDED).build()
    return ExerciseSessionRecord.Builder(whole, Instant.ofEpochMilli(startUtcMs), Instant.ofEpochMilli(endUtcMs), sessionKind(kind))
        .setStartZoneOffset(offset).setEndZoneOffset(offset)
        .setSegments(
            parts.map {
                ExerciseSegment.Builder(Instant.ofEpochMilli(it.startUtcMs), Instant.ofEpochMilli(it.endUtcMs), partKind(it.kind))
                    .setRepetitionsCount(it.repetitions).build()
            },
        ).build()
}

/** The platform numbers its kinds in another way than the library whose numbers are documented. */
@RequiresApi(Build.VERSION_CODES.UPSIDE_DOWN_CAKE)
private fun sessionKind(kind: Int): Int = when (kind) {
    70 -> ExerciseSessionType.EXERCISE_SESSION_TYPE_STRENGTH_TRAINING
    79 -> ExerciseSessionType.EXERCISE_SESSION_TYPE_WALKING
    else -> ExerciseSessionType.EXERCISE_SESSION_TYPE_OTHER_WORKOUT
}

@RequiresApi(Build.VERSION_CODES.UPSIDE_DOWN_CAKE)
private fun partKind(kind: Int): Int = when (kind) {
    32 -> ExerciseSegmentType.EXERCISE_SEGMENT_TYPE_LEG_CURL
    33 -> ExerciseSegmentType.EXERCISE_SEGMENT_TYPE_LEG_EXTENSION
    35 -> ExerciseSegmentType.EXERCISE_SEGMENT_TYPE_LEG_RAISE
    41 -> ExerciseSegmentType.EXERCISE_SEGMENT_TYPE_PLANK
    44 -> ExerciseSegmentType.EXERCISE_SEGMENT_TYPE_REST
    51 -> ExerciseSegmentType.EXERCISE_SEGMENT_TYPE_SQUAT
    64 -> ExerciseSegmentType.EXERCISE_SEGMENT_TYPE_WALKING
    else -> ExerciseSegmentType.EXERCISE_SEGMENT_TYPE_OTHER_WORKOUT
}
