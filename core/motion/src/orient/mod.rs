//! Orientation from gyroscope and accelerometer: [`Vqf`] tells which way is up in the cuff's own axes.

mod between;
mod filter;
mod offline;
mod quat;
mod vqf;

pub use offline::{Settled, look_back};
pub use quat::{Quat, cross, dot, norm};
pub use vqf::Vqf;
