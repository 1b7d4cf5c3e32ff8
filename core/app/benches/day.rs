//! What a session of two cuffs at 200 samples a second takes of a processor, from the bytes of their notifications to thirty
//! pictures a second and a recording that is synced each second: the legs and the radio are simulated and counted off.
//!
//! `cargo bench -p talus-app --bench day` follows one by the clock for a minute (`-- clock 3600`: an hour) and tells its share
//! of a core; `-- fast 3600` lets an hour go by as fast as it can, for whoever samples where its time goes
//! (`tests/speed/flame.py`).

// A bench is no library: it prints what it measured, and waits between two pictures as a shell does.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

#[path = "../tests/day/mod.rs"]
mod day;

use day::{BEAT_US, Day, Legs, room};
use std::time::Duration;
use talus_app::clock;
use talus_app::motion::Micros;
use talus_cuff::transport::{Ask, Heard, Transport};
use talus_sim::SimTransport;

/// Processor time of this process, or of this thread alone, seconds; no number where a system does not tell.
#[cfg(unix)]
fn spent(thread: bool) -> f64 {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(if thread { ClockId::ThreadCPUTime } else { ClockId::ProcessCPUTime });
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

#[cfg(not(unix))]
fn spent(_: bool) -> f64 {
    f64::NAN
}

/// A radio whose own processor time is counted.
struct Counted {
    radio: SimTransport,
    spent_s: f64,
}

impl Counted {
    fn counting<R>(&mut self, what: impl FnOnce(&mut SimTransport) -> R) -> R {
        let before = spent(true);
        let result = what(&mut self.radio);
        self.spent_s += spent(true) - before;
        result
    }
}

impl Transport for Counted {
    fn ask(&mut self, now: Micros, ask: Ask) {
        self.counting(|radio| radio.ask(now, ask));
    }

    fn hear(&mut self, now: Micros) -> Option<(Micros, Heard)> {
        self.counting(|radio| radio.hear(now))
    }

    fn due(&self) -> Option<Micros> {
        self.radio.due()
    }
}

impl Legs for Counted {
    fn another_set(&mut self, leg: usize) {
        self.radio.another_set(leg);
    }

    fn rests(&self, leg: usize) -> bool {
        self.radio.rests(leg)
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let fast = words.first().is_some_and(|word| word == "fast");
    let seconds = words.last().and_then(|word| word.parse().ok()).unwrap_or(60.0);
    let folder = tempfile::tempdir().unwrap();
    let mut day = Day::begin(folder.path(), Counted { radio: room(), spent_s: 0.0 });
    let (began, first) = (clock::now(), day.ways.now());
    let (before, of_radio) = (spent(false), day.ways.radio.spent_s);
    let mut beats = 0u32;
    while day.ways.now().since(first) as f64 * 1e-6 < seconds {
        day.beat();
        beats += 1;
        if fast && beats.is_multiple_of(30) {
            day.live.commit();
        }
        if !fast {
            let ahead_us = i64::from(beats) * BEAT_US - clock::now().since(began);
            std::thread::sleep(Duration::from_micros(ahead_us.max(0).unsigned_abs()));
        }
    }
    day.live.save().unwrap();
    let taken_s = spent(false) - before - (day.ways.radio.spent_s - of_radio);
    let samples: u64 = day.ways.iter().map(|way| way.counters().received).sum();
    let (counters, pictures) = (day.live.counters(), day.pictures);
    println!(
        "{{\"talus\":\"day/1\",\"seconds\":{seconds},\"wall_s\":{:.2},\"cpu_s\":{taken_s:.3},\"share_percent\":{:.3},\
         \"samples\":{samples},\"us_per_sample\":{:.3},\"pictures\":{pictures},\"syncs\":{},\"commits\":{},\"bytes\":{}}}",
        clock::now().since(began) as f64 * 1e-6,
        100.0 * taken_s / seconds,
        1e6 * taken_s / samples.max(1) as f64,
        counters.syncs,
        counters.commits,
        counters.bytes,
    );
    let _ = day.finish();
}
