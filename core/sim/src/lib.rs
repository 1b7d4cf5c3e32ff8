#![forbid(unsafe_code)]
//! A virtual leg, a virtual cuff that speaks real bytes, and a transport in virtual time.
//!
//! Powers demo mode, journeys and storms; never the only witness of what Talus claims. Nothing here has a clock, a
//! thread or a random source: equal seeds and equal calls give equal bytes on every machine.

mod chance;
mod cuff;
mod device;
#[cfg(feature = "lab")]
mod flawed;
pub mod leg;
mod motion;
mod recorded;
mod sensor;
mod transport;
#[cfg(feature = "lab")]
mod vendor;

pub use chance::Chance;
pub use cuff::VirtualCuff;
#[cfg(feature = "lab")]
pub use flawed::CuffFlaw;
pub use leg::{Act, Flaw, Leg, RepShape, TrueRep, TrueStride, Truth};
pub use motion::Motion;
pub use recorded::{Recorded, RecordedError};
pub use sensor::{Grid, SensorErrors};
pub use transport::SimTransport;
#[cfg(feature = "lab")]
pub use transport::weather::{Sent, Storm, Weather};
#[cfg(feature = "lab")]
pub use vendor::{Make, VendorCuff};
