//! What a streaming sensor of each family sends, notification by notification.

use super::{Table, streaming};
use talus_cuff::transport::Heard;

/// Notifications: the short name of the characteristic, and the bytes.
type Group = Vec<(&'static str, Vec<u8>)>;

/// A family's table, and its notifications: the `n`th group, which holds so many samples of six axes.
pub(crate) struct Sender {
    pub(crate) name: &'static str,
    table: &'static str,
    group: fn(u32) -> Group,
}

impl Sender {
    /// A link that streams.
    pub(crate) fn link(&self) -> Table<'static> {
        streaming(self.table)
    }

    /// What is heard as the `n`th group.
    pub(crate) fn heard(&self, table: &Table<'_>, n: u32) -> Vec<Heard> {
        (self.group)(n).into_iter().map(|(short, bytes)| table.heard(short, bytes)).collect()
    }
}

/// Bytes that are no constant.
fn noise(n: u32, len: usize) -> Vec<u8> {
    let mut state = n.wrapping_mul(0x9E37_79B9) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state & 0x3F) as u8
    };
    (0..len).map(|_| next()).collect()
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A frame of 36 samples coded by their differences.
fn polar(n: u32, kind: u8, form: u8) -> Vec<u8> {
    // 36 samples at 52 Hz.
    let stamp = 1_000_000_000 + u64::from(n) * 692_307_692;
    [&[kind][..], &stamp.to_le_bytes(), &[form, 1, 0, 2, 0, 3, 0, 6, 35], &noise(n, 79)].concat()
}

/// Every family.
pub(crate) const SENDERS: [Sender; 7] = [
    Sender {
        name: "cmp",
        table: include_str!("../conversations/cmp.txt"),
        group: |n| {
            let head = [&[0x10, 0, n as u8, 10][..], &(n * 10).to_le_bytes(), &(n * 100_000).to_le_bytes()].concat();
            vec![("2f600013", [head, noise(n, 120)].concat())]
        },
    },
    Sender {
        name: "metamotion",
        table: include_str!("../conversations/metamotion-bmi160.txt"),
        group: |n| {
            let packed = |head: [u8; 2]| [&head[..], &noise(n, 18)].concat();
            vec![("326a9006", packed([0x03, 0x1C])), ("326a9006", packed([0x13, 0x07]))]
        },
    },
    Sender {
        name: "dot",
        table: include_str!("../conversations/dot.txt"),
        group: |n| {
            let sample = floats(&[0.5, -0.25, 9.81, 1.0, 2.0, n as f32 % 100.0]);
            vec![("15172003", [n.wrapping_mul(16_667).to_le_bytes().to_vec(), sample].concat())]
        },
    },
    Sender {
        name: "movesense",
        table: include_str!("../conversations/movesense.txt"),
        group: |n| {
            let samples: Vec<f32> = (0..42).map(|i| (i + n % 7) as f32).collect();
            vec![("34800002", [vec![2, 99], (n * 67).to_le_bytes().to_vec(), floats(&samples)].concat())]
        },
    },
    Sender {
        name: "polar",
        table: include_str!("../conversations/polar-verity.txt"),
        group: |n| vec![("fb005c82", polar(n, 5, 0x80)), ("fb005c82", polar(n, 2, 0x80))],
    },
    Sender {
        name: "witmotion",
        table: include_str!("../conversations/witmotion.txt"),
        group: |n| vec![("0000ffe4", [&[0x55, 0x61][..], &noise(n, 18)].concat().repeat(5))],
    },
    Sender {
        name: "thingy52",
        table: include_str!("../conversations/thingy52.txt"),
        group: |n| vec![("ef680406", noise(n, 18))],
    },
];
