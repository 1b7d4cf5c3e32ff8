//! What the health stores of the two phone systems take of a session: Health Connect on Android, HealthKit on iOS. Pure:
//! a session in, values out; the shells only call the platform with them.
//!
//! Names and numbers are the platforms' own. Health Connect: `androidx.health.connect.client.records.ExerciseSegment` and
//! `ExerciseSessionRecord` (connect-client 1.1; weight, set index and effort need the platform's expanded exercise
//! records, so a shell leaves those three out where they are not there). HealthKit: `HKWorkoutActivityType` and the
//! metadata keys of the framework's documentation.
//!
//! Left out, and why: range, tempo, velocity and form, for which neither store has a place; pain and notes, which are
//! nobody's but the person's; energy, which Talus does not measure; sets that were never ended, and sessions of the demo
//! or of files, which nobody trained. HealthKit has no repetitions: they go into metadata of each activity, in names of
//! ours.

use serde::Serialize;
use talus_coach::Laterality;
use talus_motion::Side;
use talus_store::{Kind, SessionDetail, SetDetail};

/// `ExerciseSessionRecord.EXERCISE_TYPE_STRENGTH_TRAINING`.
pub const HC_STRENGTH_TRAINING: u32 = 70;
/// `ExerciseSessionRecord.EXERCISE_TYPE_WALKING`.
pub const HC_WALKING: u32 = 79;
/// `ExerciseSegment.EXERCISE_SEGMENT_TYPE_LEG_CURL`.
pub const HC_LEG_CURL: u32 = 32;
/// `ExerciseSegment.EXERCISE_SEGMENT_TYPE_LEG_EXTENSION`.
pub const HC_LEG_EXTENSION: u32 = 33;
/// `ExerciseSegment.EXERCISE_SEGMENT_TYPE_LEG_RAISE`.
pub const HC_LEG_RAISE: u32 = 35;
/// `ExerciseSegment.EXERCISE_SEGMENT_TYPE_OTHER_WORKOUT`: goes with every kind of session.
pub const HC_OTHER_WORKOUT: u32 = 38;
/// `ExerciseSegment.EXERCISE_SEGMENT_TYPE_PLANK`.
pub const HC_PLANK: u32 = 41;
/// `ExerciseSegment.EXERCISE_SEGMENT_TYPE_REST`: goes with every kind of session.
pub const HC_REST: u32 = 44;
/// `ExerciseSegment.EXERCISE_SEGMENT_TYPE_SQUAT`.
pub const HC_SQUAT: u32 = 51;
/// `ExerciseSegment.EXERCISE_SEGMENT_TYPE_WALKING`: goes with a walk only.
pub const HC_SEGMENT_WALKING: u32 = 64;
/// `HKWorkoutActivityType.functionalStrengthTraining`.
pub const HK_FUNCTIONAL_STRENGTH_TRAINING: u32 = 20;
/// `HKWorkoutActivityType.walking`.
pub const HK_WALKING: u32 = 52;

/// A session as Health Connect takes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
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

/// A part of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HealthConnectSegment {
    /// `segmentType`.
    pub segment_type: u32,
    /// Milliseconds since 1970, UTC.
    pub start_utc_ms: i64,
    /// Milliseconds since 1970, UTC; after the start.
    pub end_utc_ms: i64,
    /// `repetitions`; 0 for a walk and a rest.
    pub repetitions: u32,
    /// `weight`, kilograms; `None` where there was none.
    pub weight_kg: Option<f64>,
    /// `setIndex`, from 0 within the exercise.
    pub set_index: Option<u32>,
    /// `rateOfPerceivedExertion`, 0 to 10.
    pub effort: Option<f64>,
}

/// A session as HealthKit takes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    pub effort: Option<f64>,
}

/// One `HKWorkoutActivity`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HealthKitActivity {
    /// `HKWorkoutActivityType` of its configuration, as a raw value.
    pub activity_type: u32,
    /// Milliseconds since 1970, UTC.
    pub start_utc_ms: i64,
    /// Milliseconds since 1970, UTC; after the start.
    pub end_utc_ms: i64,
    /// Names of ours with their values, in the order of their names.
    pub metadata: Vec<(String, HealthKitValue)>,
}

