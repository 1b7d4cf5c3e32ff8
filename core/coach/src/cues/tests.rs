use super::*;
use crate::catalogue::{Catalogue, Rules};
use crate::text::LANGUAGES;
use std::sync::LazyLock;
use talus_motion::Detector::{self, Drop, FastLift, NoHold, ShortRom};
use talus_motion::{Measures, Quality, Rep, Side};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());

fn rules() -> &'static Rules {
    CATALOGUE.rules()
}

fn s(seconds: i64) -> Micros {
    Micros(seconds * 1_000_000)
}

fn rep(range_deg: f64, lift_s: f64) -> Rep {
    Rep {
        start: Micros(0),
        top: Micros(1),
        turn: Micros(2),
        end: Micros(3),
        range_deg: Some(range_deg),
        lift_s,
        hold_s: 1.0,
        lower_s: 3.0,
        rest_s: None,
        peak_deg_per_s: 60.0,
        smoothness_sparc: None,
        full: true,
        confidence: 1.0,
        detectors: vec![],
        measures: Measures::default(),
        quality: Quality::GOOD,
    }
}

fn moments() -> Vec<Moment<'static>> {
    let tips = [Tip::LowerSlowly, Tip::Further, Tip::LiftSlower, Tip::HoldAMoment, Tip::ComeBack];
    let mut all = vec![
        Moment::Counted(7, Some(8)),
        Moment::Counted(5, Some(8)),
        Moment::Counted(2, Some(8)),
        Moment::Short,
        Moment::InZone,
        Moment::Lower,
        Moment::Confirm(Side::Left, 1500),
        Moment::Looking(Side::Right),
        Moment::Instruct(["Leg curl", "Stand by the counter.", "Keep the hips still."]),
        Moment::GetReady { side: Side::Right, exercise: "Leg curl", mass_g: 1500, reps: Some(8) },
        Moment::GetReady { side: Side::Left, exercise: "Leg curl", mass_g: 1500, reps: None },
        Moment::Go("Bend the knee."),
        Moment::SetDone(12),
        Moment::SpeedStop,
        Moment::RangeStop,
        Moment::FormStop,
        Moment::LimitStop,
        Moment::TooFar,
        Moment::RestSoon,
        Moment::Switch(Side::Left),
        Moment::Paused,
        Moment::Resumed(4),
        Moment::At(3, Some(12)),
        Moment::At(3, None),
        Moment::ByHand,
        Moment::Weight(1250),
        Moment::Tried("12 times"),
        Moment::NoMore("1 kg is the most your plan allows."),
        Moment::Swapped("Leg curl"),
        Moment::Found("Three more would have gone."),
        Moment::WrongSide(Side::Left),
        Moment::WrongExercise(["Leg curl", "Stand by the counter."]),
        Moment::CuffMoved,
        Moment::CuffSits,
        Moment::Stumbled,
        Moment::Wobbled,
        Moment::Stepped(10),
        Moment::NotMeasured,
        Moment::CuffLost,
        Moment::CuffBack(7),
        Moment::PainNoted,
        Moment::PainSmaller,
        Moment::PainStop,
        Moment::PainStopAll,
        Moment::RedFlag,
        Moment::SessionDone,
        Moment::WalkBare,
        Moment::PutOn(500),
        Moment::TakeOff,
        Moment::Ease,
        Moment::CuffsOff,
        Moment::NotRunning,
        Moment::SlowDown,
        Moment::WornLong,
        Moment::LookAtSkin,
        Moment::TouchDown,
        Moment::Held(10),
        Moment::HoldOn,
    ];
    all.extend(tips.map(Moment::Tip));
    all
}

#[test]
fn every_moment_has_words_sound_and_pattern_in_both_languages() {
    for language in LANGUAGES {
        let texts = Texts::of(language);
        for moment in moments() {
            let (voice, short) = (moment.voice(&texts), moment.short(&texts));
            for said in voice.iter().chain([&short]) {
                assert!(!said.starts_with("cue.") && !said.contains('{'), "{language} {}: {said}", moment.key());
            }
            // Speech is shorter than a sentence on screen may be, and what is shown is shorter than speech.
            let long = |text: &str| text.split_whitespace().count();
            // A red flag alone is read in full: what it asks for is three things.
            assert!(long(&short) <= 6 || moment == Moment::RedFlag, "{language} {}: {short}", moment.key());
            assert!(voice.is_some() || matches!(moment, Moment::Short), "{}", moment.key());
        }
    }
    let slugs: std::collections::BTreeSet<_> = Sound::ALL.iter().map(|sound| sound.slug()).collect();
    assert_eq!(slugs.len(), Sound::ALL.len());
    let en = Texts::of("en");
    assert_eq!(Moment::Tip(Tip::LowerSlowly).voice(&en).unwrap(), "Lower for a slow count of three.");
    assert_eq!(Moment::RedFlag.voice(&en).unwrap(), "Stop. Sit or lie down. Call for help now.");
    assert_eq!(Moment::CuffBack(1).voice(&en).unwrap(), "The cuff is back. You were at 1.");
}

