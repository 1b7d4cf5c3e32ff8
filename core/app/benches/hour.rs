//! One hour of two cuffs at 100 Hz, from the bytes of their notifications to a finished session: link, driver, clock,
//! motion, coach, chunk encoding, rows, and one final commit. The legs and cuffs are simulated beforehand and played
//! from memory, so that nothing of the simulation is measured.
//!
//! `cargo bench -p talus-app --bench hour`. The bar is 5 s for the hour; disk syncs are counted and few, because the
//! writer groups what comes faster than life by wall-clock second.

// A bench is no library: it prints what it measured.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use talus_app::live::Live;
use talus_app::ways::Ways;
use talus_app::{Opening, Talus};
use talus_coach::{Pace, Prescription, SessionPlan, Tap, Worn};
use talus_cuff::transport::replay::ReplayTransport;
use talus_cuff::transport::{Ask, Heard, Transport};
use talus_motion::{CuffId, Micros, Side, Tempo};
use talus_sim::{Act, Leg, RepShape, SimTransport, VirtualCuff};

const HOUR_US: i64 = 3_600_000_000;

/// Writes down what a radio hears.
struct Taped {
    radio: SimTransport,
    heard: Vec<(Micros, Heard)>,
}

impl Transport for Taped {
    fn ask(&mut self, now: Micros, ask: Ask) {
        self.radio.ask(now, ask);
    }

    fn hear(&mut self, now: Micros) -> Option<(Micros, Heard)> {
        let heard = self.radio.hear(now);
        self.heard.extend(heard.clone());
        heard
    }

    fn due(&self) -> Option<Micros> {
        self.radio.due()
    }
}

/// What an hour of two legs sounds like on the radio.
fn hour() -> Vec<(Micros, Heard)> {
    let mut radio = SimTransport::new(1);
    let tempo = Tempo { lift_s: 2.0, hold_s: 1.0, lower_s: 3.0, rest_s: 1.0 };
    for side in [Side::Left, Side::Right] {
        let mut leg = Leg::new(side, 1);
        let shape = RepShape::SeatedKneeExtension;
        leg.act(10.0, Act::Reps { shape, n: 510, range_deg: 70.0, tempo, variability: 0.08 });
        radio.add(VirtualCuff::worn_by(leg, 1));
    }
    let mut ways = Ways::new(Taped { radio, heard: Vec::new() }, Micros(0));
    follow(&mut ways, Micros(HOUR_US), |_, _| {});
    ways.radio.heard
}

const CUFFS: [CuffId; 2] = [CuffId([1; 16]), CuffId([2; 16])];

/// Finds both cuffs and streams until `to`.
fn follow<T: Transport>(ways: &mut Ways<T>, to: Micros, mut told: impl FnMut(CuffId, talus_cuff::link::Notice)) {
    ways.scan();
    ways.advance(Micros(3_000_000), &mut told);
    let near = ways.nearby();
    assert_eq!(near.len(), 2, "both cuffs are near");
    for one in &near {
        let index = usize::from(one.sighting.side == Some(Side::Right));
        ways.open(CUFFS[index], &one.sighting, &mut told);
    }
    ways.stop_scan();
    ways.advance(to, &mut told);
}

fn plan() -> SessionPlan {
    let block = |side| Prescription {
        exercise: "knee_ext_seated".to_owned(),
        side,
        mass_g: 1500,
        sets: 1,
        reps: None,
        rest_s: 0,
        own_range_deg: Some(70.0),
        why: String::new(),
    };
    SessionPlan {
        blocks: vec![block(Side::Left), block(Side::Right)],
        worn: vec![
            Worn { cuff: CUFFS[0], side: Side::Left, mass_g: 1500 },
            Worn { cuff: CUFFS[1], side: Side::Right, mass_g: 1500 },
        ],
        pace: Pace::Guided,
        language: "en".to_owned(),
        known: None,
    }
}

fn whole(c: &mut Criterion) {
    let heard = hour();
    let notified = heard.iter().filter(|(_, heard)| matches!(heard, Heard::Notified(..))).count();
    let folder = tempfile::tempdir().unwrap();
    let opening =
        Opening { database: folder.path().join("talus.db"), language: "en".to_owned(), zone: Some("UTC".to_owned()) };
    let talus = Talus::open(opening).unwrap();
    let mut last = None;
    let mut group = c.benchmark_group("an hour of two cuffs");
    group.sample_size(10);
    group.bench_function("from bytes to a finished session", |b| {
        b.iter_batched(
            || heard.clone(),
            |heard| {
                let mut ways = Ways::new(ReplayTransport::new(heard), Micros(0));
                let mut live = Live::start(&talus, talus_store::Kind::Demo, plan(), "bench", Micros(0)).unwrap();
                let mut confirmed = false;
                follow(&mut ways, Micros(HOUR_US), |cuff, notice| {
                    live.notice(cuff, notice);
                    if !confirmed && live.now() > Micros(8_000_000) {
                        confirmed = true;
                        live.press(Tap::Confirm);
                    }
                });
                live.pass(Micros(HOUR_US));
                let count = live.frame().count;
                let counters = live.counters();
                live.press(Tap::Stop);
                live.finish().unwrap();
                last = Some((count, counters));
                black_box(count)
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
    println!("{notified} notifications; repetitions in the set at its end and what was written: {last:?}");
}

criterion_group!(benches, whole);
criterion_main!(benches);
