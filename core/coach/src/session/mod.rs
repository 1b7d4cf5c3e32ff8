//! The guided session: inputs in, events, records and requests out.

pub mod io;
