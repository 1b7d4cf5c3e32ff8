//! [`Moment`]: what can be told, with its sound and words.

use crate::text::{Arg, Texts, for_side};
use talus_motion::{Detector, Rep, Side};

/// A set shorter than this is not announced "three to go".
const THREE_TO_GO_FROM: u32 = 6;

/// A sound, and under the same name a pattern to feel and a screen change; as the tokens of the design draw them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sound {
    /// One more.
    RepCounted,
    /// Seen, did not reach the line.
    RepNotCounted,
    /// In the zone: hold.
    TargetReached,
    /// A second of a hold.
    HoldTick,
    /// Lower now.
    LowerNow,
    /// Three, two, one, go.
    GetReady,
    /// Three to go.
    LastThree,
    /// The set is complete.
    SetDone,
    /// The other leg.
    SwitchSide,
    /// The rest is nearly over.
    RestOverSoon,
    /// Paused.
    Paused,
    /// Going again.
    Resumed,
    /// A spoken tip follows.
    Cue,
    /// Not measured for now.
    SignalPoor,
    /// The cuff is lost.
    CuffLost,
    /// The cuff is back.
    CuffBack,
    /// Noted.
    PainSaved,
    /// Stop now.
    Stop,
    /// All done.
    SessionDone,
}

impl Sound {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::RepCounted,
        Self::RepNotCounted,
        Self::TargetReached,
        Self::HoldTick,
        Self::LowerNow,
        Self::GetReady,
        Self::LastThree,
        Self::SetDone,
        Self::SwitchSide,
        Self::RestOverSoon,
        Self::Paused,
        Self::Resumed,
        Self::Cue,
        Self::SignalPoor,
        Self::CuffLost,
        Self::CuffBack,
        Self::PainSaved,
        Self::Stop,
        Self::SessionDone,
    ];

    /// The name of the sound and of the pattern to feel.
    pub fn slug(self) -> &'static str {
        match self {
            Self::RepCounted => "rep_counted",
            Self::RepNotCounted => "rep_not_counted",
            Self::TargetReached => "target_reached",
            Self::HoldTick => "hold_tick",
            Self::LowerNow => "lower_now",
            Self::GetReady => "get_ready",
            Self::LastThree => "last_three",
            Self::SetDone => "set_done",
            Self::SwitchSide => "switch_side",
            Self::RestOverSoon => "rest_over_soon",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Cue => "cue",
            Self::SignalPoor => "signal_poor",
            Self::CuffLost => "cuff_lost",
            Self::CuffBack => "cuff_back",
            Self::PainSaved => "pain_saved",
            Self::Stop => "stop",
            Self::SessionDone => "session_done",
        }
    }

    /// Its rank, 1 to 6: a higher one cuts a lower one's sound.
    pub fn rank(self) -> u8 {
        match self {
            Self::TargetReached | Self::HoldTick | Self::LowerNow => 1,
            Self::RepCounted | Self::RepNotCounted | Self::Cue => 2,
            Self::GetReady | Self::LastThree | Self::RestOverSoon | Self::SignalPoor => 3,
            Self::SetDone
            | Self::SwitchSide
            | Self::Paused
            | Self::Resumed
            | Self::CuffBack
            | Self::PainSaved
            | Self::SessionDone => 4,
            Self::CuffLost => 5,
            Self::Stop => 6,
        }
    }
}

/// Something to do differently, the most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tip {
    /// Lower slowly.
    LowerSlowly,
    /// A little further.
    Further,
    /// Longer to lift.
    LiftSlower,
    /// A moment at the top.
    HoldAMoment,
    /// All the way back.
    ComeBack,
}

impl Tip {
    /// What a repetition calls for: how it comes down matters more than how far it goes up.
    pub fn of(rep: &Rep) -> Option<Self> {
        const ORDER: [(Detector, Tip); 6] = [
            (Detector::Drop, Tip::LowerSlowly),
            (Detector::FastLower, Tip::LowerSlowly),
            (Detector::ShortRom, Tip::Further),
            (Detector::FastLift, Tip::LiftSlower),
            (Detector::NoHold, Tip::HoldAMoment),
            (Detector::NoReturn, Tip::ComeBack),
        ];
        // A repetition that did not count fell short whatever else is known of it.
        let seen = |detector| rep.detectors.contains(&detector) || (detector == Detector::ShortRom && !rep.full);
        ORDER.into_iter().find(|(detector, _)| seen(*detector)).map(|(_, tip)| tip)
    }

