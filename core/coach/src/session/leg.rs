//! [`Leg`]: one worn cuff: its tracker, the way to it, and what was lost on that way.

use crate::plan::Worn;
use talus_motion::calibrate::Mounting;
use talus_motion::{
    BlockTime, LinkState, Live, Micros, Movement, Phase, Quality, Reason, SampleBlock, StreamConfig, Sway, Task,
    Tracker,
};

/// How far back losses are counted, seconds.
const LOSS_WINDOW_S: u8 = 60;

#[derive(Debug, Clone)]
pub(super) struct Leg {
    pub(super) worn: Worn,
    pub(super) link: LinkState,
    /// The cuff was there and is not any more.
    pub(super) away: bool,
    pub(super) still_since: Option<Micros>,
    pub(super) phase: Phase,
    tracker: Option<Tracker>,
    rate_hz: f64,
    stream: u8,
    next_index: Option<u64>,
    loss: Loss,
    sits: Sits,
    /// The cuff was seen to sit otherwise, and was not seen to sit right since.
    pub(super) slipped: bool,
    /// How it was seen to sit otherwise: tilted, as standing shows, and gone round the leg, as walking does.
    pub(super) tilted: bool,
    pub(super) twisted: bool,
}

/// What is known of how a cuff sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sits {
    Unknown,
    Learning,
    Known,
}

impl Leg {
    pub(super) fn new(worn: Worn) -> Self {
        Self {
            worn,
            link: LinkState::Searching,
            away: false,
            still_since: None,
            phase: Phase::Rest,
            tracker: None,
            rate_hz: 0.0,
            stream: 0,
            next_index: None,
            loss: Loss::default(),
            sits: Sits::Unknown,
            slipped: false,
            tilted: false,
            twisted: false,
        }
    }

    pub(super) fn streaming(&self) -> bool {
        self.link == LinkState::Streaming
    }

    /// The way changed.
    pub(super) fn linked(&mut self, state: LinkState) {
        self.away = match state {
            LinkState::Streaming => false,
            _ => self.away || self.link == LinkState::Streaming,
        };
        self.link = state;
    }

    /// A stream begins: its samples are numbered anew, so it gets a tracker of its own.
    pub(super) fn streams(&mut self, config: &StreamConfig) {
        self.tracker = Tracker::new(config).ok();
        self.rate_hz = config.rate_hz;
        self.stream = config.stream;
        self.next_index = None;
        self.still_since = None;
        self.phase = Phase::Rest;
        self.sits_unknown();
    }

    fn sits_unknown(&mut self) {
        self.sits = Sits::Unknown;
        (self.slipped, self.tilted, self.twisted) = (false, false, false);
    }

    /// Somebody stands or walks from now on: how the cuff sits is learned, where it is not known.
    pub(super) fn learn_how_it_sits(&mut self) {
        if let (Sits::Unknown, Some(tracker)) = (self.sits, &mut self.tracker) {
            tracker.align();
            self.sits = Sits::Learning;
        }
    }

    /// From now on it is told when the cuff sits otherwise, if by now it is known how it does.
    pub(super) fn keep_how_it_sits(&mut self) {
        let (Sits::Learning, Some(tracker)) = (self.sits, &mut self.tracker) else { return };
        if let Some(mounting) = tracker.mounting().filter(Mounting::ok) {
            tracker.watch(mounting);
            self.sits = Sits::Known;
        }
    }

    /// The cuff was handled: nobody knows how it sits.
    pub(super) fn handled(&mut self) {
        if let (Sits::Known | Sits::Learning, Some(tracker)) = (self.sits, &mut self.tracker) {
            // Whatever is learned from now on is kept by nobody.
            tracker.align();
        }
        self.sits_unknown();
    }

    /// The person stands: the next two seconds at rest say whether the cuff sits as it did.
    pub(super) fn recheck(&mut self) {
        if let (Sits::Known, Some(tracker)) = (self.sits, &mut self.tracker) {
            tracker.recheck();
        }
    }

    /// How this person usually sways in the stance that comes, where that is known.
    pub(super) fn usually_sways(&mut self, sway: Option<Sway>) {
        if let Some(tracker) = &mut self.tracker {
            tracker.usually_sways(sway);
        }
    }

    /// How fast the leg turns, degrees per second, root mean square of two seconds.
    pub(super) fn turning_dps(&self) -> f64 {
        self.tracker.as_ref().map_or(0.0, Tracker::turning_dps)
    }

