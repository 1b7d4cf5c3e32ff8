//! Made-up sessions for tests: every value is invented here, none is a measurement.

use crate::domain::*;
use crate::play::{Note, Story};
use talus_app::coach::cues::{Cue, Sound};
use talus_app::coach::{Change, Laterality, Measure, Pace, SessionPlan};
use talus_app::history::{Best, CoursePoint, Told};
use talus_app::motion::{CuffId, Gap, Measures, Stride};

pub(crate) const LEFT: CuffId = CuffId([1; 16]);
pub(crate) const RIGHT: CuffId = CuffId([2; 16]);

fn at(seconds: f64) -> Micros {
    Micros::from_seconds(seconds)
}

fn german(language: &str) -> bool {
    language == "de"
}

/// Names as the core would give them.
pub(crate) fn name(language: &str) -> impl Fn(&str) -> String + use<> {
    let german = german(language);
    move |id| {
        match (id, german) {
            ("knee_ext_seated", false) => "Seated knee extension",
            ("knee_ext_seated", true) => "Kniestrecken im Sitzen",
            ("side_abd", false) => "Side-lying leg raise",
            ("side_abd", true) => "Beinheben in Seitenlage",
            ("walk", false) => "Walking",
            ("walk", true) => "Gehen",
            _ => id,
        }
        .to_owned()
    }
}

pub(crate) fn cuffs() -> Vec<CuffLine> {
    vec![
        CuffLine { cuff: LEFT, side: Side::Left, link: LinkState::Streaming, loss: 0.0 },
        CuffLine { cuff: RIGHT, side: Side::Right, link: LinkState::Streaming, loss: 0.0021 },
    ]
}

pub(crate) fn rep(start_s: f64, range_deg: Option<f64>, full: bool) -> Rep {
    Rep {
        start: at(start_s),
        top: at(start_s + 1.9),
        turn: at(start_s + 2.8),
        end: at(start_s + 5.6),
        range_deg,
        lift_s: 1.9,
        hold_s: 0.9,
        lower_s: 2.8,
        rest_s: None,
        peak_deg_per_s: 78.4,
        smoothness_sparc: Some(-2.1),
        full,
        confidence: 0.97,
        detectors: Vec::new(),
        measures: Measures::default(),
        quality: if range_deg.is_some() { Quality::GOOD } else { Quality::because(Reason::Gap) },
    }
}

pub(crate) fn result(exercise: &str, side: Side, count: u32, short: u32) -> SetResult {
    let walk = exercise == "walk";
    SetResult {
        exercise: exercise.to_owned(),
        side,
        laterality: Laterality::Each,
        mass_g: 1500,
        began: at(6.0),
        ended: at(48.0),
        end: if short > 0 { SetEnd::Person } else { SetEnd::Target },
        count,
        short,
        target: (!walk).then_some(6),
        range_deg: (!walk).then_some(71.6),
        tempo_s: (!walk).then_some([1.9, 0.9, 2.8]),
        peak_deg_per_s: (!walk).then_some(78.4),
        cadence_per_min: walk.then_some(104.3),
        reserve: Some(3),
        pain: Some(0),
        counts_for_progress: true,
        quality: if short > 0 { Quality::because(Reason::Gap).and(Reason::Disagree) } else { Quality::GOOD },
    }
}

fn summary(language: &str) -> SessionSummary {
    let text = |en: &str, de: &str| if german(language) { de } else { en }.to_owned();
    SessionSummary {
        duration_s: 125.4,
        sets: 2,
        reps: 11,
        strides: 0,
        sentence: text("You did 11 repetitions in 2 sets.", "Du hast 11 Wiederholungen in 2 Sätzen gemacht."),
        next: vec![text(
            "Seated knee extension, right leg: same weight again. Your range was a bit short.",
            "Kniestrecken im Sitzen, rechtes Bein: wieder dasselbe Gewicht. Dein Umfang war etwas kurz.",
        )],
        walk: Vec::new(),
        walked: None,
        tested: Vec::new(),
        red_flag: false,
    }
}

