//! Two-way time sync: questions with our time, answers with the cuff's, and what they say together.
//!
//! [`TwoWay`] is the most important item. A round is sixteen exchanges. Bluetooth is lopsided: a question waits for the
//! next connection event, up to a whole interval, and the answer always goes with the event after. So half of the
//! round trip is not the offset. But the moments at which questions arrive lie on the raster of connection events, and
//! the cuff stamps them: the interval is the largest step that fits all stamps. The answer left one interval after its
//! question, which gives the offset but for the phone's own delay, and the least of sixteen of those is a fraction of a
//! millisecond. Where no raster shows, half of the quickest round trip is taken, if that is quick enough to bound it.
//!
//! The first rounds come soon after one another, because nothing is known yet about how fast the cuff's clock runs: of one
//! 100 ppm off, 10 s are a millisecond. Later ones come every half minute.

use crate::driver::cmp::SyncReply;
use crate::transport::{INTERVAL_UNIT_US, INTERVAL_UNITS};
use arrayvec::ArrayVec;
use talus_motion::Micros;

/// Exchanges of a round.
const EXCHANGES: usize = 16;
/// Answers a round must have.
const ANSWERS_MIN: usize = 8;
/// From each question of a round to the next, microseconds: longer than two of the slowest intervals, and uneven, so that
/// no interval but the true one has a raster on which all of them lie.
const APART_US: [i64; EXCHANGES] = [
    211_300, 293_900, 247_700, 331_100, 226_300, 307_900, 263_500, 281_700, 219_450, 319_750, 238_850, 299_250,
    257_650, 326_050, 233_150, 274_350,
];
/// From the start of the stream to the first round: the first samples must be there.
const FIRST_US: i64 = 600_000;
/// Pauses between rounds, microseconds; the last one repeats.
const PAUSES_US: [i64; 6] = [3_500_000, 3_500_000, 8_000_000, 11_000_000, 16_000_000, 25_000_000];
/// Rounds without a single answer after which no more are tried.
const UNANSWERED_MAX: u8 = 2;
/// How far a stamp may be off the raster, microseconds.
const OFF_RASTER_US: f64 = 500.0;
/// How much longer than the quickest round trip an interval may seem: what a cuff takes for its answer.
const SLACK_US: f64 = 700.0;
/// Without a raster: half a round trip longer than this bounds nothing. Two legs must stay within 3 ms of each other.
const HALF_MAX_US: f64 = 1500.0;

/// One moment by both clocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    /// The cuff's clock, microseconds.
    pub(super) device_us: u64,
    /// Session time at that moment.
    pub(super) at: Micros,
}

/// A question and its answer, all in microseconds: asked and heard by our clock, taken and given by the cuff's.
#[derive(Debug, Clone, Copy)]
struct Exchange {
    asked: i64,
    taken: u64,
    given: u64,
    heard: i64,
}

/// Asks in rounds and judges the answers.
#[derive(Debug, Default)]
pub(super) struct TwoWay {
    /// When the next question is due; `None` while nothing streams or nobody answers.
    next: Option<Micros>,
    round: usize,
    asked: usize,
    seq: u16,
    /// The question that is not answered yet.
    open: Option<(u16, i64)>,
    exchanges: ArrayVec<Exchange, EXCHANGES>,
    unanswered: u8,
}

impl TwoWay {
    /// The stream runs (again).
    pub(super) fn start(&mut self, at: Micros) {
        *self = Self { next: Some(at.plus(FIRST_US)), seq: self.seq, ..Self::default() };
    }

    /// Nothing streams.
    pub(super) fn stop(&mut self) {
        self.next = None;
    }

    /// When something is to be done.
    pub(super) fn due(&self) -> Option<Micros> {
        self.next
    }

