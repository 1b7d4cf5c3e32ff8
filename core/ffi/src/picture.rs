//! The picture of now: pulled, newest wins, plain values only.

use crate::words::{LinkState, Phase, Reason, Side, Stage, WalkPart, cuff_text, narrow, reasons};
use talus_app::scene::{CalibrateScene, NearbyLine, PairedLine, Scene, SessionScene, TrialScene, WalkScene};

/// The picture a shell draws now.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Frame {
    /// Grows with every change; the same number means the same picture.
    pub version: u64,
    /// Time since the run began (a resumed session: since the session began), microseconds.
    pub now_us: i64,
    /// Whether the session has come to its end: finish it.
    pub over: bool,
    /// Share of the files that was played, 0 to 1; absent where no files are.
    pub progress: Option<f32>,
    /// What to draw.
    pub picture: Picture,
}

/// What to draw, from looking for cuffs to the summary.
// One picture exists at a time, and it is the large one nearly always: a box would be made thirty times a second.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum Picture {
    /// Looking for cuffs.
    Looking {
        /// Cuffs seen within the last ten seconds, strongest first.
        cuffs: Vec<NearbyCuff>,
    },
    /// Connecting and reading what cuffs say about themselves.
    Pairing {
        /// Cuffs chosen so far, in the order of pairing.
        cuffs: Vec<PairedCuff>,
    },
    /// Teaching a cuff where it sits.
    Calibrating {
        /// What is learned.
        teaching: Teaching,
    },
    /// A session.
    Training {
        /// Its picture.
        view: SessionView,
    },
}

/// One cuff nearby.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct NearbyCuff {
    /// Name as advertised, made safe to show.
    pub name: String,
    /// Signal strength, dBm.
    pub rssi_dbm: Option<i16>,
    /// Battery, per cent.
    pub battery_percent: Option<u8>,
    /// The leg the cuff says it is meant for.
    pub side: Option<Side>,
    /// Weight the cuff says it carries, grams.
    pub mass_g: Option<u32>,
}

impl From<NearbyLine> for NearbyCuff {
    fn from(line: NearbyLine) -> Self {
        let NearbyLine { name, rssi_dbm, battery_percent, side, mass_g } = line;
        Self { name, rssi_dbm, battery_percent, side: side.map(Side::from), mass_g }
    }
}

/// One cuff that is being or was paired.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct PairedCuff {
    /// Name.
    pub name: String,
    /// Leg.
    pub side: Side,
    /// Weight on that leg, grams.
    pub mass_g: u32,
    /// Battery, per cent.
    pub battery_percent: Option<u8>,
    /// Firmware.
    pub firmware: String,
    /// Whether samples arrive.
    pub streaming: bool,
}

impl From<PairedLine> for PairedCuff {
    fn from(line: PairedLine) -> Self {
        let PairedLine { name, side, mass_g, battery_percent, firmware, streaming } = line;
        Self { name, side: side.into(), mass_g, battery_percent, firmware, streaming }
    }
}

/// Teaching a cuff: hold still, then move three times.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Teaching {
    /// Which leg.
    pub side: Side,
    /// What to do, rendered.
    pub instruction: String,
    /// How far this step is, 0 to 1.
    pub progress: f32,
    /// Angle now, degrees.
    pub angle_deg: Option<f32>,
    /// Own range once known, degrees.
    pub range_deg: Option<f32>,
}

impl From<CalibrateScene> for Teaching {
    fn from(scene: CalibrateScene) -> Self {
        Self {
            side: scene.side.into(),
            instruction: scene.instruction,
            progress: scene.progress as f32,
            angle_deg: narrow(scene.angle_deg),
            range_deg: narrow(scene.range_deg),
        }
    }
}

/// One worn cuff in the picture.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct WornCuff {
    /// Id of the cuff.
    pub cuff: String,
    /// The leg it sits on.
    pub side: Side,
    /// The way to it.
    pub link: LinkState,
    /// Samples lost in the last minute, 0 to 1.
    pub loss: f32,
    /// Battery, per cent.
    pub battery_percent: Option<u8>,
}

/// The picture of a session.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct SessionView {
    /// Where the session is.
    pub stage: Stage,
    /// Exercise id; empty before the first block and in the summary.
    pub exercise: String,
    /// Name of the exercise in the session's language.
    pub exercise_name: String,
    /// Side of this set.
    pub side: Option<Side>,
    /// Weight on that leg, grams.
    pub mass_g: u32,
    /// This set, from 1.
    pub set_number: u8,
    /// Sets of this exercise and side.
    pub set_of: u8,
    /// Repetitions counted in this set.
    pub count: u32,
    /// Repetitions asked for; absent where the set is open-ended.
    pub target: Option<u32>,
    /// Angle from the start pose, degrees; absent where not measured.
    pub angle_deg: Option<f32>,
    /// Angle that counts as the target, degrees.
    pub target_deg: Option<f32>,
    /// Angle a plan from someone you trust does not let the leg go beyond, degrees; absent where no plan says one. Drawn as
    /// a hard edge.
    pub limit_deg: Option<f32>,
    /// Top of the arc's scale, degrees.
    pub scale_deg: f32,
    /// Ranges of the last three repetitions, newest first, degrees.
    pub last_ranges_deg: Vec<Option<f32>>,
    /// Phase of the repetition.
    pub phase: Phase,
    /// Seconds since the phase began.
    pub phase_s: f32,
    /// Seconds asked for in lift, hold, lower.
    pub tempo_s: Vec<f32>,
    /// The cue that stands now, rendered; empty when none.
    pub cue: String,
    /// Why this weight, rendered: shown when somebody asks. Empty where nobody is described (a demo has its own reason), and
    /// before the first exercise.
    pub why: String,
    /// Seconds left of rest or of getting ready.
    pub left_s: Option<f32>,
    /// Steps per minute while walking.
    pub cadence_per_min: Option<f32>,
    /// Strides while walking.
    pub strides: u32,
    /// Every worn cuff.
    pub cuffs: Vec<WornCuff>,
    /// What speaks against the picture; none means good.
    pub reasons: Vec<Reason>,
    /// Angles of the last ten seconds: pairs of seconds before now (negative) and degrees, each a little-endian 32-bit
    /// float. Bytes, because a list would cross the bridge one boxed number at a time.
    pub trace: Vec<u8>,
    /// What comes next, rendered; empty when this is the last.
    pub up_next: String,
    /// Session time that is safely on disk, seconds.
    pub safe_s: f32,
    /// What keeps the session from being written, if anything; it goes on in memory.
    pub trouble: Option<String>,
    /// Which part of a walk it is; absent where it is only counted.
    #[uniffi(default = None)]
    pub part: Option<WalkPart>,
    /// The walk that is led; absent outside one.
    #[uniffi(default = None)]
    pub walk: Option<WalkView>,
    /// The test that is on or comes next; absent outside one. `exercise` and `exercise_name` are its, `set_number` of
    /// `set_of` is which try.
    #[uniffi(default = None)]
    pub trial: Option<TrialView>,
}