/// What a session says from the first cuff to the summary.
pub(crate) fn notes(language: &str) -> Vec<Note> {
    let text = |en: &str, de: &str| if german(language) { de } else { en }.to_owned();
    let stride = |start_s: f64| Stride {
        start: at(start_s),
        foot_off: at(start_s + 0.7),
        end: at(start_s + 1.15),
        swing_fraction: 0.39,
        length_m: Some(1.31),
        length_error_m: Some(0.04),
        lift_m: Some(0.12),
        quality: Quality::GOOD,
    };
    let mut notes = vec![
        Note::Found(nearby()[0].clone()),
        Note::Found(nearby()[2].clone()),
        Note::Paired(paired()[0].clone()),
        Note::Paired(paired()[1].clone()),
        Note::Calibrated { side: Side::Left, range_deg: Some(72.2) },
        Note::Calibrated { side: Side::Right, range_deg: None },
    ];
    let mut events = vec![
        Event::StageChanged { at: at(1.5), stage: Stage::GetReady },
        Event::SetBegan {
            at: at(4.5),
            set_index: 0,
            exercise: "knee_ext_seated".into(),
            side: Side::Left,
            set: (1, 1),
        },
        Event::RepEnded { at: at(11.6), seq: 1, confidence: 0.97, rep: rep(6.0, Some(71.8), true) },
        Event::RepShort { at: at(17.2), rep: rep(11.6, Some(28.6), false) },
        Event::Cue(Cue {
            at: at(17.2),
            key: "further",
            voice: Some(text("A little further, if it stays comfortable.", "Etwas weiter, wenn es angenehm bleibt.")),
            speak_at: at(17.3),
            short: text("A little further", "Etwas weiter"),
            until: at(21.2),
            sound: Sound::Cue,
            cuts: false,
            number: false,
            stands: false,
            ends_set: false,
        }),
        Event::LinkChanged { at: at(19.0), cuff: LEFT, state: LinkState::Lost },
        Event::LinkChanged { at: at(21.0), cuff: LEFT, state: LinkState::Connecting },
        Event::LinkChanged { at: at(22.0), cuff: LEFT, state: LinkState::Streaming },
        Event::Gapped { at: at(22.0), cuff: LEFT, gap: Gap { start: at(19.0), end: at(22.0), missing: 300 } },
        Event::RepEnded { at: at(28.0), seq: 2, confidence: 0.5, rep: rep(22.4, None, true) },
        Event::StageChanged { at: at(28.5), stage: Stage::Paused },
        Event::SetEnded { at: at(48.0), set_index: 0, result: result("knee_ext_seated", Side::Left, 6, 1) },
        Event::SetReviewed { at: at(50.0), set_index: 0, count: 5, reason: ReviewReason::Person },
        Event::StageChanged { at: at(52.0), stage: Stage::Rest },
        Event::SetBegan { at: at(70.0), set_index: 1, exercise: "walk".into(), side: Side::Right, set: (1, 1) },
    ];
    for number in 0..45 {
        let start_s = 70.0 + 1.15 * f64::from(number);
        events.push(Event::Strode { at: at(start_s + 1.15), side: Side::Right, stride: stride(start_s) });
    }
    events.push(Event::SetEnded { at: at(123.0), set_index: 1, result: result("walk", Side::Right, 45, 0) });
    events.push(Event::StageChanged { at: at(125.4), stage: Stage::Summary });
    events.push(Event::Ended { at: at(125.4), summary: summary(language) });
    notes.extend(events.into_iter().map(Note::Event));
    notes
}

pub(crate) fn story(language: &str) -> Story {
    Story {
        sets: vec![
            (0, result("knee_ext_seated", Side::Left, 6, 0)),
            (0, result("knee_ext_seated", Side::Right, 5, 1)),
            (
                1,
                SetResult {
                    range_deg: None,
                    tempo_s: None,
                    peak_deg_per_s: None,
                    mass_g: 0,
                    ..result("side_abd", Side::Right, 0, 0)
                },
            ),
            (2, result("walk", Side::Right, 45, 0)),
        ],
        summary: Some(summary(language)),
        flagged: false,
    }
}

pub(crate) fn rows() -> Vec<SessionRow> {
    let row = |number: u8, day: &str, kind, finished, exercises: &[&str], strides| SessionRow {
        id: SessionId([0x01, 0x9a, number, 0xff, 5, 6, 0x70, 8, 0x89, 10, 11, 12, 13, 14, 15, 16]),
        started_utc_ms: 1_793_898_240_000 + i64::from(number) * 86_400_000,
        offset_min: 60,
        zone: "Europe/Vienna".into(),
        local_day: day.to_owned(),
        kind,
        finished,
        duration_s: 125.4 + 60.0 * f64::from(number),
        sets: 6,
        reps: 30 + u32::from(number),
        strides,
        exercises: exercises.iter().map(|id| (*id).to_owned()).collect(),
        raw: RawState::Complete,
        planned: 8,
        pain: (number == 1).then_some(2),
        edits: u32::from(number == 1),
        starred: number == 1,
        note: if number == 1 { "New chair".to_owned() } else { String::new() },
        tags: Vec::new(),
    };
    vec![
        row(3, "2026-11-08", Kind::Demo, false, &["knee_ext_seated"], 0),
        row(2, "2026-11-07", Kind::Replay, true, &["walk"], 320),
        row(1, "2026-11-06", Kind::Live, true, &["knee_ext_seated", "side_abd", "prone_hip_ext"], 0),
    ]
}

