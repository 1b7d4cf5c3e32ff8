//! The bridge to Kotlin and Swift: maps the use cases of talus-app to plain records and objects, and decides nothing.
//!
//! [`Talus`] is the open app, [`Session`] a session under way with a thread of its own. Pictures are pulled
//! ([`Session::latest_frame`]), events are told to one [`Listener`]. What is exported is the same on every target and is
//! listed in `docs/ffi-surface.txt`.

mod android;
mod book;
mod course;
mod error;
mod event;
mod flow;
mod health;
mod history;
mod household;
mod keeping;
mod mending;
mod nearby;
mod ownership;
mod person;
mod picture;
mod plan;
mod programme;
mod pump;
mod session;
mod tested;
mod today;
mod wish;
mod words;

pub use book::{Book, Card, Exercise, Gone, Grade, NamedLift, Site, Words};
pub use course::{
    Best, BestOf, Course, CoursePoint, Day, Edit, Measure, MovedEdit, Rescored, Told, Totals, Trace, WalkPoint,
    Walking, Week,
};
pub use error::TalusError;
pub use event::{Event, Listener, ListenerError};
pub use health::{
    HealthConnectSegment, HealthConnectSession, HealthKitActivity, HealthKitEntry, HealthKitValue, HealthKitWorkout,
};
pub use history::{Kind, RawState, Rep, Replayed, SessionDetail, SessionRow, SetDetail, SetResult, Stride, Summary};
pub use household::{Beginning, Belongings, Cuff, MassUnit, Opening, Profile, Talus};
pub use keeping::{Budget, Deletion, Noted, Outgrown, OutgrownRecording, PainPoint, TestResult, WhyOutgrown};
pub use mending::{Aside, AsideState, Mended, Mending, SetAside, mend};
pub use nearby::{Around, ChosenCuff, CuffChange, Nearby, Training};
pub use ownership::{Contents, ExportWish, Exported, Imported, Work};
pub use person::{
    About, Action, Answered, Answers, AskedQuestion, AskedSign, CheckIn, CheckedIn, Condition, Goal, Level, Moment,
    Openness, Outcome, PersonChange, Prescribed, Question, Questionnaire, Reply, SafetySheet, Sex, Sign, Weights,
};
pub use picture::{Frame, NearbyCuff, PairedCuff, Picture, SessionView, Teaching, TrialView, WalkView, WornCuff};
pub use plan::{Plan, PlanChange, PlanLine};
pub use programme::{Programme, ProtocolKind, ProtocolLine, SharedProgramme};
pub use session::{Answer, Left, Observing, Session, Subscription};
pub use tested::{TestCourse, TestPoint, TestSheet};
pub use today::{DueTest, Lift, Reminder, Reminding, Today, TodaySheet, Weekday};
pub use wish::{Foretold, ForetoldBlock, ForetoldTest, ForetoldWalk, SessionWish};
pub use words::{LinkState, Phase, Reason, ReviewReason, SetEnd, Side, Stage, Tap, WalkPart};

uniffi::setup_scaffolding!();