/// A walk in the picture. Its part stands beside it, with the seconds left of that.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct WalkView {
    /// How often the weight is put on; 0 is a walk without.
    pub times: u32,
    /// Weight on each leg that is put on and off on the way, grams.
    pub planned_g: u32,
    /// Seconds with it so far.
    pub loaded_s: f32,
    /// Times the person was asked to ease off.
    pub eased: u32,
    /// What changed of the own walk while the weight was worn, rendered.
    pub signs: Vec<String>,
}

impl From<WalkScene> for WalkView {
    fn from(scene: WalkScene) -> Self {
        let WalkScene { times, planned_g, loaded_s, eased, signs } = scene;
        Self { times, planned_g, loaded_s: loaded_s as f32, eased, signs }
    }
}

/// A test in the picture. It is shown (`Instruct`: confirm when ready), got ready for, tried (`Set`) and rested from.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TrialView {
    /// The stance or way of walking that is tried, rendered; absent where a test has none.
    pub stance: Option<String>,
    /// Seconds of the try that is on; absent where none is, and of a test that counts.
    pub seconds: Option<u32>,
    /// What was seen in the try that is on, one by one; absent where none is, and of a test that takes the time.
    pub counted: Option<u32>,
    /// Whether a hand stays on the counter.
    pub hand_on_counter: bool,
}

impl From<TrialScene> for TrialView {
    fn from(scene: TrialScene) -> Self {
        let TrialScene { stance, seconds, counted, hand_on_counter } = scene;
        Self { stance, seconds, counted, hand_on_counter }
    }
}

impl From<SessionScene> for SessionView {
    fn from(scene: SessionScene) -> Self {
        let SessionScene { frame, batteries, trace, up_next, safe_s, trouble, trial, walk } = scene;
        let batteries = batteries.into_iter().chain(std::iter::repeat(None));
        let worn = frame.cuffs.into_iter().zip(batteries).map(|(line, battery_percent)| WornCuff {
            cuff: cuff_text(line.cuff),
            side: line.side.into(),
            link: line.link.into(),
            loss: line.loss as f32,
            battery_percent,
        });
        let mut points = Vec::with_capacity(trace.len() * 8);
        for (at_s, deg) in trace {
            points.extend_from_slice(&(at_s as f32).to_le_bytes());
            points.extend_from_slice(&(deg as f32).to_le_bytes());
        }
        Self {
            stage: frame.stage.into(),
            exercise: frame.exercise,
            exercise_name: frame.exercise_name,
            side: frame.side.map(Side::from),
            mass_g: frame.mass_g,
            set_number: frame.set.0,
            set_of: frame.set.1,
            count: frame.count,
            target: frame.target,
            angle_deg: narrow(frame.angle_deg),
            target_deg: narrow(frame.target_deg),
            limit_deg: narrow(frame.limit_deg),
            scale_deg: frame.scale_deg as f32,
            last_ranges_deg: frame.last_ranges_deg.into_iter().map(narrow).collect(),
            phase: frame.phase.into(),
            phase_s: frame.phase_s as f32,
            tempo_s: frame.tempo_s.map(|seconds| seconds as f32).to_vec(),
            cue: frame.cue,
            why: frame.why,
            left_s: narrow(frame.left_s),
            cadence_per_min: narrow(frame.cadence_per_min),
            strides: frame.strides,
            cuffs: worn.collect(),
            reasons: reasons(frame.quality),
            trace: points,
            up_next,
            safe_s: safe_s as f32,
            trouble,
            part: frame.part.map(WalkPart::from),
            walk: walk.map(WalkView::from),
            trial: trial.map(TrialView::from),
        }
    }
}

impl From<Scene> for Picture {
    fn from(scene: Scene) -> Self {
        match scene {
            Scene::Nearby(lines) => Self::Looking { cuffs: lines.into_iter().map(NearbyCuff::from).collect() },
            Scene::Pairing { cuffs } => Self::Pairing { cuffs: cuffs.into_iter().map(PairedCuff::from).collect() },
            Scene::Calibrate(scene) => Self::Calibrating { teaching: scene.into() },
            Scene::Session(scene) => Self::Training { view: (*scene).into() },
        }
    }
}
