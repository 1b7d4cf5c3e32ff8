//! The words every screen uses: legs, stages, phases, links. Each is the app's word under the same name.

use talus_app::{coach, motion};

/// An enum of the app without fields, under the same name on the other side of the bridge.
macro_rules! word {
    ($(#[$about:meta])* $name:ident from $of:path { $($(#[$each:meta])* $variant:ident,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
        pub enum $name {
            $($(#[$each])* $variant,)+
        }

        impl From<$of> for $name {
            fn from(word: $of) -> Self {
                use $of as Of;
                match word {
                    $(Of::$variant => Self::$variant,)+
                }
            }
        }

        impl From<$name> for $of {
            fn from(word: $name) -> Self {
                use $of as Of;
                match word {
                    $($name::$variant => Of::$variant,)+
                }
            }
        }
    };
}
pub(crate) use word;

word! {
    /// The leg a cuff sits on.
    Side from motion::Side {
        /// The left leg.
        Left,
        /// The right leg.
        Right,
    }
}

word! {
    /// Where in a repetition the leg is.
    Phase from motion::Phase {
        /// At the start pose.
        Rest,
        /// Lifting.
        Lift,
        /// Holding at the top.
        Hold,
        /// Lowering.
        Lower,
    }
}

/// Where a walk with a weight is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum WalkPart {
    /// Without a weight, at the beginning.
    Before,
    /// The weight is to be put on: confirm when it is on, or lighter to walk on without.
    PutOn,
    /// With the weight.
    Loaded {
        /// Which time, from 1.
        time: u32,
    },
    /// The weight is to be taken off: confirm when it is off.
    TakeOff,
    /// Without, between two times with.
    Easy,
    /// Without, at the end.
    After,
    /// Over.
    Over,
}

impl From<coach::walk::Part> for WalkPart {
    fn from(part: coach::walk::Part) -> Self {
        use coach::walk::Part as Of;
        match part {
            Of::Before => Self::Before,
            Of::PutOn => Self::PutOn,
            Of::Loaded(time) => Self::Loaded { time },
            Of::TakeOff => Self::TakeOff,
            Of::Easy => Self::Easy,
            Of::After => Self::After,
            Of::Over => Self::Over,
        }
    }
}

word! {
    /// Where a session is.
    Stage from coach::Stage {
        /// Checking cuff, side, weight, signal and place.
        Preflight,
        /// Showing an exercise that is new on this leg.
        Instruct,
        /// Three, two, one.
        GetReady,
        /// In a set.
        Set,
        /// Paused by the person or by the app.
        Paused,
        /// Looking back at a set.
        Review,
        /// Resting.
        Rest,
        /// Walking.
        Walk,
        /// The session is over: its summary stands.
        Summary,
    }
}

word! {
    /// What can be pressed in a session.
    Tap from coach::Tap {
        /// Pre-flight: side and weight are as shown. Review: go on. Rest: start the next set.
        Confirm,
        /// Pause.
        Pause,
        /// Go on after a pause.
        GoOn,
        /// End the set, keep what was done.
        EndSet,
        /// The count is one too low.
        CountUp,
        /// The count is one too high.
        CountDown,
        /// Rest half a minute longer.
        RestLonger,
        /// End the session, keep what was done.
        Stop,
        /// Leave out the exercise that is on or comes next.
        Skip,
        /// Take the last change back: a count, an exercise left out or swapped, a weight.
        Undo,
        /// Another exercise in place of the one that comes, where one was prescribed for that.
        Swap,
        /// One weight lighter for the sets of this exercise and leg that come.
        Lighter,
        /// One weight heavier, at most what was asked for.
        Heavier,
        /// Go on without the cuff: nothing is counted but by hand, until the set is over.
        TimerOnly,
    }
}

word! {
    /// What a person can be told about the way to a cuff.
    LinkState from motion::LinkState {
        /// Bluetooth is switched off.
        RadioOff,
        /// The app may not use Bluetooth.
        NotAllowed,
        /// Looking for the cuff.
        Searching,
        /// The cuff was seen, a connection is being made.
        Connecting,
        /// Connected; services and streams are being set up.
        Preparing,
        /// Samples arrive.
        Streaming,
        /// The link broke; it is being taken up again.
        Lost,
        /// Another phone holds the cuff.
        InUseElsewhere,
        /// The cuff or this phone forgot the pairing.
        BondLost,
        /// The cuff's firmware is too old for Talus.
        FirmwareTooOld,
        /// The link was closed on purpose.
        Closed,
        /// The cuff was looked for and does not show itself: it is asleep, away or empty. It is looked for further.
        NotFound,
        /// The cuff says that its battery is too low to stream.
        BatteryLow,
    }
}

word! {
    /// Why a measure is worth less than usual.
    Reason from motion::Reason {
        /// Samples were missing.
        Gap,
        /// The sample rate is too low or too irregular for this measure.
        Rate,
        /// The accelerometer was at its limit.
        AccSaturated,
        /// The gyroscope was at its limit.
        GyrSaturated,
        /// The clock fit is too loose for gait timing.
        ClockPoor,
        /// The cuff sends no time stamps.
        TimingEstimated,
        /// The cuff moved on the leg.
        Slip,
        /// The sensor repeats one value.
        Stuck,
        /// Gravity is missing or has the wrong size.
        NoGravity,
        /// Values that are not numbers came in.
        NotFinite,
        /// Two counters disagree: look at it again.
        Disagree,
        /// Too little was seen to say.
        TooShort,
    }
}

word! {
    /// How a set came to its end.
    SetEnd from coach::SetEnd {
        /// The target was reached.
        Target,
        /// The leg rested long enough (open-ended sets).
        Rested,
        /// The person ended it.
        Person,
        /// Pain ended it.
        Pain,
        /// The session was stopped.
        Stopped,
        /// The recording or stream ended.
        StreamEnded,
        /// A stop rule ended it: range or speed fell, the same thing went wrong again, or a limit was passed.
        Rule,
    }
}

word! {
    /// Why a count was corrected.
    ReviewReason from coach::ReviewReason {
        /// The person said so.
        Person,
        /// Two counters disagree.
        Disagree,
    }
}

/// The reasons against a measure, in the order of their number; none means good.
pub(crate) fn reasons(quality: motion::Quality) -> Vec<Reason> {
    quality.reasons().map(Reason::from).collect()
}

/// An id as text: thirty-two hexadecimal digits with hyphens.
pub(crate) fn cuff_text(cuff: motion::CuffId) -> String {
    // Ids of cuffs are written like those of sessions; only the latter have a text of their own.
    talus_app::store::SessionId(cuff.0).to_string()
}

/// What [`cuff_text`] wrote.
pub(crate) fn cuff_id(text: &str) -> Option<motion::CuffId> {
    text.parse::<talus_app::store::SessionId>().ok().map(|id| motion::CuffId(id.0))
}

/// Three numbers that belong together, in the precision of the bridge.
pub(crate) fn narrow(value: Option<f64>) -> Option<f32> {
    value.map(|value| value as f32)
}
