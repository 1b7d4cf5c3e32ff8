//! [`Playback`]: recorded files as cuffs. Each file is worn by a virtual cuff of its own that is found, connected,
//! streamed and closed like any other; when it is over the next one comes.

use crate::analyse::exercise_of_name;
use crate::error::AppError;
use crate::files::{self, FileNote, ImuFile, InputMap};
use crate::household::Talus;
use crate::live::Live;
use crate::source::{Source, whole};
use crate::ways::Ways;
use std::path::{Path, PathBuf};
use talus_coach::{Input, Pace, Prescription, SessionPlan, Tap, Worn};
use talus_cuff::clock::Clock;
use talus_cuff::link::Notice;
use talus_motion::{BlockTime, CuffId, LinkState, Micros, SampleBlock, Side};
use talus_sim::{Recorded, SimTransport, VirtualCuff};

/// After the last sample, what is still in the air has this long to arrive, µs (a stream that shows no life for two
/// seconds is started again).
const SETTLE_US: i64 = 600_000;
/// A file that does not stream by then never will, µs.
const CONNECT_US: i64 = 60_000_000;

/// What to replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayWish {
    /// Files of samples, in order.
    pub files: Vec<PathBuf>,
    /// Exercise ids: one for all, one for each file, or none where the files' names tell.
    pub exercises: Vec<String>,
    /// The leg; `None`: what the files' names say, else the right one.
    pub side: Option<Side>,
    /// A file that says what the columns are.
    pub input_map: Option<PathBuf>,
}

/// One file and what it is followed as.
struct Reel {
    path: PathBuf,
    imu: ImuFile,
    exercise: String,
    side: Side,
    cuff: CuffId,
}

impl Reel {
    fn duration_us(&self) -> i64 {
        (self.imu.length_s() * 1e6) as i64
    }
}

/// What was played of a file in one go: where each block's samples lay in session time, and which ticks they were.
#[derive(Debug, Default)]
struct Stretch {
    /// Session time of the first sample, microseconds; the period; the tick of the first sample; how many.
    blocks: Vec<(BlockTime, u64, u64)>,
    /// Tick at which the stream began, and the index it began with once a block was seen.
    origin: (u64, Option<u64>),
}

impl Stretch {
    /// A stream begins; the first one at tick `from`, a later one where the one before ended.
    fn streams(&mut self, from: u64) {
        self.origin = (self.end(from), None);
    }

    fn samples(&mut self, block: &SampleBlock, time: BlockTime) {
        let (tick, index) = self.origin;
        let first = *self.origin.1.insert(index.unwrap_or(block.first_index));
        self.blocks.push((time, tick + block.first_index.saturating_sub(first), block.counts.len() as u64));
    }

    /// The tick after the last one played; `from` where nothing was.
    fn end(&self, from: u64) -> u64 {
        self.blocks.last().map_or(from, |(_, tick, count)| tick + count)
    }

    /// The first tick after session time `seen_to`; `from` where that lies before this stretch.
    fn after(&self, seen_to: Micros, from: u64) -> u64 {
        let before = |(time, tick, count): &(BlockTime, u64, u64)| {
            let samples = (seen_to.0 as f64 - time.first_us) / time.period_us;
            (samples > 0.0).then(|| tick + (samples as u64).min(*count))
        };
        self.blocks.iter().rev().find_map(before).unwrap_or(from)
    }
}

/// Where the playing is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    /// The next file is to be put on a cuff.
    Next,
    /// Its cuff is to be found.
    Looking { since: Micros },
    /// It is connected to, since then.
    Connecting { since: Micros },
    /// It plays. `over`: since when it has nothing more.
    Playing { since: Micros, over: Option<Micros> },
    /// Its link is being closed.
    Closing,
    /// Everything was played.
    Done,
}

/// Recorded files, played one after the other.
pub(super) struct Playback {
    reels: Vec<Reel>,
    map: Option<PathBuf>,
    index: usize,
    /// Ticks of the file at `index` that were played in an earlier run.
    played: u64,
    state: State,
}

