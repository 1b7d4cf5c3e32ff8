//! Small statistics without allocation: medians of short lists, principal axes, smoothness.

mod axis;
mod median;
mod slope;
mod sparc;

pub use axis::Spread;
pub use median::{Recent, median};
pub use slope::{Fall, falling};
pub use sparc::Smoothness;
