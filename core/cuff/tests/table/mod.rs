//! Tables of conversations, and links that were brought to streaming by one. See `conversations.rs`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, dead_code)]

pub(crate) mod families;

use std::collections::VecDeque;
use std::fmt::Write as _;
use talus_cuff::driver::Family;
use talus_cuff::link::{Counters, Link, LinkOutputs, Notice, Wish};
use talus_cuff::transport::{Ask, Heard, PeripheralId, Refusal};
use talus_motion::{CuffId, Micros, SampleBlock, StreamConfig};
use uuid::Uuid;

/// From a question to its answer, µs: a connection interval.
const INTERVAL_US: i64 = 30_000;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn bytes(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The SIG's UUIDs by four digits, others by their first eight, with the tenth byte where families differ there.
fn short(uuid: Uuid) -> String {
    let text = uuid.to_string();
    if text.ends_with("-0000-1000-8000-00805f9b34fb") { text[4..8].to_owned() } else { text[..8].to_owned() }
}

pub(crate) struct Table<'a> {
    at: usize,
    line: &'a str,
    now: Micros,
    id: PeripheralId,
    link: Link,
    out: LinkOutputs,
    uuids: Vec<Uuid>,
    mtu: u16,
    /// Asked and not answered yet.
    asked: VecDeque<Ask>,
    /// Happened and not yet met in the table.
    happened: VecDeque<String>,
    config: Option<StreamConfig>,
}

impl<'a> Table<'a> {
    fn uuid(&self, text: &str) -> Uuid {
        let found = self.uuids.iter().find(|uuid| short(**uuid) == text);
        *found.unwrap_or_else(|| panic!("line {}: no characteristic {text}", self.at))
    }

    fn drain(&mut self) {
        for notice in self.out.notices.drain(..) {
            if let Notice::Stream(config) = &notice {
                self.config = Some(config.clone());
            }
            self.happened.push_back(format!("= {}", told(&notice)));
        }
        for ask in self.out.asks.drain(..) {
            self.happened.push_back(match &ask {
                Ask::Connect(_) => "> connect".into(),
                Ask::Disconnect(_) => "> disconnect".into(),
                Ask::Read(_, uuid) => format!("> read {}", short(*uuid)),
                Ask::Subscribe(_, uuid) => format!("> subscribe {}", short(*uuid)),
                Ask::Write { characteristic, bytes, with_response, .. } => {
                    let how = if *with_response { "write" } else { "command" };
                    format!("> {how} {} {}", short(*characteristic), hex(bytes))
                }
                Ask::Scan { .. } | Ask::StopScan => panic!("a link does not scan"),
            });
            self.asked.push_back(ask);
        }
    }

    fn hear(&mut self, heard: &Heard) {
        self.now = self.now.plus(INTERVAL_US);
        self.link.hear(self.now, heard, &mut self.out);
        self.drain();
    }

    fn wait(&mut self, us: i64) {
        let until = self.now.plus(us);
        while let Some(due) = self.link.due().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.link.tick(self.now, &mut self.out);
            self.drain();
        }
        self.now = until;
    }

    fn app(&mut self, says: &str) {
        match says {
            "start" => self.link.start(self.now, &mut self.out),
            "stop" => self.link.stop(self.now, &mut self.out),
            "identify" => self.link.identify(self.now, &mut self.out),
            "loses the link" => {
                self.asked.clear();
                self.link.hear(self.now, &Heard::Disconnected(self.id.clone()), &mut self.out);
            }
            other => {
                let seconds: f64 = other.strip_prefix("waits ").unwrap().parse().unwrap();
                self.wait((seconds * 1e6) as i64);
            }
        }
        self.drain();
    }

    fn answer(&mut self, text: &str) {
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        let known = self.uuids.iter().any(|uuid| short(*uuid) == first);
        if known && !rest.is_empty() {
            let uuid = self.uuid(first);
            return self.hear(&Heard::Notified(self.id.clone(), uuid, bytes(rest)));
        }
        let ask = self.asked.pop_front().unwrap_or_else(|| panic!("line {}: nothing was asked", self.at));
        let about = match &ask {
            Ask::Read(_, uuid) | Ask::Subscribe(_, uuid) | Ask::Write { characteristic: uuid, .. } => Some(*uuid),
            _ => None,
        };
        let id = self.id.clone();
        self.hear(&match (ask, first) {
            (_, "refused") => {
                let refusal = Refusal::Att(u8::from_str_radix(rest, 16).unwrap());
                Heard::Failed { id, characteristic: about, refusal }
            }
            (Ask::Connect(_), "ok") => Heard::Connected { id, mtu: self.mtu, characteristics: self.uuids.clone() },
            (Ask::Disconnect(_), "ok") => Heard::Disconnected(id),
            (Ask::Subscribe(_, uuid), "ok") => Heard::Subscribed(id, uuid),
            (Ask::Write { characteristic, .. }, "ok") => Heard::Written(id, characteristic),
            (Ask::Read(_, uuid), _) => Heard::Read(id, uuid, bytes(text)),
            (ask, _) => panic!("line {}: {ask:?} cannot be answered so", self.at),
        });
    }

    /// Follows lines of the table.
    fn lines(&mut self, text: &'a str) {
        for (number, line) in text.lines().enumerate() {
            (self.at, self.line) = (number + 1, line.trim());
            match self.line.split_once(' ') {
                Some(("app", says)) => {
                    assert_eq!(self.happened.pop_front(), None, "before line {}: {line}", self.at);
                    self.app(says);
                }
                Some(("<", answer)) => {
                    assert_eq!(self.happened.pop_front(), None, "before line {}: {line}", self.at);
                    self.answer(answer);
                }
                Some((">" | "=", _)) => {
                    let expected: String = self.line.split_whitespace().collect::<Vec<_>>().join(" ");
                    let (head, tail) = expected.split_at(expected.len().min(17));
                    // Bytes are grouped in the table as its author sees them.
                    let expected = if head.starts_with("> write") || head.starts_with("> command") {
                        let mut words = expected.splitn(4, ' ');
                        let [arrow, how, uuid] = core::array::from_fn(|_| words.next().unwrap());
                        format!("{arrow} {how} {uuid} {}", hex(&bytes(words.next().unwrap())))
                    } else {
                        format!("{head}{tail}")
                    };
                    let happened = self.happened.pop_front();
                    assert_eq!(happened.as_deref(), Some(expected.as_str()), "line {} of {}", self.at, self.line);
                }
                _ => {}
            }
        }
    }

    /// A notification of this characteristic, without a look at what comes of it but for its memory.
    pub(crate) fn notify(&mut self, heard: &Heard, at: Micros) -> usize {
        self.out.clear();
        self.link.hear(at, heard, &mut self.out);
        let samples = |notice: &Notice| if let Notice::Samples(block) = notice { block.counts.len() } else { 0 };
        self.out.notices.iter().map(samples).sum()
    }

    /// The blocks that come of a notification.
    pub(crate) fn blocks(&mut self, heard: &Heard, at: Micros) -> Vec<SampleBlock> {
        self.now = self.now.max(at);
        self.link.tick(self.now, &mut self.out);
        self.link.hear(self.now, heard, &mut self.out);
        self.out_blocks()
    }

    /// The blocks that come of waiting.
    pub(crate) fn wait_for_blocks(&mut self, us: i64) -> Vec<SampleBlock> {
        self.now = self.now.plus(us);
        self.link.tick(self.now, &mut self.out);
        self.out_blocks()
    }

    fn out_blocks(&mut self) -> Vec<SampleBlock> {
        let notices = self.out.notices.drain(..);
        notices.filter_map(|one| if let Notice::Samples(block) = one { Some(block) } else { None }).collect()
    }

    pub(crate) fn now(&self) -> Micros {
        self.now
    }

    pub(crate) fn counters(&self) -> Counters {
        self.link.counters()
    }

    /// The stream that was begun.
    pub(crate) fn config(&self) -> &StreamConfig {
        self.config.as_ref().unwrap()
    }

    /// A notification of a characteristic by its short name.
    pub(crate) fn heard(&self, short: &str, bytes: Vec<u8>) -> Heard {
        Heard::Notified(self.id.clone(), self.uuid(short), bytes)
    }
}

