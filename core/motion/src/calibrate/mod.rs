//! What a sensor's numbers have to be corrected by, and which way a cuff sits on a leg.
//!
//! [`ferraris`] is for a workbench: six poses and three turns give everything. [`Stills`] is for a person: the cuff is
//! laid down some nine ways, in any order, and gravity tells scale and bias of the accelerometer. [`Aligner`] finds
//! the leg's own directions from standing and from swinging or walking, and [`SlipWatch`] tells when they have changed.

mod ferraris;
mod mounting;
mod poses;
mod slip;
mod solve;

pub use ferraris::{Ferraris, Section, Sections, ferraris};
pub use mounting::{Aligner, Mounting, QUALITY_LEAST};
pub use poses::{AccFit, POSES_LEAST, Pose, Stills, fit};
pub use slip::{Change, RECHECK_S, SLIP_DEG, SlipWatch};

/// Why a calibration gives nothing. The text reads after "failed to ".
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CalibrateError {
    /// A section is empty or reaches beyond the recording: mark it anew.
    #[error("use the section {0}: it is empty or reaches beyond the recording")]
    Section(&'static str),
    /// The six poses are not the two ends of three different axes, or a turn is none: record them anew.
    #[error("calibrate from {0}: they do not span three directions")]
    Flat(&'static str),
    /// Too few different poses: lay the sensor down more ways.
    #[error("fit the accelerometer from {found} poses ({POSES_LEAST} are needed)")]
    FewPoses {
        /// Different poses there were.
        found: usize,
    },
    /// The poses lie too much alike to tell all nine numbers apart: lay the sensor down on sides it has not lain on.
    #[error("fit the accelerometer: the poses do not span all directions")]
    Unspanned,
}
