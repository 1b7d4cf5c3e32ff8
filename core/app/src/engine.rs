//! [`Engine`]: inputs in, outputs out. The clock that places samples, and the session that follows them.
//!
//! A session is its inputs: the same inputs give the same outputs bit for bit, live and in a replay. `coach` may not
//! know `cuff`'s clock and `cuff` nothing of sessions, so the two meet here.

use talus_coach::{Bookmark, Catalogue, Input, Outputs, PlanError, Session, SessionPlan};
use talus_cuff::clock::Clock;

/// Turns the inputs of one session into events, records, requests and the picture of now.
pub struct Engine {
    clock: Clock,
    session: Session,
}

impl Engine {
    /// The engine of a new session, or of one that is taken up again from its first input.
    ///
    /// # Errors
    /// Where the plan cannot be followed, for a load past its ceiling above all: see [`PlanError`].
    pub fn new(plan: SessionPlan, catalogue: &Catalogue) -> Result<Self, PlanError> {
        Ok(Self { clock: Clock::new(), session: Session::new(plan, catalogue)? })
    }

    /// The engine that looks once more at a session that was recorded: nobody carries what it asked for now.
    ///
    /// # Errors
    /// Where there is nothing to follow: see [`PlanError`].
    pub fn again(plan: SessionPlan, catalogue: &Catalogue) -> Result<Self, PlanError> {
        Ok(Self { clock: Clock::new(), session: Session::again(plan, catalogue)? })
    }

    /// The engine of a session whose inputs are not all there any more: it goes on from a bookmark.
    ///
    /// # Errors
    /// As [`Engine::new`].
    pub fn resume(plan: SessionPlan, catalogue: &Catalogue, from: &Bookmark) -> Result<Self, PlanError> {
        Ok(Self { clock: Clock::new(), session: Session::resume(plan, catalogue, from)? })
    }

    /// Takes one input; what comes of it is appended to `out`.
    pub fn step(&mut self, input: &Input, out: &mut Outputs) {
        let time = match input {
            Input::Stream(config) => {
                self.clock.stream(config);
                None
            }
            // What time it is by both clocks: nothing for the session.
            Input::Samples(block) if block.counts.is_empty() => return self.clock.moment(block),
            Input::Samples(block) => Some(self.clock.place(block)),
            _ => None,
        };
        self.session.step(input, time, out);
    }

    /// The session.
    pub fn session(&self) -> &Session {
        &self.session
    }
}