    /// The next question's number, if one is due; closes a round that is over instead, and gives what it found.
    pub(super) fn step(&mut self, at: Micros) -> Result<u16, Option<Moment>> {
        if self.next.is_none_or(|next| at < next) {
            return Err(None);
        }
        if self.asked == EXCHANGES {
            let found = judge(&self.exchanges);
            self.unanswered = if self.exchanges.is_empty() { self.unanswered + 1 } else { 0 };
            let pause_us = PAUSES_US[self.round.min(PAUSES_US.len() - 1)];
            self.next = (self.unanswered < UNANSWERED_MAX).then(|| at.plus(pause_us));
            (self.round, self.asked, self.open) = (self.round + 1, 0, None);
            self.exchanges.clear();
            return Err(found);
        }
        self.next = Some(at.plus(APART_US[self.asked]));
        self.asked += 1;
        self.seq = self.seq.wrapping_add(1);
        self.open = Some((self.seq, at.0));
        Ok(self.seq)
    }

    /// An answer came; one to another question than the last is dropped.
    pub(super) fn answer(&mut self, at: Micros, reply: &SyncReply) {
        let Some((_, asked)) = self.open.take_if(|(seq, _)| *seq == reply.request.seq) else { return };
        // A cuff that gives an answer before it took the question has no clock worth a thought.
        if reply.t3_us < reply.t2_us || at.0 < asked || self.exchanges.is_full() {
            return;
        }
        self.exchanges.push(Exchange { asked, taken: reply.t2_us, given: reply.t3_us, heard: at.0 });
    }
}