    pub(super) fn begin(&mut self, at: Micros, task: Task, own_range_deg: Option<f64>) {
        self.phase = Phase::Rest;
        if let Some(tracker) = &mut self.tracker {
            tracker.begin(at, task, own_range_deg);
        }
    }

    /// Ends the task; whether a second counter disagreed with the count.
    pub(super) fn end(&mut self, at: Micros, found: &mut Vec<Movement>) -> bool {
        self.phase = Phase::Rest;
        let Some(tracker) = &mut self.tracker else { return false };
        let disagreed = tracker.live().quality.has(Reason::Disagree);
        tracker.end(at, found);
        let counted_more = found.iter().any(|m| matches!(m, Movement::RepEnded(_)));
        disagreed && !counted_more || found.iter().any(|m| matches!(m, Movement::CountDoubted { .. }))
    }

    /// Whether a block is of the stream that is followed.
    pub(super) fn hears(&self, block: &SampleBlock) -> bool {
        self.tracker.is_some() && self.stream == block.stream
    }

    /// Where a block lies if nobody says so: its last sample is as old as its arrival. Good enough to count, not to
    /// time a step.
    pub(super) fn placed(&self, block: &SampleBlock) -> BlockTime {
        let period_us = if self.rate_hz > 0.0 { 1e6 / self.rate_hz } else { 1e4 };
        let behind = block.counts.len().saturating_sub(1) as f64 * period_us;
        BlockTime { first_us: block.arrival_us as f64 - behind, period_us, fit_ok: false }
    }

    /// Notes what arrived and what is missing in front of it.
    pub(super) fn arrived(&mut self, block: &SampleBlock, time: &BlockTime) {
        let got = block.counts.len() as u64;
        let missing = self.next_index.map_or(0, |next| block.first_index.saturating_sub(next));
        let next = block.first_index.saturating_add(got);
        self.next_index = Some(self.next_index.map_or(next, |known| known.max(next)));
        self.loss.add((time.first_us * 1e-6) as i64, got, missing);
    }

    pub(super) fn push(&mut self, block: &SampleBlock, time: BlockTime, found: &mut Vec<Movement>) {
        let Some(tracker) = &mut self.tracker else { return };
        let before = found.len();
        tracker.push(block, time, found);
        for movement in &found[before..] {
            match movement {
                Movement::PhaseChanged { phase, .. } => self.phase = *phase,
                Movement::Stilled { since } => self.still_since = Some(*since),
                Movement::Moved { .. } => self.still_since = None,
                _ => {}
            }
        }
    }

    pub(super) fn live(&self) -> Option<Live> {
        self.tracker.as_ref().map(Tracker::live)
    }

    /// The angle from the start pose now, degrees.
    pub(super) fn angle_deg(&self) -> Option<f64> {
        self.tracker.as_ref()?.angle_deg()
    }

    /// What speaks against this leg's numbers just now.
    pub(super) fn quality(&self) -> Quality {
        match &self.tracker {
            Some(tracker) => tracker.quality(),
            // A stream was announced that cannot be followed.
            None if self.rate_hz != 0.0 => Quality::because(Reason::Rate),
            None => Quality::GOOD,
        }
    }

    /// Share of samples lost in the last minute, 0 to 1.
    pub(super) fn loss(&self, now: Micros) -> f64 {
        self.loss.share(now.0.div_euclid(1_000_000))
    }
}

/// Samples got and lost, second by second.
#[derive(Debug, Clone)]
struct Loss {
    seconds: [(i64, u64, u64); LOSS_WINDOW_S as usize],
}

impl Default for Loss {
    fn default() -> Self {
        Self { seconds: [(i64::MIN, 0, 0); LOSS_WINDOW_S as usize] }
    }
}

impl Loss {
    fn add(&mut self, second: i64, got: u64, missing: u64) {
        let slot = &mut self.seconds[second.rem_euclid(i64::from(LOSS_WINDOW_S)) as usize];
        if slot.0 != second {
            *slot = (second, 0, 0);
        }
        slot.1 = slot.1.saturating_add(got);
        slot.2 = slot.2.saturating_add(missing);
    }

    fn share(&self, now_s: i64) -> f64 {
        let since = now_s.saturating_sub(i64::from(LOSS_WINDOW_S));
        let recent = self.seconds.iter().filter(|slot| slot.0 > since);
        let (got, missing) = recent.fold((0.0, 0.0), |(g, m), slot| (g + slot.1 as f64, m + slot.2 as f64));
        if got + missing > 0.0 { missing / (got + missing) } else { 0.0 }
    }
}