pub(crate) fn trend(sessions: u8) -> Vec<TrendPoint> {
    (0..sessions)
        .flat_map(|session| {
            [Side::Left, Side::Right].map(|side| TrendPoint {
                local_day: format!("2026-11-{:02}", session + 5),
                started_utc_ms: 1_793_898_240_000 + i64::from(session) * 86_400_000,
                session: SessionId([session; 16]),
                set_index: 0,
                side,
                mass_g: 1500,
                count: 6,
                short: 0,
                target: Some(6),
                range_deg: (session != 2)
                    .then_some(70.0 + f64::from(session) + if side == Side::Left { 0.0 } else { 6.0 }),
                tempo_s: Some([1.9, 0.9, 2.8]),
                own_range_deg: Some(78.0),
                peak_deg_per_s: Some(78.4),
                reserve: Some(3),
                pain: Some(0),
                counts_for_progress: session != 3,
                quality: Quality::GOOD,
                edited: session == 3,
            })
        })
        .collect()
}

/// Three weeks, the last one not over.
pub(crate) fn weeks() -> Vec<CalendarWeek> {
    let totals =
        |sets, pain| Totals { sessions: 1, duration_s: 1245.0, planned: 8, sets, reps: 10 * sets, strides: 0, pain };
    let week = |monday: &str, days: [Option<Totals>; 7], sets, pain| CalendarWeek {
        monday: monday.to_owned(),
        days,
        totals: Totals { sessions: 2, duration_s: 2490.0, planned: 16, ..totals(sets, pain) },
    };
    let (rest, done) = (Some(Totals::default()), Some(totals(6, None)));
    vec![
        week("2026-10-26", [done, rest, rest, done, rest, rest, rest], 14, Some(2)),
        week("2026-11-02", [rest, done, rest, rest, done, rest, rest], 16, None),
        week("2026-11-09", [rest, done, rest, done, None, None, None], 12, None),
    ]
}

/// The course of one exercise.
pub(crate) fn courses(language: &str) -> Vec<Course> {
    let text = if german(language) {
        "Links: 2,1\u{202f}N·m mehr seit August. Mehr als der Messfehler (± 0,9)."
    } else {
        "Left: up 2.1\u{202f}N·m since August. More than the error (± 0.9)."
    };
    let point = |day: u8| CoursePoint {
        local_day: format!("2026-11-{day:02}"),
        started_utc_ms: i64::from(day),
        session: SessionId([day; 16]),
        sets: (3, 2),
        count: 28,
        mass_g: 1500,
        torque_nm: Some(9.4 + f64::from(day) / 10.0),
        torque_error_nm: Some(0.9),
        torque_reps_nm: Some(263.2),
        range_deg: Some(71.6),
        tempo_s: Some([1.9, 0.9, 2.8]),
        peak_deg_per_s: Some(78.4),
        form: Some(88),
        pain: (day == 6).then_some(2),
    };
    let change = Change { from: 9.4, to: 11.5, error: 0.9, typical: 0.4 };
    let told = Told { measure: Measure::Torque, change: Some(change), text: text.to_owned() };
    let best = |of, value| Best { of, value, local_day: "2026-11-07".into(), session: SessionId([7; 16]) };
    vec![Course {
        exercise: "knee_ext_seated".into(),
        side: Side::Left,
        points: vec![point(4), point(6), point(7)],
        bests: vec![
            best(BestOf::Load, 1500.0),
            best(BestOf::Count, 12.0),
            best(BestOf::Range, 74.2),
            best(BestOf::Torque, 10.1),
        ],
        told: vec![told],
    }]
}

pub(crate) fn sides() -> Sides {
    Sides {
        local_day: "2026-11-07".into(),
        session: SessionId([7; 16]),
        measure: Measure::Torque,
        values: (10.1, 8.6),
        ratio: 10.1 / 8.6,
        weaker: Some(Side::Right),
    }
}

/// Four lifts of the first set, the last of them unseen for a moment.
pub(crate) fn traces() -> Vec<Trace> {
    let points = (60..280)
        .map(|tenth| {
            let share = f64::from((tenth - 60) % 56) / 56.0;
            let angle = 71.8 * 4.0 * share * (1.0 - share);
            (at(f64::from(tenth) / 10.0), (!(230..240).contains(&tenth)).then_some((angle * 10.0).round() / 10.0))
        })
        .collect();
    vec![Trace { set_index: 0, side: Side::Left, points }]
}