/// A value in metadata.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum HealthKitValue {
    /// An `NSNumber`.
    Number(f64),
    /// An `NSString`.
    Text(String),
}

/// Effort on the scale of ten from repetitions in reserve: ten with none left, one less for each. Only down to three
/// left: below, the scale by repetitions in reserve (Zourdos et al. 2016) no longer goes by ones.
pub fn effort(reserve: Option<u8>) -> Option<f64> {
    reserve.filter(|reserve| *reserve <= 3).map(|reserve| f64::from(10 - reserve))
}

/// What of a session Health Connect takes; `None` where there is nothing to give.
pub fn health_connect(detail: &SessionDetail) -> Option<HealthConnectSession> {
    let stretches = stretches(detail)?;
    let walk = stretches.iter().all(Stretch::walk);
    let mut segments = Vec::new();
    let mut rested_from = None;
    for one in &stretches {
        // A rest shorter than a second is none.
        if let Some(from) = rested_from
            && one.start_utc_ms - from >= 1000
        {
            segments.push(HealthConnectSegment {
                segment_type: HC_REST,
                start_utc_ms: from,
                end_utc_ms: one.start_utc_ms,
                repetitions: 0,
                weight_kg: None,
                set_index: None,
                effort: None,
            });
        }
        segments.push(HealthConnectSegment {
            segment_type: segment_type(one.exercise, walk),
            start_utc_ms: one.start_utc_ms,
            end_utc_ms: one.end_utc_ms,
            repetitions: if one.walk() { 0 } else { one.repetitions },
            weight_kg: (one.mass_g > 0).then(|| f64::from(one.mass_g) / 1000.0),
            set_index: Some(one.number),
            effort: one.effort,
        });
        rested_from = Some(one.end_utc_ms);
    }
    let (start_utc_ms, end_utc_ms) = span(detail, &stretches);
    Some(HealthConnectSession {
        client_record_id: detail.row.id.to_string(),
        exercise_type: if walk { HC_WALKING } else { HC_STRENGTH_TRAINING },
        start_utc_ms,
        end_utc_ms,
        offset_min: detail.row.offset_min,
        segments,
    })
}

/// What of a session HealthKit takes; `None` where there is nothing to give.
pub fn health_kit(detail: &SessionDetail) -> Option<HealthKitWorkout> {
    let stretches = stretches(detail)?;
    let kind = |walk: bool| if walk { HK_WALKING } else { HK_FUNCTIONAL_STRENGTH_TRAINING };
    let activities = stretches.iter().map(|one| {
        let number = |value: u32| HealthKitValue::Number(f64::from(value));
        let mut metadata = vec![
            ("app.talus.exercise".to_owned(), HealthKitValue::Text(one.exercise.to_owned())),
            ("app.talus.mass_g".to_owned(), number(one.mass_g)),
            (
                if one.walk() { "app.talus.strides" } else { "app.talus.repetitions" }.to_owned(),
                number(one.repetitions),
            ),
            ("app.talus.set".to_owned(), number(one.number + 1)),
            ("app.talus.side".to_owned(), HealthKitValue::Text(one.side().to_owned())),
        ];
        if let Some(effort) = one.effort {
            metadata.push(("app.talus.effort".to_owned(), HealthKitValue::Number(effort)));
        }
        metadata.sort_by(|(a, _), (b, _)| a.cmp(b));
        HealthKitActivity {
            activity_type: kind(one.walk()),
            start_utc_ms: one.start_utc_ms,
            end_utc_ms: one.end_utc_ms,
            metadata,
        }
    });
    let (start_utc_ms, end_utc_ms) = span(detail, &stretches);
    Some(HealthKitWorkout {
        activity_type: kind(stretches.iter().all(Stretch::walk)),
        start_utc_ms,
        end_utc_ms,
        external_uuid: detail.row.id.to_string(),
        time_zone: detail.row.zone.clone(),
        activities: activities.collect(),
        effort: stretches.iter().filter_map(|one| one.effort).reduce(f64::max),
    })
}

/// A set as both stores see it: both legs of one that is done with both are one.
#[derive(Debug)]
struct Stretch<'a> {
    exercise: &'a str,
    legs: Vec<Side>,
    start_utc_ms: i64,
    end_utc_ms: i64,
    repetitions: u32,
    /// On all legs it is done with.
    mass_g: u32,
    effort: Option<f64>,
    /// Which of the exercise's sets.
    number: u32,
}

