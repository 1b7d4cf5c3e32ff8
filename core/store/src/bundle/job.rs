//! [`Job`]: how far something long is, and a way to stop it.

use super::BundleError;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Something that takes its time. Copies share it: one goes to the work, another to whoever watches.
#[derive(Debug, Clone, Default)]
pub struct Job(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    done: AtomicU64,
    of: AtomicU64,
    cancelled: AtomicBool,
}

impl Job {
    /// A job that nobody has begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// How much is done of how much; `(0, 0)` until that is known. Only the ratio means something; it never runs back.
    pub fn progress(&self) -> (u64, u64) {
        let of = self.0.of.load(Ordering::Acquire);
        (self.0.done.load(Ordering::Acquire).min(of), of)
    }

    /// Asks it to stop. The call that works on it comes back with [`BundleError::Cancelled`] and has changed nothing;
    /// where it was done already, it stays done.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Release);
    }

    /// Whether somebody asked it to stop.
    pub fn cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Acquire)
    }

    /// Says how much there is to do.
    pub(crate) fn begin(&self, of: u64) {
        self.0.of.store(of.max(1), Ordering::Release);
    }

    /// Says that so much more is done, and whether to go on.
    pub(crate) fn on(&self, more: u64) -> Result<(), BundleError> {
        self.0.done.fetch_add(more, Ordering::AcqRel);
        if self.cancelled() { Err(BundleError::Cancelled) } else { Ok(()) }
    }

    /// Says that everything is done.
    pub(crate) fn end(&self) {
        self.0.done.store(self.0.of.load(Ordering::Acquire), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_sees_how_far_it_is_and_stops_it() {
        let (work, watch) = (Job::new(), Job::new());
        assert_eq!(work.progress(), (0, 0));
        let watch = {
            drop(watch);
            work.clone()
        };
        work.begin(10);
        assert_eq!(work.on(4), Ok(()));
        assert_eq!(watch.progress(), (4, 10));
        watch.cancel();
        assert_eq!(work.on(1), Err(BundleError::Cancelled));
        work.end();
        assert_eq!(watch.progress(), (10, 10));
    }
}