pub(crate) fn detail() -> SessionDetail {
    let walk = SetDetail {
        set_index: 1,
        open: false,
        edited: false,
        result: result("walk", Side::Right, 45, 0),
        reps: Vec::new(),
        strides: vec![
            Stride {
                start: at(70.0),
                foot_off: at(70.7),
                end: at(71.15),
                swing_fraction: 0.39,
                length_m: Some(1.31),
                length_error_m: Some(0.04),
                lift_m: Some(0.12),
                quality: Quality::GOOD,
            },
            Stride {
                start: at(71.15),
                foot_off: at(71.8),
                end: at(72.25),
                swing_fraction: 0.41,
                length_m: Some(1.31),
                length_error_m: Some(0.04),
                lift_m: Some(0.12),
                quality: Quality::GOOD,
            },
        ],
    };
    let set = SetDetail {
        set_index: 0,
        open: true,
        edited: false,
        result: result("knee_ext_seated", Side::Left, 2, 1),
        reps: vec![rep(6.0, Some(71.8), true), rep(11.6, Some(28.6), false), rep(22.4, None, true)],
        strides: Vec::new(),
    };
    SessionDetail {
        row: rows().remove(0),
        ended_utc_ms: None,
        source: "sim:1".into(),
        plan: SessionPlan {
            blocks: Vec::new(),
            worn: Vec::new(),
            pace: Pace::Guided,
            language: "en".into(),
            known: None,
        },
        engine_version: 1,
        catalogue_version: "1".into(),
        summary: Some(summary("en")),
        sets: vec![set, walk],
        edits: Vec::new(),
    }
}

pub(crate) fn nearby() -> Vec<NearbyLine> {
    vec![
        NearbyLine {
            name: "Talus 4F2A".into(),
            rssi_dbm: Some(-52),
            battery_percent: Some(84),
            side: Some(Side::Left),
            mass_g: Some(1500),
        },
        NearbyLine {
            name: "Talus 9C01".into(),
            rssi_dbm: Some(-71),
            battery_percent: Some(9),
            side: Some(Side::Right),
            mass_g: Some(1500),
        },
        NearbyLine { name: "足首カフ".into(), rssi_dbm: None, battery_percent: None, side: None, mass_g: None },
    ]
}

pub(crate) fn paired() -> Vec<PairedLine> {
    vec![
        PairedLine {
            name: "Talus 4F2A".into(),
            side: Side::Left,
            mass_g: 1500,
            battery_percent: Some(84),
            firmware: "1.2.0".into(),
            streaming: true,
        },
        PairedLine {
            name: "Talus 9C01".into(),
            side: Side::Right,
            mass_g: 0,
            battery_percent: None,
            firmware: String::new(),
            streaming: false,
        },
    ]
}

pub(crate) fn calibrate() -> CalibrateScene {
    CalibrateScene {
        side: Side::Right,
        instruction: "Straighten your knee three times.".into(),
        progress: 0.45,
        angle_deg: Some(48.0),
        range_deg: Some(72.0),
    }
}

/// A set in its middle: lifting, seven done, one cue.
pub(crate) fn session(language: &str) -> SessionScene {
    let frame = Frame {
        version: 7,
        at: at(83.4),
        stage: Stage::Set,
        exercise: "knee_ext_seated".into(),
        exercise_name: name(language)("knee_ext_seated"),
        side: Some(Side::Right),
        mass_g: 1500,
        set: (1, 2),
        count: 7,
        target: Some(12),
        angle_deg: Some(52.3),
        target_deg: Some(64.8),
        limit_deg: None,
        scale_deg: 90.0,
        last_ranges_deg: [Some(71.2), Some(68.9), None],
        phase: Phase::Lift,
        phase_s: 1.2,
        tempo_s: [2.0, 1.0, 3.0],
        cue: if german(language) { "Senke langsam, zähle bis drei." } else { "Lower for a slow count of three." }
            .into(),
        why: String::new(),
        left_s: None,
        cadence_per_min: None,
        strides: 0,
        part: None,
        cuffs: cuffs(),
        quality: Quality::GOOD,
    };
    let trace = (0..200)
        .map(|step| {
            let t = f64::from(step) * 0.05 - 9.95;
            (t, 36.0 * (1.0 - libm_free_wave(t / 5.6)))
        })
        .collect();
    SessionScene {
        frame,
        batteries: vec![Some(84), Some(9)],
        trace,
        up_next: if german(language) {
            "Beinheben in Seitenlage, linkes Bein"
        } else {
            "Side-lying leg raise, left leg"
        }
        .into(),
        safe_s: 83.0,
        trouble: None,
        walk: None,
        trial: None,
    }
}

/// A wave of period 1 between -1 and 1 without transcendental functions: a smoothed triangle.
fn libm_free_wave(turns: f64) -> f64 {
    let x = turns - turns.floor();
    let triangle = (4.0 * (x - 0.5).abs()) - 1.0;
    1.5 * triangle - 0.5 * triangle * triangle * triangle
}