/// A notice in words.
fn told(notice: &Notice) -> String {
    match notice {
        Notice::State { state, .. } => format!("{state:?}"),
        Notice::Stream(config) => format!(
            "stream of {} at {} Hz, 1 g is {:.2}, 100 dps are {:.2}, ranges {:.1} g and {:.0} dps, timing {:?}",
            config.driver,
            config.rate_hz,
            9.80665 / config.acc_mps2_per_count,
            100f64.to_radians() / config.gyr_radps_per_count,
            config.acc_range_mps2 / 9.80665,
            config.gyr_range_radps.to_degrees(),
            config.timing
        ),
        Notice::Samples(block) => {
            let counts: Vec<_> = block.counts.iter().map(|counts| format!("{counts:?}")).collect();
            let at = block.device_us.map_or("no time".into(), |us| format!("{us} us"));
            format!("{} at {at} flags {} {}", block.first_index, block.flags.0, counts.join(" "))
        }
        Notice::Card(card) => format!("card {} firmware {:?} hardware {:?}", card.serial, card.firmware, card.hardware),
        Notice::Battery(percent) => format!("battery {percent}"),
        Notice::Time(block) => format!("time {:?}", block.device_us),
    }
}

/// Follows a table to its end.
pub(crate) fn follow(text: &str) {
    let mut table = begin(text);
    table.lines(text);
    assert_eq!(table.happened.pop_front(), None, "after the end");
    assert!(table.at > 20, "a table of nothing");
}

/// Follows a table until it streams; what happened then is taken out.
pub(crate) fn streaming(text: &str) -> Table<'_> {
    let end = text.find("= Streaming").unwrap();
    let mut table = begin(text);
    table.lines(&text[..end]);
    table.happened.clear();
    table
}

/// The same over packets of another size than the table says.
pub(crate) fn streaming_in_packets(text: &str, mtu: u16) -> Table<'_> {
    let end = text.find("= Streaming").unwrap();
    let mut table = begin(text);
    table.mtu = mtu;
    table.lines(&text[..end]);
    table.happened.clear();
    table
}

/// The device of a table, before the first line.
fn begin(text: &str) -> Table<'_> {
    let head = |word: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(word)).unwrap_or_default();
        line.trim().to_owned()
    };
    let family = *Family::ALL.iter().find(|family| family.name() == head("family ")).expect("a family");
    let id = PeripheralId("AA:BB:CC:00:11:22".into());
    Table {
        at: 0,
        line: "",
        now: Micros(0),
        link: Link::new(CuffId([1; 16]), id.clone(), family, Wish::default()).named(&head("name ")),
        id,
        out: LinkOutputs::default(),
        uuids: head("offers ").split_whitespace().map(whole).collect(),
        mtu: head("mtu ").parse().unwrap(),
        asked: VecDeque::new(),
        happened: VecDeque::new(),
        config: None,
    }
}

pub(crate) fn whole(text: &str) -> Uuid {
    if text.len() == 4 {
        format!("0000{text}-0000-1000-8000-00805f9b34fb").parse().unwrap()
    } else {
        text.parse().unwrap()
    }
}
