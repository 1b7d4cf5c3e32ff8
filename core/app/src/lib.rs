#![forbid(unsafe_code)]
//! The use cases of Talus as plain Rust: pair, follow a session, replay a recording, look at history.

pub mod analyse;
pub mod files;
pub mod scene;
