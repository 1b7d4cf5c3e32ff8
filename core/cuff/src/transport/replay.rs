//! A radio that plays back what was heard once: a field log through the same drivers, at any speed.

use super::{Ask, Heard, Transport};
use std::collections::VecDeque;
use talus_motion::Micros;

/// Most asks kept for a look afterwards.
const ASKED_MAX: usize = 4096;

/// Plays a list of `(time, heard)` back; what is asked changes nothing and is kept for comparison.
#[derive(Debug, Default)]
pub struct ReplayTransport {
    heard: VecDeque<(Micros, Heard)>,
    asked: Vec<(Micros, Ask)>,
}

impl ReplayTransport {
    /// Plays `heard` back in order of time; what has the same time stays in its order.
    pub fn new(heard: impl IntoIterator<Item = (Micros, Heard)>) -> Self {
        let mut heard: Vec<_> = heard.into_iter().collect();
        heard.sort_by_key(|(at, _)| *at);
        Self { heard: heard.into(), asked: Vec::new() }
    }

    /// Whether everything has been played.
    pub fn finished(&self) -> bool {
        self.heard.is_empty()
    }

    /// What was asked so far (the first 4,096).
    pub fn asked(&self) -> &[(Micros, Ask)] {
        &self.asked
    }
}

impl Transport for ReplayTransport {
    fn ask(&mut self, now: Micros, ask: Ask) {
        if self.asked.len() < ASKED_MAX {
            self.asked.push((now, ask));
        }
    }

    fn hear(&mut self, now: Micros) -> Option<(Micros, Heard)> {
        self.due().filter(|at| *at <= now).and_then(|_| self.heard.pop_front())
    }

    fn due(&self) -> Option<Micros> {
        self.heard.front().map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::{PeripheralId, RadioState};

    #[test]
    fn it_plays_what_is_due_in_order_of_time() {
        let gone = |id: &str| Heard::Disconnected(PeripheralId(id.into()));
        let mut replay = ReplayTransport::new([
            (Micros(20), gone("b")),
            (Micros(10), Heard::Radio(RadioState::On)),
            (Micros(20), gone("c")),
        ]);
        assert_eq!(replay.due(), Some(Micros(10)));
        assert_eq!(replay.hear(Micros(9)), None);
        assert_eq!(replay.hear(Micros(15)), Some((Micros(10), Heard::Radio(RadioState::On))));
        assert_eq!(replay.hear(Micros(15)), None);
        assert_eq!(replay.hear(Micros(20)), Some((Micros(20), gone("b"))));
        replay.ask(Micros(20), Ask::StopScan);
        assert_eq!(replay.hear(Micros(20)), Some((Micros(20), gone("c"))));
        assert!(replay.finished() && replay.due().is_none());
        assert_eq!(replay.asked(), [(Micros(20), Ask::StopScan)]);
    }
}