    /// Whether the same one once too often ends the set: the movement is too hard just now. Somebody may stay short of
    /// the line on purpose; a range that shrinks has a rule of its own.
    pub(super) fn is_about_form(self) -> bool {
        self != Self::Further
    }
}

/// What can be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Moment<'a> {
    /// A repetition counted: its number, and how many are asked for.
    Counted(u32, Option<u32>),
    /// A repetition that did not reach the line.
    Short,
    /// In the zone: hold.
    InZone,
    /// Lower now.
    Lower,
    /// Whether side and weight are as shown.
    Confirm(Side, u32),
    /// The cuff of a leg is not there yet.
    Looking(Side),
    /// An exercise is shown: its name, where to be, what to keep to.
    Instruct([&'a str; 3]),
    /// Three, two, one.
    GetReady {
        /// Which leg.
        side: Side,
        /// Name of the exercise.
        exercise: &'a str,
        /// Weight on that leg, grams.
        mass_g: u32,
        /// Repetitions asked for.
        reps: Option<u32>,
    },
    /// A set begins: what to do.
    Go(&'a str),
    /// Something to do differently.
    Tip(Tip),
    /// The set is complete.
    SetDone(u32),
    /// Lifting has become slow: the set is over, and that is good.
    SpeedStop,
    /// The range has become short: the set is over.
    RangeStop,
    /// The same tip once too often.
    FormStop,
    /// The line of a plan was passed too often: the set is over.
    LimitStop,
    /// Over the line a plan draws.
    TooFar,
    /// Ten seconds of rest left.
    RestSoon,
    /// The other leg.
    Switch(Side),
    /// Paused.
    Paused,
    /// Going again, with the count so far.
    Resumed(u32),
    /// How far a paused set was, of how many.
    At(u32, Option<u32>),
    /// The set goes on without its cuff.
    ByHand,
    /// Another weight for the next set, grams.
    Weight(u32),
    /// No heavier weight for the next set: why.
    NoMore(&'a str),
    /// Another exercise takes the place of the one that comes: its name.
    Swapped(&'a str),
    /// The load was found: which, and why.
    Found(&'a str),
    /// What a try of a test came to, with its unit.
    Tried(&'a str),
    /// The other leg moves: which.
    WrongSide(Side),
    /// The movement is that of another exercise: the name of the one that was asked for, and where to be.
    WrongExercise([&'a str; 2]),
    /// The cuff has moved on the leg.
    CuffMoved,
    /// The cuff sits again as it did.
    CuffSits,
    /// Not measured for now.
    NotMeasured,
    /// The cuff is lost.
    CuffLost,
    /// The cuff is back, with the count so far.
    CuffBack(u32),
    /// Some pain: noted, the next set is lighter.
    PainNoted,
    /// Some pain without a weight to take off: the next set is smaller.
    PainSmaller,
    /// Pain stops this exercise.
    PainStop,
    /// Pain stops the session.
    PainStopAll,
    /// A red flag.
    RedFlag,
    /// The session is over.
    SessionDone,
    /// Walking: begin without a weight.
    WalkBare,
    /// Walking: put the weight on.
    PutOn(u32),
    /// Walking: take the weight off, this part is over.
    TakeOff,
    /// Walking: the stride has changed.
    Ease,
    /// Walking: the stride has changed too much, or a stumble.
    CuffsOff,
    /// A foot seems to have caught, walking without a weight.
    Stumbled,
    /// Running or jumping with a weight.
    NotRunning,
    /// Faster than this weight is for.
    SlowDown,
    /// The cuffs were worn long enough.
    WornLong,
    /// Look at the skin below the cuff.
    LookAtSkin,
    /// Balance: the foot came down.
    TouchDown,
    /// Balance: steady for so many seconds.
    Held(u32),
    /// Balance: so many steps done, as the person says.
    Stepped(u32),
    /// Balance: held, with more sway than is usual for this person.
    Wobbled,
    /// Balance was nearly lost: hold on for the rest.
    HoldOn,
}

impl Moment<'_> {
    /// The key of its words below `cue`.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Counted(..) => match self.left() {
                Some(3) => "three_to_go",
                Some(1) => "last_one",
                _ => "count",
            },
            Self::Short => "short",
            Self::InZone => "in_zone",
            Self::Lower => "lower",
            Self::Confirm(..) => "confirm",
            Self::Looking(_) => "looking",
            Self::Instruct(_) => "instruct",
            Self::GetReady { reps: Some(_), .. } => "get_ready",
            Self::GetReady { reps: None, .. } => "get_ready_open",
            Self::Go(_) => "go",
            Self::Tip(tip) => match tip {
                Tip::LowerSlowly => "lower_slowly",
                Tip::Further => "further",
                Tip::LiftSlower => "lift_slower",
                Tip::HoldAMoment => "hold_a_moment",
                Tip::ComeBack => "come_back",
            },
            Self::SetDone(_) => "set_done",
            Self::SpeedStop => "speed_stop",
            Self::RangeStop => "range_stop",
            Self::FormStop => "form_stop",
            Self::LimitStop => "limit_stop",
            Self::TooFar => "too_far",
            Self::RestSoon => "rest_soon",
            Self::Switch(_) => "switch",
            Self::Paused => "paused",
            Self::Resumed(_) => "resumed",
            Self::At(_, Some(_)) => "at_count_of",
            Self::At(_, None) => "at_count",
            Self::ByHand => "by_hand",
            Self::Weight(_) => "weight",
            Self::NoMore(_) => "no_more_weight",
            Self::Swapped(_) => "swapped",
            Self::Found(_) => "load_found",
            Self::Tried(_) => "tried",
            Self::WrongSide(_) => "wrong_side",
            Self::WrongExercise(_) => "wrong_exercise",
            Self::CuffMoved => "cuff_moved",
            Self::CuffSits => "cuff_sits",
            Self::NotMeasured => "not_measured",
            Self::CuffLost => "cuff_lost",
            Self::CuffBack(_) => "cuff_back",
            Self::PainNoted => "pain_noted",
            Self::PainSmaller => "pain_smaller",
            Self::PainStop => "pain_stop",
            Self::PainStopAll => "pain_stop_all",
            Self::RedFlag => "red_flag",
            Self::SessionDone => "session_done",
            Self::WalkBare => "walk_bare",
            Self::PutOn(_) => "put_on",
            Self::TakeOff => "take_off",
            Self::Ease => "ease",
            Self::CuffsOff => "cuffs_off",
            Self::Stumbled => "stumbled",
            Self::NotRunning => "not_running",
            Self::SlowDown => "slow_down",
            Self::WornLong => "worn_long",
            Self::LookAtSkin => "look_at_skin",
            Self::TouchDown => "touch_down",
            Self::Held(_) => "held",
            Self::Stepped(_) => "stepped",
            Self::Wobbled => "wobbled",
            Self::HoldOn => "hold_on",
        }
    }

    /// Its sound and pattern.
    pub fn sound(&self) -> Sound {
        match self {
            Self::Counted(..) => match self.left() {
                Some(3 | 1) => Sound::LastThree,
                _ => Sound::RepCounted,
            },
            Self::Short | Self::TouchDown => Sound::RepNotCounted,
            Self::InZone => Sound::TargetReached,
            Self::Lower => Sound::LowerNow,
            Self::GetReady { .. } => Sound::GetReady,
            Self::Tip(_)
            | Self::Ease
            | Self::SlowDown
            | Self::LookAtSkin
            | Self::HoldOn
            | Self::Confirm(..)
            | Self::Instruct(_)
            | Self::Go(_)
            | Self::TooFar
            | Self::WrongSide(_)
            | Self::WrongExercise(_)
            | Self::CuffSits
            | Self::ByHand
            | Self::Weight(_)
            | Self::NoMore(_)
            | Self::Swapped(_)
            | Self::Found(_) => Sound::Cue,
            Self::SetDone(_)
            | Self::Tried(_)
            | Self::SpeedStop
            | Self::RangeStop
            | Self::FormStop
            | Self::LimitStop
            | Self::Wobbled
            | Self::Stepped(_)
            | Self::Held(_) => Sound::SetDone,
            Self::RestSoon => Sound::RestOverSoon,
            Self::Switch(_) | Self::PutOn(_) | Self::TakeOff => Sound::SwitchSide,
            Self::Paused | Self::At(..) | Self::CuffMoved | Self::Stumbled => Sound::Paused,
            Self::Resumed(_) | Self::WalkBare => Sound::Resumed,
            Self::NotMeasured | Self::Looking(_) => Sound::SignalPoor,
            Self::CuffLost => Sound::CuffLost,
            Self::CuffBack(_) => Sound::CuffBack,
            Self::PainNoted | Self::PainSmaller => Sound::PainSaved,
            Self::PainStop | Self::PainStopAll | Self::RedFlag | Self::CuffsOff | Self::NotRunning | Self::WornLong => {
                Sound::Stop
            }
            Self::SessionDone => Sound::SessionDone,
        }
    }

    /// Whether it is a number of a count, spoken only to whoever asks for numbers.
    pub(super) fn is_count(&self) -> bool {
        self.key() == "count" || matches!(self, Self::Short | Self::InZone | Self::Lower)
    }

    /// Whether it ends the set.
    pub(super) fn ends_set(&self) -> bool {
        matches!(
            self,
            Self::SpeedStop
                | Self::RangeStop
                | Self::FormStop
                | Self::LimitStop
                | Self::PainStop
                | Self::PainStopAll
                | Self::RedFlag
                | Self::CuffsOff
                | Self::NotRunning
        )
    }

    /// The words to speak; `None` where a sound says it all.
    pub fn voice(&self, texts: &Texts) -> Option<String> {
        match self {
            // A shell's voice reads a bare number in its own language.
            Self::Counted(count, _) if self.key() == "count" => Some(count.to_string()),
            Self::Short => None,
            Self::Go(words) | Self::Found(words) | Self::NoMore(words) => Some((*words).to_owned()),
            _ => Some(self.words("voice", texts)),
        }
    }

    /// The words to show; empty where the picture says it.
    pub fn short(&self, texts: &Texts) -> String {
        match self {
            Self::Counted(..) if self.key() == "count" => String::new(),
            Self::Go(words) | Self::Found(words) => (*words).to_owned(),
            _ => self.words("short", texts),
        }
    }

    /// Repetitions left, where that is told: three of a set that is not short, and the last one.
    fn left(&self) -> Option<u32> {
        match self {
            Self::Counted(count, Some(target)) => target
                .checked_sub(*count)
                .filter(|left| *left == 3 && *target >= THREE_TO_GO_FROM || *left == 1 && *target > 1),
            _ => None,
        }
    }

    /// Whether its words in full stand to be read until the person goes on, rather than a short form for a while.
    pub(super) fn stands(&self) -> bool {
        matches!(
            self,
            Self::Confirm(..)
                | Self::Looking(_)
                | Self::Instruct(_)
                | Self::At(..)
                | Self::CuffMoved
                | Self::CuffSits
                | Self::Stumbled
        )
    }

    fn words(&self, part: &str, texts: &Texts) -> String {
        let key = format!("cue.{}.{part}", self.key());
        match self {
            Self::GetReady { side, exercise, mass_g, reps } => {
                let mut args = vec![("exercise", Arg::Text(exercise)), ("mass", Arg::Mass(*mass_g))];
                args.extend(reps.map(|reps| ("count", Arg::Count(reps))));
                texts.say(&for_side(&key, *side), &args)
            }
            Self::Confirm(side, mass_g) => texts.say(&for_side(&key, *side), &[("mass", Arg::Mass(*mass_g))]),
            Self::Looking(side) => texts.say(&for_side(&key, *side), &[]),
            Self::Switch(side) | Self::WrongSide(side) => texts.say_for(&key, *side, &[]),
            Self::WrongExercise([exercise, place]) => {
                texts.say(&key, &[("exercise", Arg::Text(exercise)), ("place", Arg::Text(place))])
            }
            Self::Instruct([exercise, place, keep]) => {
                let args = [("exercise", Arg::Text(exercise)), ("place", Arg::Text(place)), ("keep", Arg::Text(keep))];
                texts.say(&key, &args)
            }
            Self::Tried(value) => texts.say(&key, &[("value", Arg::Text(value))]),
            Self::Swapped(exercise) => texts.say(&key, &[("exercise", Arg::Text(exercise))]),
            Self::PutOn(mass_g) | Self::Weight(mass_g) => texts.say(&key, &[("mass", Arg::Mass(*mass_g))]),
            Self::At(count, target) => {
                let mut args = vec![("count", Arg::Count(*count))];
                args.extend(target.map(|target| ("target", Arg::Count(target))));
                texts.say(&key, &args)
            }
            Self::SetDone(count)
            | Self::Resumed(count)
            | Self::CuffBack(count)
            | Self::Held(count)
            | Self::Stepped(count) => texts.say(&key, &[("count", Arg::Count(*count))]),
            _ => texts.say(&key, &[]),
        }
    }
}