#[test]
fn the_same_tip_is_given_twice_eight_seconds_apart_and_then_ends_the_set() {
    let texts = Texts::of("en");
    let mut cues = Cues::new(Voice::Needed, &rules().cue);
    let mut given = Vec::new();
    for second in 0..30 {
        given.extend(
            cues.push(s(second), &Moment::Tip(Tip::LiftSlower), &texts).map(|cue| (second, cue.key, cue.ends_set)),
        );
    }
    assert_eq!(given[..3], [(0, "lift_slower", false), (8, "lift_slower", false), (16, "form_stop", true)]);
    // Another tip has its own count, a new set begins anew, and a range that stays short on purpose is no fault of form.
    assert_eq!(cues.push(s(40), &Moment::Tip(Tip::LowerSlowly), &texts).unwrap().key, "lower_slowly");
    cues.begin_set();
    assert_eq!(cues.push(s(50), &Moment::Tip(Tip::LiftSlower), &texts).unwrap().key, "lift_slower");
    let mut cues = Cues::new(Voice::Off, &rules().cue);
    let told: Vec<_> = (0..10).filter_map(|n| cues.push(s(10 * n), &Moment::Tip(Tip::Further), &texts)).collect();
    let silent = told.iter().all(|cue| !cue.ends_set && cue.voice.is_none() && !cue.short.is_empty());
    assert!(told.len() == 2 && silent, "{told:?}");
}

#[test]
fn shown_words_stand_until_they_are_read_and_give_way_only_to_what_weighs_as_much() {
    let texts = Texts::of("en");
    let mut cues = Cues::new(Voice::Counts, &rules().cue);
    cues.push(s(0), &Moment::CuffLost, &texts).unwrap();
    cues.push(s(1), &Moment::RestSoon, &texts).unwrap();
    assert_eq!((cues.shown(s(1)), cues.shown(s(9))), (Some("Cuff lost"), None));
    cues.push(s(2), &Moment::PainStop, &texts).unwrap();
    cues.push(s(3), &Moment::Counted(4, Some(12)), &texts).unwrap();
    assert_eq!(cues.shown(s(3)), Some("Stop this one"));
}

#[test]
fn one_thing_is_said_at_a_time_and_only_a_stop_cuts_it() {
    let texts = Texts::of("en");
    let mut cues = Cues::new(Voice::Counts, &rules().cue);
    let tip = cues.push(s(0), &Moment::Tip(Tip::LowerSlowly), &texts).unwrap();
    assert_eq!((tip.speak_at, tip.haptic()), (Micros(120_000), "cue"));
    // Seven words: until 3.34 s. A number is a tick meanwhile, another tip is dropped, what must be said waits.
    let count = cues.push(s(1), &Moment::Counted(4, Some(12)), &texts).unwrap();
    assert_eq!((count.voice, count.sound), (None, Sound::RepCounted));
    assert!(cues.push(s(9), &Moment::Tip(Tip::Further), &texts).is_some());
    assert!(cues.push(s(10), &Moment::Tip(Tip::ComeBack), &texts).is_none());
    let lost = cues.push(s(10), &Moment::CuffLost, &texts).unwrap();
    assert!(lost.speak_at > s(10).plus(AFTER_SOUND_US) && !lost.cuts && lost.voice.is_some());
    let stop = cues.push(s(11), &Moment::RedFlag, &texts).unwrap();
    assert!(stop.cuts && stop.speak_at == s(11).plus(AFTER_SOUND_US) && stop.ends_set);
    // With nothing being said a number is spoken, to whoever asks for numbers.
    let late = cues.push(s(60), &Moment::Counted(5, Some(12)), &texts).unwrap();
    assert_eq!((late.voice.as_deref(), late.short.as_str()), (Some("5"), ""));
    cues.speak(Voice::Needed);
    assert_eq!(cues.push(s(70), &Moment::Counted(6, Some(12)), &texts).unwrap().voice, None);
    let three = cues.push(s(80), &Moment::Counted(9, Some(12)), &texts).unwrap();
    assert_eq!((three.voice.as_deref(), three.sound), (Some("Three to go."), Sound::LastThree));
}

#[test]
fn any_storm_of_moments_never_overlaps_speech_and_waits_for_no_long_time() {
    let texts = Texts::of("de");
    let all = moments();
    let mut cues = Cues::new(Voice::Counts, &rules().cue);
    let (mut at, mut seed, mut ends) = (0i64, 7u64, Micros(0));
    let mut spoken = 0;
    for _ in 0..5000 {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        at += i64::from((seed >> 44) as u32);
        // Time stands still or runs back now and then.
        let now = Micros(if seed.is_multiple_of(11) { at - 3_000_000 } else { at });
        let moment = all[(seed >> 33) as usize % all.len()];
        let Some(cue) = cues.push(now, &moment, &texts) else { continue };
        let Some(words) = cue.voice else { continue };
        assert!(cue.speak_at.since(now) <= WAITS_MOST_US + AFTER_SOUND_US);
        assert!(cue.cuts || cue.speak_at >= ends || now.since(ends) >= 0, "{} over something else", cue.key);
        ends = cue.speak_at.plus(takes_us(&words));
        spoken += 1;
    }
    assert!(spoken > 500, "{spoken}");
}

#[test]
fn the_tip_of_a_repetition_is_the_most_important_one() {
    let with = |detectors: &[Detector], full| Rep { detectors: detectors.to_vec(), full, ..rep(80.0, 2.0) };
    assert_eq!(Tip::of(&with(&[NoHold, Drop, ShortRom], true)), Some(Tip::LowerSlowly));
    assert_eq!(Tip::of(&with(&[NoHold, FastLift], false)), Some(Tip::Further));
    assert_eq!(Tip::of(&with(&[], true)), None);
}