impl Stretch<'_> {
    fn walk(&self) -> bool {
        self.exercise == "walk"
    }

    fn side(&self) -> &'static str {
        match self.legs.as_slice() {
            [Side::Left] => "left",
            [Side::Right] => "right",
            _ => "both",
        }
    }
}

/// The sets of a session that somebody trained, in their order, none over another; `None` where there are none.
fn stretches(detail: &SessionDetail) -> Option<Vec<Stretch<'_>>> {
    if detail.row.kind != Kind::Live {
        return None;
    }
    let at = |us: i64| detail.row.started_utc_ms.saturating_add(us / 1000);
    let mut sets: Vec<&SetDetail> = detail.sets.iter().filter(|set| !set.open).collect();
    sets.sort_by_key(|set| (set.result.began, set.set_index, set.result.side));
    let mut all: Vec<(u32, Stretch<'_>)> = Vec::new();
    for set in sets {
        let result = &set.result;
        let (start, end) = (at(result.began.0), at(result.ended.0));
        let together = result.laterality != Laterality::Each;
        let same = |(index, one): &&mut (u32, Stretch<'_>)| *index == set.set_index && one.exercise == result.exercise;
        if let Some((_, one)) = all.last_mut().filter(|last| together && same(last)) {
            one.legs.push(result.side);
            one.end_utc_ms = one.end_utc_ms.max(end);
            one.mass_g = one.mass_g.saturating_add(result.mass_g);
            // Each leg in turn: every repetition is one. Both at once: they are the same ones.
            one.repetitions = match result.laterality {
                Laterality::Both => one.repetitions.max(result.count),
                _ => one.repetitions.saturating_add(result.count),
            };
            one.effort = [one.effort, effort(result.reserve)].into_iter().flatten().reduce(f64::max);
            continue;
        }
        // A clock that was set, or a hand that corrected a set, must not lay one over another.
        let start = all.last().map_or(start, |(_, last)| start.max(last.end_utc_ms));
        if end <= start {
            continue;
        }
        let number = all.iter().filter(|(_, one)| one.exercise == result.exercise && one.legs == [result.side]).count();
        all.push((
            set.set_index,
            Stretch {
                exercise: &result.exercise,
                legs: vec![result.side],
                start_utc_ms: start,
                end_utc_ms: end,
                repetitions: result.count,
                mass_g: result.mass_g,
                effort: effort(result.reserve),
                number: number as u32,
            },
        ));
    }
    let all: Vec<Stretch<'_>> = all.into_iter().map(|(_, one)| one).collect();
    (!all.is_empty()).then_some(all)
}

/// Beginning and end: all of the session, and never less than its sets.
fn span(detail: &SessionDetail, stretches: &[Stretch<'_>]) -> (i64, i64) {
    let first = stretches.first().map_or(detail.row.started_utc_ms, |one| one.start_utc_ms);
    let last = stretches.last().map_or(detail.row.started_utc_ms, |one| one.end_utc_ms);
    let ended = detail.ended_utc_ms.unwrap_or(last);
    (detail.row.started_utc_ms.min(first), ended.max(last))
}

/// Health Connect knows eight movements of a leg or so; what it does not know is another workout, not the nearest one.
fn segment_type(exercise: &str, walk: bool) -> u32 {
    match exercise {
        "walk" if walk => HC_SEGMENT_WALKING,
        "knee_ext_seated" | "knee_ext_short_arc" | "knee_ext_hold" => HC_LEG_EXTENSION,
        "knee_flex_prone" | "knee_flex_prone_slow" | "knee_flex_standing" => HC_LEG_CURL,
        "quad_set_slr"
        | "quad_set_slr_unloaded"
        | "side_abd"
        | "side_add"
        | "prone_hip_ext"
        | "stand_abd"
        | "stand_ext"
        | "stand_flex"
        | "alt_leg_lower" => HC_LEG_RAISE,
        "side_plank_abd" => HC_PLANK,
        "sit_to_stand" => HC_SQUAT,
        _ => HC_OTHER_WORKOUT,
    }
}

#[cfg(test)]
mod tests;