impl Playback {
    /// Reads everything before anything begins: a bad file must not leave half a session behind.
    pub(super) fn read(talus: &Talus, wish: &ReplayWish) -> Result<Self, AppError> {
        // Two files can be one recording; with a map every file is what the map says.
        let paths = if wish.input_map.is_some() { wish.files.clone() } else { files::recordings(&wish.files) };
        let unmatched = || AppError::Unmatched { files: paths.len(), exercises: wish.exercises.len() };
        if !matches!(wish.exercises.len(), 0 | 1) && wish.exercises.len() != paths.len() {
            return Err(unmatched());
        }
        for exercise in &wish.exercises {
            talus.catalogue().exercise(exercise)?;
        }
        let map = wish.input_map.as_deref().map(InputMap::read).transpose()?;
        let mut reels = Vec::new();
        for (i, path) in paths.iter().enumerate() {
            let imu = files::read(path, map.as_ref())?;
            let named = || exercise_of_name(&imu.name).map(str::to_owned);
            let given = wish.exercises.get(i).or(wish.exercises.first()).cloned();
            let exercise = given.or_else(named).ok_or_else(|| AppError::Unnamed {
                file: path.clone(),
                known: talus.catalogue().exercises().map(|exercise| exercise.id.clone()).collect(),
            })?;
            let exercise = talus.catalogue().exercise(&exercise)?.id.clone();
            let side = wish.side.or(imu.side).unwrap_or(Side::Right);
            reels.push(Reel { path: whole(path), imu, exercise, side, cuff: CuffId([0; 16]) });
        }
        if reels.is_empty() {
            return Err(unmatched());
        }
        // Every file can be read: only now is anything written.
        for reel in &mut reels {
            let word = if reel.side == Side::Left { "left" } else { "right" };
            reel.cuff = talus.adopt("file", word, "Recorded file", None)?;
        }
        let map = wish.input_map.as_deref().map(whole);
        Ok(Self { reels, map, index: 0, played: 0, state: State::Next })
    }

    /// The files of a session that is taken up again, followed as its plan says.
    pub(super) fn again(
        talus: &Talus,
        files: &[PathBuf],
        map: Option<&Path>,
        plan: &SessionPlan,
    ) -> Result<Self, AppError> {
        let mut playback = Self::read(
            talus,
            &ReplayWish {
                files: files.to_vec(),
                exercises: plan.blocks.iter().map(|block| block.exercise.clone()).collect(),
                side: None,
                input_map: map.map(Path::to_owned),
            },
        )?;
        for (reel, block) in playback.reels.iter_mut().zip(&plan.blocks) {
            reel.side = block.side;
            if let Some(worn) = plan.worn.iter().find(|worn| worn.side == block.side) {
                reel.cuff = worn.cuff;
            }
        }
        Ok(playback)
    }

    /// Passes over what the inputs of the session hold already, up to the last repetition that was recorded: the one
    /// that was under way when the session was left is then seen whole. `seen_to` has when that repetition was known for
    /// each time the session was taken up (see [`crate::live::Resumed`]); without it the playing goes on where the
    /// inputs end.
    pub(super) fn skip_played(&mut self, inputs: &[Input], seen_to: &[Option<Micros>]) {
        let mut clock = Clock::new();
        let mut seen_to = seen_to.iter();
        // Where nothing was recorded yet, everything is played again.
        let mut go_on = |stretch: &Stretch, from| match seen_to.next() {
            Some(Some(seen_to)) => stretch.after(*seen_to, from),
            Some(None) => from,
            None => stretch.end(from),
        };
        // What was played of the current file since it was put on, or since the session was last taken up.
        let (mut from, mut stretch) = (0, Stretch::default());
        for input in inputs {
            match input {
                Input::Link { state: LinkState::Closed, .. } => {
                    self.index = (self.index + 1).min(self.reels.len());
                    (from, stretch) = (0, Stretch::default());
                }
                Input::Resumed { .. } => {
                    from = go_on(&stretch, from);
                    stretch = Stretch::default();
                }
                Input::Stream(config) => {
                    clock.stream(config);
                    stretch.streams(from);
                }
                // The same clock as the session's: it must see every block to give the same times.
                Input::Samples(block) if block.counts.is_empty() => clock.moment(block),
                Input::Samples(block) => stretch.samples(block, clock.place(block)),
                _ => {}
            }
        }
        self.played = go_on(&stretch, from);
    }

    /// The plan: each file is one exercise of one leg, as long as it lasts.
    pub(super) fn plan(&self, talus: &Talus) -> Result<SessionPlan, AppError> {
        let mut worn: Vec<Worn> = Vec::new();
        for reel in &self.reels {
            if !worn.iter().any(|one| one.side == reel.side) {
                worn.push(Worn { cuff: reel.cuff, side: reel.side, mass_g: 0 });
            }
        }
        let mut blocks = Vec::new();
        for reel in &self.reels {
            let known = talus.catalogue().exercise(&reel.exercise)?;
            blocks.push(Prescription {
                exercise: known.id.clone(),
                side: reel.side,
                mass_g: 0,
                sets: 1,
                reps: None,
                rest_s: 0,
                own_range_deg: None,
                why: String::new(),
            });
        }
        Ok(SessionPlan { blocks, worn, pace: Pace::Followed, language: talus.language().to_owned(), known: None })
    }

