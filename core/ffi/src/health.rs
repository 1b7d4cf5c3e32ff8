//! A session as the health stores of the two phone systems take it. Names and numbers are the platforms' own: a shell only
//! hands them on.

use crate::words::narrow;
use talus_app::health;

/// A session as Health Connect takes it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct HealthConnectSession {
    /// `clientRecordId`: writing it again replaces what was there.
    pub client_record_id: String,
    /// `exerciseType`.
    pub exercise_type: u32,
    /// Milliseconds since 1970, UTC.
    pub start_utc_ms: i64,
    /// Milliseconds since 1970, UTC; after the start.
    pub end_utc_ms: i64,
    /// `startZoneOffset` and `endZoneOffset`, minutes.
    pub offset_min: i32,
    /// In their order, none over another: the platform takes no others.
    pub segments: Vec<HealthConnectSegment>,
}

/// A part of a session as Health Connect takes it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct HealthConnectSegment {
    /// `segmentType`.
    pub segment_type: u32,
    /// Milliseconds since 1970, UTC.
    pub start_utc_ms: i64,
    /// Milliseconds since 1970, UTC; after the start.
    pub end_utc_ms: i64,
    /// `repetitions`; 0 for a walk and a rest.
    pub repetitions: u32,
    /// `weight`, kilograms; absent where there was none.
    pub weight_kg: Option<f32>,
    /// `setIndex`, from 0 within the exercise.
    pub set_index: Option<u32>,
    /// `rateOfPerceivedExertion`, 0 to 10.
    pub effort: Option<f32>,
}

/// A session as HealthKit takes it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct HealthKitWorkout {
    /// `HKWorkoutActivityType` as a raw value.
    pub activity_type: u32,
    /// Milliseconds since 1970, UTC.
    pub start_utc_ms: i64,
    /// Milliseconds since 1970, UTC; after the start.
    pub end_utc_ms: i64,
    /// Value of `HKMetadataKeyExternalUUID` and `HKMetadataKeySyncIdentifier`.
    pub external_uuid: String,
    /// Value of `HKMetadataKeyTimeZone`; empty where it is not known.
    pub time_zone: String,
    /// One for each set.
    pub activities: Vec<HealthKitActivity>,
    /// A sample of `HKQuantityTypeIdentifier.workoutEffortScore` (iOS 18), 1 to 10: the hardest set's.
    pub effort: Option<f32>,
}

/// One `HKWorkoutActivity`.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct HealthKitActivity {
    /// `HKWorkoutActivityType` of its configuration, as a raw value.
    pub activity_type: u32,
    /// Milliseconds since 1970, UTC.
    pub start_utc_ms: i64,
    /// Milliseconds since 1970, UTC; after the start.
    pub end_utc_ms: i64,
    /// In the order of their names.
    pub metadata: Vec<HealthKitEntry>,
}

/// One entry of an activity's metadata.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct HealthKitEntry {
    /// A name of ours (`app.talus.…`).
    pub name: String,
    /// Its value.
    pub value: HealthKitValue,
}

/// A value in metadata.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum HealthKitValue {
    /// An `NSNumber`.
    Number {
        /// The number.
        number: f32,
    },
    /// An `NSString`.
    Text {
        /// The text.
        text: String,
    },
}

impl From<health::HealthConnectSession> for HealthConnectSession {
    fn from(of: health::HealthConnectSession) -> Self {
        let segment = |of: health::HealthConnectSegment| HealthConnectSegment {
            segment_type: of.segment_type,
            start_utc_ms: of.start_utc_ms,
            end_utc_ms: of.end_utc_ms,
            repetitions: of.repetitions,
            weight_kg: narrow(of.weight_kg),
            set_index: of.set_index,
            effort: narrow(of.effort),
        };
        Self {
            client_record_id: of.client_record_id,
            exercise_type: of.exercise_type,
            start_utc_ms: of.start_utc_ms,
            end_utc_ms: of.end_utc_ms,
            offset_min: of.offset_min,
            segments: of.segments.into_iter().map(segment).collect(),
        }
    }
}

impl From<health::HealthKitWorkout> for HealthKitWorkout {
    fn from(of: health::HealthKitWorkout) -> Self {
        let entry = |(name, value): (String, health::HealthKitValue)| HealthKitEntry {
            name,
            value: match value {
                health::HealthKitValue::Number(number) => HealthKitValue::Number { number: number as f32 },
                health::HealthKitValue::Text(text) => HealthKitValue::Text { text },
            },
        };
        let activity = |of: health::HealthKitActivity| HealthKitActivity {
            activity_type: of.activity_type,
            start_utc_ms: of.start_utc_ms,
            end_utc_ms: of.end_utc_ms,
            metadata: of.metadata.into_iter().map(entry).collect(),
        };
        Self {
            activity_type: of.activity_type,
            start_utc_ms: of.start_utc_ms,
            end_utc_ms: of.end_utc_ms,
            external_uuid: of.external_uuid,
            time_zone: of.time_zone,
            activities: of.activities.into_iter().map(activity).collect(),
            effort: narrow(of.effort),
        }
    }
}
