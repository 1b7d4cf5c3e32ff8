//! Orientation from gyroscope and accelerometer: [`Vqf`] tells which way is up in the cuff's own axes.

mod filter;
mod quat;
mod vqf;

pub use quat::{Quat, cross, dot, norm};
pub use vqf::Vqf;
