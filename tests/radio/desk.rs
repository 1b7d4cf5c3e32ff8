//! The app's side of a radio test: the real adapter, links over it, and what they said. Shared by the tests against our own
//! BlueZ and those against the real one.

use std::sync::Arc;
use std::time::Duration;
use talus_app::ways::Ways;
use talus_cuff::link::Notice;
use talus_cuff::transport::radio::RadioTransport;
use talus_motion::{BlockFlags, CuffId, LinkState, SampleBlock};

/// The machine's radio.
pub fn radio() -> RadioTransport {
    RadioTransport::open(Arc::new(talus_app::clock::now)).unwrap()
}

/// The app's side: a radio, links, and what they said.
pub struct Desk {
    pub ways: Ways<RadioTransport>,
    pub told: Vec<(CuffId, Notice)>,
}

impl Desk {
    pub fn open() -> Self {
        Self::over(radio())
    }

    pub fn over(radio: RadioTransport) -> Self {
        Self { ways: Ways::new(radio, talus_app::clock::now()), told: Vec::new() }
    }

    /// A desk that found the cuffs of these names and chose them, in this order.
    pub fn with(names: &[String]) -> Self {
        Self::open().choosing(names)
    }

    /// The same over a radio that is open.
    pub fn choosing(self, names: &[String]) -> Self {
        let mut desk = self;
        desk.ways.scan();
        let found = |desk: &Self, name: &String| {
            desk.ways.nearby().into_iter().map(|near| near.sighting).find(|sighting| sighting.name == *name)
        };
        desk.until("the cuffs are seen", |desk| names.iter().all(|name| found(desk, name).is_some()));
        desk.ways.stop_scan();
        for (index, name) in names.iter().enumerate() {
            let sighting = found(&desk, name).unwrap();
            let told = &mut desk.told;
            desk.ways.open(CuffId([index as u8 + 1; 16]), &sighting, &mut |id, notice| told.push((id, notice)));
        }
        desk
    }

    /// Lets real time pass until something is so; twenty seconds are far too long for nearly everything here.
    pub fn until(&mut self, what: &str, so: impl FnMut(&Self) -> bool) {
        self.within(20, what, so);
    }

    /// The same within so many seconds.
    pub fn within(&mut self, seconds: i64, what: &str, mut so: impl FnMut(&Self) -> bool) {
        let limit = talus_app::clock::now().plus(seconds * 1_000_000);
        while !so(self) {
            let now = talus_app::clock::now();
            assert!(now < limit, "never: {what}; states {:?}", self.states());
            let told = &mut self.told;
            self.ways.advance(now, &mut |id, notice| told.push((id, notice)));
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Stops the streams and closes the links.
    pub fn close(&mut self) {
        let told = &mut self.told;
        self.ways.close(&mut |id, notice| told.push((id, notice)));
        self.until("closed", |desk| desk.ways.iter().all(|way| way.state() == LinkState::Closed));
    }

    pub fn pass(&mut self, ms: i64) {
        let end = talus_app::clock::now().plus(ms * 1000);
        self.until("time passes", |_| talus_app::clock::now() >= end);
    }

    pub fn state(&self, index: usize) -> LinkState {
        self.ways.iter().nth(index).unwrap().state()
    }

    pub fn states(&self) -> Vec<LinkState> {
        self.told
            .iter()
            .filter_map(|(_, notice)| if let Notice::State { state, .. } = notice { Some(*state) } else { None })
            .collect()
    }

    pub fn blocks(&self, cuff: u8) -> Vec<&SampleBlock> {
        let of = CuffId([cuff; 16]);
        self.told
            .iter()
            .filter_map(|(id, notice)| match notice {
                Notice::Samples(block) if *id == of => Some(block),
                _ => None,
            })
            .collect()
    }

    pub fn samples(&self, cuff: u8) -> usize {
        self.blocks(cuff).iter().map(|block| block.counts.len()).sum()
    }

    pub fn counter(&self, name: &str) -> u64 {
        self.ways.counters()[name]
    }
}

/// Each sample of a segment lies at the index it was measured at.
pub fn in_place(blocks: &[&SampleBlock]) {
    let mut shift = 0;
    for block in blocks {
        if block.flags.has(BlockFlags::CONFIG_CHANGED) {
            shift = block.first_index;
        }
        for (at, counts) in block.counts.iter().enumerate() {
            assert_eq!(counts[0], mark(block.first_index - shift + at as u64), "at {at} of {block:?}");
        }
    }
}

/// What the first axis of a sample holds: its index, as far as it fits, so that a misplaced sample is seen.
pub fn mark(index: u64) -> i16 {
    (index % 1000) as i16
}
