use super::*;
use crate::catalogue::Catalogue;
use std::sync::LazyLock;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());

fn rules() -> &'static Rules {
    CATALOGUE.rules()
}

/// A value every third day.
fn points(values: &[f64]) -> Vec<Point> {
    (0..).zip(values).map(|(n, value)| Point { day: 3 * n, value: *value }).collect()
}

fn after(what: What<'static>, values: &[f64]) -> Finding<'static> {
    after_session(what, Some(Side::Left), &points(values), rules())
}

fn over(what: What<'static>, values: &[f64]) -> Finding<'static> {
    over_time(what, Some(Side::Right), &points(values), rules())
}

#[test]
fn a_session_is_compared_with_the_few_before_it_beyond_sensor_and_scatter() {
    // Five degrees are the sensor's.
    assert_eq!(after(What::Range, &[70.0, 71.0, 70.0, 76.5]).change, Change::Up);
    assert_eq!(after(What::Range, &[70.0, 71.0, 70.0, 74.0]).change, Change::None);
    assert_eq!(after(What::Range, &[70.0, 71.0, 70.0, 64.0]).change, Change::Down);
    // Somebody who scatters by ten degrees from one time to the next needs more.
    assert_eq!(after(What::Range, &[60.0, 72.0, 60.0, 72.0, 60.0, 78.0]).change, Change::None);
    assert_eq!(after(What::Range, &[70.0, 71.0, 90.0]).change, Change::TooFew);
    assert_eq!(after(What::Range, &[]).change, Change::TooFew);
    assert_eq!(after(What::Range, &[70.0, f64::NAN, 71.0, 90.0]).change, Change::TooFew);
    // A weight is what it is.
    assert_eq!(after(What::Load, &[1000.0, 1250.0, 1000.0, 1250.0]).change, Change::Up);
    assert_eq!(after(What::Load, &[1000.0, 1000.0, 1000.0, 1000.0]).change, Change::None);
}

#[test]
fn time_is_compared_end_to_end_and_noise_is_no_progress() {
    let rising: Vec<f64> = (0..12).map(|n| 14.0 + 0.3 * f64::from(n)).collect();
    let found = over(What::Torque, &rising);
    assert_eq!((found.change, found.weeks), (Change::Up, 3));
    assert!((found.by - 2.7).abs() < 1e-9, "{found:?}");
    assert_eq!(found.say(&Texts::of("en")), "Torque, right: up 2.7\u{202f}N·m in 3 weeks. More than the error.");
    assert_eq!(over(What::Torque, &rising[..5]).change, Change::TooFew);
    // Six sessions within a week and a half are too near.
    let near: Vec<Point> = (0..6).map(|n| Point { day: n, value: 10.0 + 5.0 * n as f64 }).collect();
    assert_eq!(over_time(What::Torque, None, &near, rules()).change, Change::TooFew);
    // Even noise of the size of the floor is told as progress in fewer than one in fifty series.
    let mut seed = 1u64;
    let mut unit = || {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 11) as f64 / (1u64 << 53) as f64
    };
    let told = (0..1000).filter(|_| {
        let noise: Vec<f64> = (0..12).map(|_| 70.0 + 4.0 * (0..4).map(|_| unit() - 0.5).sum::<f64>()).collect();
        matches!(over(What::Range, &noise).change, Change::Up | Change::Down)
    });
    let told = told.count();
    assert!(told < 20, "{told} of 1000");
}

#[test]
fn everything_a_review_can_find_has_words_in_both_languages() {
    let whats = [
        What::Load,
        What::Torque,
        What::Range,
        What::Lowering,
        What::Repetitions,
        What::SidesApart,
        What::Cadence,
        What::Speed,
        What::GaitScatter,
        What::GaitSymmetry,
        What::Test(CATALOGUE.protocol("tug").unwrap()),
    ];
    for language in crate::text::LANGUAGES {
        let texts = Texts::of(language);
        for what in whats {
            for side in [None, Some(Side::Left), Some(Side::Right)] {
                for change in [Change::Up, Change::Down, Change::None, Change::TooFew] {
                    for weeks in [0, 1, 9] {
                        let said = Finding { what, side, change, by: -3.4, least: 1.0, weeks }.say(&texts);
                        assert!(!said.contains(['{', '_']) && said.ends_with('.'), "{language}: {said}");
                    }
                }
            }
        }
    }
    let en = Texts::of("en");
    let say = |finding: Finding<'_>| finding.say(&en);
    assert_eq!(say(after(What::Range, &[70.0, 71.0, 70.0, 73.0])), "Range, left: no clear change yet.");
    assert_eq!(
        say(after(What::Load, &[1000.0, 1000.0, 1000.0, 1250.0])),
        "Load, left: up 0.25\u{202f}kg against the last ones. More than the error."
    );
    let both = after_session(What::Cadence, None, &points(&[100.0, 101.0, 100.0, 92.0]), rules());
    assert_eq!(
        both.say(&Texts::of("de")),
        "Schritttempo: 8 Schritte je Minute weniger als zuletzt. Mehr als der Fehler."
    );
}
