//! The only place where ids are made: UUIDv7 from the one clock, so that newer ids sort behind older ones.

use crate::clock;
use talus_motion::CuffId;
use talus_store::{PlanId, ProfileId, SessionId};
use uuid::{NoContext, Timestamp, Uuid};

fn fresh() -> [u8; 16] {
    let ms = u64::try_from(clock::utc_ms()).unwrap_or(0);
    Uuid::new_v7(Timestamp::from_unix(NoContext, ms / 1000, (ms % 1000) as u32 * 1_000_000)).into_bytes()
}

/// A new session's id.
pub(crate) fn session() -> SessionId {
    SessionId(fresh())
}

/// A new person's id.
pub(crate) fn profile() -> ProfileId {
    ProfileId(fresh())
}

/// A new plan's id.
pub(crate) fn plan() -> PlanId {
    PlanId(fresh())
}

/// A new test's id.
pub(crate) fn test() -> [u8; 16] {
    fresh()
}

/// A new cuff's id.
pub(crate) fn cuff() -> CuffId {
    CuffId(fresh())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_seven_and_differ() {
        let (a, b) = (session(), session());
        assert_ne!(a, b);
        assert_eq!(Uuid::from_bytes(a.0).get_version_num(), 7);
    }
}