    /// What a person may want to know about the files: each file's name and a fragment.
    pub(super) fn file_notes(&self) -> Vec<(String, FileNote)> {
        let of =
            |reel: &Reel| reel.imu.notes.iter().map(|note| (reel.imu.name.clone(), note.clone())).collect::<Vec<_>>();
        self.reels.iter().flat_map(of).collect()
    }

    pub(super) fn source(&self) -> Source {
        Source::Files { files: self.reels.iter().map(|reel| reel.path.clone()).collect(), map: self.map.clone() }
    }

    /// Share of everything that was played, 0 to 1.
    pub(super) fn progress(&self, now: Micros) -> f64 {
        let total: i64 = self.reels.iter().map(Reel::duration_us).sum();
        let done: i64 = self.reels.iter().take(self.index).map(Reel::duration_us).sum();
        let current = match (self.state, self.reels.get(self.index)) {
            (State::Playing { since, .. }, Some(reel)) => {
                let before = (self.played as f64 / reel.imu.rate_hz * 1e6) as i64;
                (before + now.since(since)).clamp(0, reel.duration_us())
            }
            (State::Closing, Some(reel)) => reel.duration_us(),
            _ => 0,
        };
        if total > 0 { (done + current) as f64 / total as f64 } else { 1.0 }
    }

    /// Goes on playing.
    pub(super) fn play(
        &mut self,
        live: &mut Live,
        ways: &mut Ways<SimTransport>,
        told: &mut Vec<(CuffId, Notice)>,
    ) -> Result<(), AppError> {
        let now = ways.now();
        let mut tell = |cuff, notice| told.push((cuff, notice));
        match self.state {
            State::Next => {
                let Some(reel) = self.reels.get(self.index) else {
                    self.state = State::Done;
                    return Ok(());
                };
                let refused = |why: &dyn std::fmt::Display| AppError::Pairing {
                    name: reel.imu.name.clone(),
                    why: why.to_string(),
                };
                let recorded = Recorded::new(reel.imu.in_order().copied().collect(), reel.imu.rate_hz)
                    .map_err(|error| refused(&error))?;
                let Some(recorded) = recorded.starting_at_tick(std::mem::take(&mut self.played)) else {
                    // Played to its end before the session was left.
                    tell(reel.cuff, Notice::State { at: now, state: LinkState::Closed });
                    self.index += 1;
                    return Ok(());
                };
                let mut room = SimTransport::new(self.index as u64);
                room.add(VirtualCuff::playing(recorded, Some(reel.side), self.index as u64).with_mass_g(None));
                *ways = Ways::new(room, now);
                ways.scan();
                self.state = State::Looking { since: now };
            }
            State::Looking { since } => {
                let Some(reel) = self.reels.get(self.index) else { return Ok(()) };
                if let Some(near) = ways.nearby().first() {
                    ways.open(reel.cuff, &near.sighting, &mut tell);
                    ways.stop_scan();
                    self.state = State::Connecting { since };
                } else if now.since(since) > CONNECT_US {
                    return Err(AppError::Pairing { name: reel.imu.name.clone(), why: "it is not seen".to_owned() });
                }
            }
            State::Connecting { since } => {
                let Some(reel) = self.reels.get(self.index) else { return Ok(()) };
                if ways.iter().any(|way| way.state() == LinkState::Streaming) {
                    self.state = State::Playing { since: now, over: None };
                } else if now.since(since) > CONNECT_US {
                    return Err(AppError::Pairing {
                        name: reel.imu.name.clone(),
                        why: "it does not stream".to_owned(),
                    });
                }
            }
            State::Playing { since, over } => {
                let streaming = ways.iter().any(|way| way.state() == LinkState::Streaming);
                let over = if streaming && ways.radio.idle(0) { over.or(Some(now)) } else { None };
                self.state = State::Playing { since, over };
                if over.is_some_and(|over| now.since(over) >= SETTLE_US) {
                    ways.close(&mut tell);
                    self.state = State::Closing;
                }
            }
            State::Closing => {
                if ways.iter().all(|way| way.state() == LinkState::Closed) {
                    self.index += 1;
                    self.state = State::Next;
                }
            }
            State::Done => {
                if !live.over() {
                    live.press(Tap::Stop);
                }
            }
        }
        Ok(())
    }
}
