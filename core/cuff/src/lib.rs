#![forbid(unsafe_code)]
//! From a radio to sample blocks: transport port, sensor families, link machine, clocks.

pub mod driver;
pub mod link;
pub mod transport;
