//! What was heard and not yet taken: bounded, counted, in order of time.

use super::NowFn;
use crate::transport::Heard;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use talus_motion::Micros;

/// Heard items kept until somebody takes them: two cuffs at 20 frames a second for over three minutes.
const HEARD_MAX: usize = 8192;
/// Room above that for what must not be lost: links going up and down, answers.
const HEARD_SPARE: usize = 1024;

/// What was heard and not yet taken.
#[derive(Default)]
struct Heap {
    items: VecDeque<(Micros, Heard)>,
    last: Option<Micros>,
}

/// The bounded queue between the radio's tasks and the app's thread.
pub(super) struct Queue {
    pub(super) now: NowFn,
    heap: Mutex<Heap>,
    pub(super) dropped: AtomicU64,
    pub(super) panics: AtomicU64,
}

impl Queue {
    pub(super) fn new(now: NowFn) -> Self {
        Self { now, heap: Mutex::default(), dropped: AtomicU64::new(0), panics: AtomicU64::new(0) }
    }

    fn lock(&self) -> MutexGuard<'_, Heap> {
        self.heap.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, heard: Heard) {
        self.push_at((self.now)(), heard);
    }

    pub(super) fn push_at(&self, at: Micros, heard: Heard) {
        let plenty = matches!(heard, Heard::Notified(..) | Heard::Advert(_));
        let room = if plenty { HEARD_MAX } else { HEARD_MAX + HEARD_SPARE };
        let mut heap = self.lock();
        if heap.items.len() >= room {
            drop(heap);
            self.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        // Tasks stamp side by side: what was queued later must not look earlier.
        let at = heap.last.map_or(at, |last| last.max(at));
        heap.last = Some(at);
        heap.items.push_back((at, heard));
    }

    pub(super) fn take(&self, now: Micros) -> Option<(Micros, Heard)> {
        let mut heap = self.lock();
        let due = heap.items.front().is_some_and(|(at, _)| *at <= now);
        if due { heap.items.pop_front() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::PeripheralId;
    use std::sync::Arc;
    use std::sync::atomic::AtomicI64;
    use uuid::Uuid;

    fn queue_at(time: &Arc<AtomicI64>) -> Queue {
        let time = time.clone();
        Queue::new(Arc::new(move || Micros(time.load(Ordering::Relaxed))))
    }

    fn notified() -> Heard {
        Heard::Notified(PeripheralId("a".into()), Uuid::nil(), vec![])
    }

    #[test]
    fn the_queue_is_bounded_counts_what_it_drops_and_keeps_room_for_the_links() {
        let queue = queue_at(&Arc::default());
        for _ in 0..HEARD_MAX + 10 {
            queue.push(notified());
        }
        assert_eq!(queue.dropped.load(Ordering::Relaxed), 10);
        let gone = Heard::Disconnected(PeripheralId("a".into()));
        queue.push(gone.clone());
        let last = std::iter::from_fn(|| queue.take(Micros(0))).last();
        assert_eq!(last, Some((Micros(0), gone)));
    }

    #[test]
    fn times_never_run_back_and_nothing_is_handed_out_before_its_time() {
        let time = Arc::new(AtomicI64::new(100));
        let queue = queue_at(&time);
        queue.push(notified());
        queue.push_at(Micros(50), notified());
        assert_eq!(queue.take(Micros(99)), None);
        let times: Vec<_> = std::iter::from_fn(|| queue.take(Micros(100))).map(|(at, _)| at.0).collect();
        assert_eq!(times, [100, 100]);
    }
}
