//! The head of a recording: whose session it is, when, with which engine, and what was planned.

use super::RecordingError;
use super::bytes::{Cursor, put_text};
use super::chunk::{ChunkKind, PAYLOAD_MAX, put_chunk, put_prelude};
use crate::seal::Seal;
use crate::{ProfileId, SessionId};
use serde::{Deserialize, Serialize};
use talus_coach::SessionPlan;

/// Where the samples of a session come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Cuffs on a leg.
    Live,
    /// Simulated cuffs.
    Demo,
    /// Recorded files.
    Replay,
}

/// What is known when a session begins. It stands in the recording and in the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionHead {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub profile: ProfileId,
    /// Where its samples come from.
    pub kind: Kind,
    /// When it began, milliseconds since 1970, UTC.
    pub started_utc_ms: i64,
    /// Distance of local time from UTC at that moment, minutes (east is positive).
    pub offset_min: i32,
    /// IANA name of the time zone, from the shell.
    pub zone: String,
    /// The day it counts for, `YYYY-MM-DD`: fixed here, so that travel never moves a session to another day.
    pub local_day: String,
    /// Version of the engine that derives its rows.
    pub engine_version: u32,
    /// Version of the catalogue.
    pub catalogue_version: String,
    /// What is to be done.
    pub plan: SessionPlan,
    /// File names of a replay, `sim`, or empty.
    pub source: String,
}

/// The first bytes of a recording, up to and with the head chunk.
pub(crate) fn encode(head: &SessionHead, seal: Option<&mut Seal>) -> Result<Vec<u8>, RecordingError> {
    let mut payload = head.engine_version.to_le_bytes().to_vec();
    put_text(&mut payload, &head.catalogue_version);
    serde_json::to_writer(&mut payload, head).map_err(|error| RecordingError::Plan(error.to_string()))?;
    if payload.len() > PAYLOAD_MAX {
        return Err(RecordingError::TooLarge { what: "the plan of the session", bytes: payload.len() });
    }
    let mut out = Vec::with_capacity(payload.len() + 32);
    put_prelude(&mut out);
    put_chunk(&mut out, ChunkKind::Head, &payload, seal);
    Ok(out)
}

pub(crate) fn decode(payload: &[u8]) -> Option<SessionHead> {
    let mut cursor = Cursor::new(payload);
    let engine_version = cursor.u32()?;
    let catalogue_version = cursor.text()?;
    let head: SessionHead = serde_json::from_slice(cursor.rest()).ok()?;
    (head.engine_version == engine_version && head.catalogue_version == catalogue_version).then_some(head)
}
