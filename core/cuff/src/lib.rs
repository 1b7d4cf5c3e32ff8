#![forbid(unsafe_code)]
//! From a radio to sample blocks: transport port, sensor families, link machine, clocks.
//!
//! ```text
//!            Heard                  bytes            Packet                   SampleBlock          BlockTime
//! Transport ──────▶ link::Link ──────────▶ driver ──────────▶ link::Link ─────────────────▶ clock ──────────▶
//!           ◀──────            ◀──────────        (one Talk   (index, time,  StreamConfig
//!             Ask                   Op            per family)  gaps, states)
//! ```
//!
//! - [`transport`] is the port: requests out, inputs in, synchronous. A recorded log, a simulated cuff and a real
//!   radio (feature `radio`) stand behind it alike.
//! - [`driver`] knows sensor families: pure bytes ⇄ types, and one conversation each. The open Cuff Motion Profile
//!   ([`driver::cmp`]) is the first.
//! - [`link`] is one machine for every family, from connecting to closing, that is told the time.
//! - [`clock`] brings device time to session time, with a verdict whether gait timing may be read from it.
//! - [`nearby`] lists what can be paired.
//!
//! Nothing here has a clock, a thread or a file (but `transport::radio`); nothing a radio says can panic, loop or
//! allocate without bound. Every byte from outside becomes a type or a typed error in [`driver`].

pub mod clock;
pub mod driver;
pub mod link;
pub mod nearby;
pub mod transport;