/// What the answers of a round say; `None` where they bound nothing.
fn judge(exchanges: &[Exchange]) -> Option<Moment> {
    let last = exchanges.last().filter(|_| exchanges.len() >= ANSWERS_MIN)?;
    // Everything from the last question on, so that numbers stay small: cuff less session time is what is wanted.
    let device = |us: u64| us.wrapping_sub(last.taken).cast_signed() as f64;
    let ours = |us: i64| us.saturating_sub(last.asked) as f64;
    let least = |of: &dyn Fn(&Exchange) -> f64| exchanges.iter().map(of).fold(f64::INFINITY, f64::min);
    // No question arrives before it is asked, no answer is heard before it is given.
    let most = least(&|one| device(one.taken) - ours(one.asked));
    let fewest = -least(&|one| ours(one.heard) - device(one.given));
    let quickest = least(&|one| ours(one.heard) - ours(one.asked) - (device(one.given) - device(one.taken)));
    let on_raster = |interval: f64| {
        exchanges.iter().all(|one| {
            let steps = device(one.taken) / interval;
            ((steps - steps.round()) * interval).abs() <= OFF_RASTER_US
        })
    };
    let by_raster = |interval: f64| -least(&|one| ours(one.heard) - device(one.taken) - interval);
    // Questions wait for one interval at most, but for those that had to be sent again. A cuff that answers in the same
    // event has a raster too, and questions that waited longer than its fractions.
    let waits_fit = |interval: f64, ahead: f64| {
        let waited = |one: &&Exchange| device(one.taken) - ours(one.asked) - ahead > interval + OFF_RASTER_US;
        exchanges.iter().filter(waited).count() * 3 <= exchanges.len()
    };
    // A step of two intervals fits too where all questions happen to meet even ones; but no answer was that quick.
    let ahead = INTERVAL_UNITS
        .rev()
        .map(|units| f64::from(units * INTERVAL_UNIT_US))
        .filter(|interval| *interval <= quickest + SLACK_US && on_raster(*interval))
        .map(|interval| (interval, by_raster(interval)))
        .filter(|(_, ahead)| (fewest - OFF_RASTER_US..=most + OFF_RASTER_US).contains(ahead))
        .find(|(interval, ahead)| waits_fit(*interval, *ahead))
        .map(|(_, ahead)| ahead)
        .or_else(|| (most - fewest <= 2.0 * HALF_MAX_US && most >= fewest).then(|| f64::midpoint(most, fewest)))?;
    Some(Moment { device_us: last.taken, at: Micros(last.asked.saturating_add((-ahead).round() as i64)) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::cmp::SyncRequest;

    /// Small deterministic noise, 0 to 1 (SplitMix64).
    fn noise(state: &mut u64) -> f64 {
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One round over a link of this interval: the error of what it found, µs.
    fn round(interval_us: f64, again: f64, same_event: bool, jitter_us: f64, seed: u64) -> Option<f64> {
        const AHEAD_US: f64 = 5e9;
        let mut state = seed;
        let raster = noise(&mut state) * interval_us;
        let mut two_way = TwoWay::default();
        two_way.start(Micros(0));
        let mut found = None;
        while let Some(due) = two_way.due().filter(|due| due.0 < 5_000_000) {
            match two_way.step(due) {
                Err(moment) => found = found.or(moment),
                Ok(seq) => {
                    let next = |from_us: f64, state: &mut u64| {
                        let mut event = ((from_us - raster) / interval_us).floor() + 1.0;
                        while noise(state) < again {
                            event += 1.0;
                        }
                        raster + event * interval_us
                    };
                    let taken = next(due.0 as f64, &mut state);
                    let given = taken + 500.0;
                    let sent = if same_event { given + 300.0 } else { next(given, &mut state) };
                    let heard = sent + 300.0 + noise(&mut state) * 3700.0;
                    let stamp = |us: f64, state: &mut u64| (AHEAD_US + us + noise(state) * jitter_us) as u64;
                    let (t2_us, t3_us) = (stamp(taken, &mut state), stamp(given + jitter_us, &mut state));
                    let request = SyncRequest { seq, t1_us: due.0 as u64 };
                    two_way.answer(Micros(heard as i64), &SyncReply { request, t2_us, t3_us });
                }
            }
        }
        found.map(|moment| moment.at.0 as f64 - (moment.device_us as f64 - AHEAD_US))
    }

    #[test]
    fn the_raster_of_connection_events_gives_the_offset_within_three_milliseconds() {
        for interval_us in [7_500.0, 15_000.0, 30_000.0, 45_000.0, 60_000.0] {
            let (mut sum, mut rounds) = (0.0, 0);
            for seed in 0..200 {
                let Some(error) = round(interval_us, 0.05, false, 100.0, seed) else { continue };
                assert!((-600.0..3_000.0).contains(&error), "{interval_us} {seed}: {error}");
                (sum, rounds) = (sum + error, rounds + 1);
            }
            let mean = sum / f64::from(rounds);
            assert!(rounds > 195 && (0.0..900.0).contains(&mean), "{interval_us}: {mean} in {rounds}");
        }
    }

    #[test]
    fn a_cuff_that_answers_in_the_same_event_is_not_set_off_by_an_interval() {
        let errors: Vec<f64> = (0..200).filter_map(|seed| round(30_000.0, 0.05, true, 100.0, seed)).collect();
        // One round in two hundred meets a fraction of the interval by chance; the others are right or say nothing.
        let off = errors.iter().filter(|error| error.abs() > 2_600.0).count();
        assert!(errors.len() > 100 && off <= 2, "{off} of {}: {errors:?}", errors.len());
    }

    #[test]
    fn stamps_that_are_not_of_the_radio_bound_nothing_worse_than_they_are() {
        for seed in 0..200 {
            // Stamps of a task that runs now and then: up to 20 ms late.
            if let Some(error) = round(30_000.0, 0.05, false, 20_000.0, seed) {
                assert!(error.abs() < 25_000.0, "{seed}: {error}");
            }
        }
    }

    #[test]
    fn nobody_who_does_not_answer_is_asked_for_ever() {
        let mut two_way = TwoWay::default();
        two_way.start(Micros(0));
        let mut questions = 0;
        while let Some(due) = two_way.due() {
            questions += usize::from(two_way.step(due).is_ok());
        }
        assert_eq!(questions, EXCHANGES * usize::from(UNANSWERED_MAX));
        // Answers to nothing, late ones, and ones that run back are dropped.
        two_way.start(Micros(0));
        let seq = two_way.step(Micros(FIRST_US)).unwrap();
        let reply = |seq, t2_us, t3_us| SyncReply { request: SyncRequest { seq, t1_us: 0 }, t2_us, t3_us };
        two_way.answer(Micros(FIRST_US + 9), &reply(seq.wrapping_add(1), 1, 2));
        two_way.answer(Micros(FIRST_US + 9), &reply(seq, 2, 1));
        two_way.answer(Micros(FIRST_US + 9), &reply(seq, 1, 2));
        assert_eq!(two_way.exchanges.len(), 0);
    }
}
