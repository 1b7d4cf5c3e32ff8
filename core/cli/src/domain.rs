//! The core's words that this shell shows, named in one place.

pub(crate) use talus_app::coach::{
    Answer, CuffLine, Event, Frame, Measure, ReviewReason, SessionSummary, SetEnd, SetResult, Stage, Tap,
};
pub(crate) use talus_app::history::{BestOf, CalendarWeek, Course, Sides, downsample};
pub(crate) use talus_app::motion::{CuffId, LinkState, Micros, Phase, Quality, Reason, Rep, Side};
pub(crate) use talus_app::scene::{CalibrateScene, NearbyLine, PairedLine, Scene, SessionScene};
pub(crate) use talus_app::store::{
    Kind, RawState, SessionDetail, SessionId, SessionRow, SetDetail, Totals, Trace, TrendPoint,
};
