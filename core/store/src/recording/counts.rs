//! The second codec of raw counts: a fixed predictor per axis, and a range coder that knows from the other axes how
//! large the next surprise will be.
//!
//! A leg that hits the ground shakes all six axes in the same instant. Coded one sample after the other, an axis can look
//! at those before it: how far off they were, each beside what is usual for it, tells how far off this one will be. On
//! one-second chunks of walking that packs by a tenth better than Rice codes whose parameter follows slowly
//! (`docs/performance-store.md`), and needs no tables in the file.
//!
//! # The code
//!
//! First values of the six axes, i16 each. Then u32: 3 bits per axis the predictor, from the lowest bit on; from bit 18
//! on 5 bits the first scale of the accelerations, from bit 23 on 5 bits that of the rates (both: two to the power of it,
//! less two); the upper four bits zero. Then the range coder's bytes for every further sample, axis by axis.
//!
//! With `h` the value before, `d` the difference before and `e` the one before that (zero at the beginning), the
//! predictors are 0: 0 · 1: h · 2: h + d · 3: h + 2 d − e · 4: h + (d + 1) / 2 · 5: h + (3 d − e + 1) / 2, divisions
//! rounding down. What remains is coded beside a scale: the axis's own (an exponential mean of what remained, a quarter
//! new each time) times the mean of one and of what remained of the axes before it in this sample over their scales.
//! All of it is IEEE 754 single precision with nothing but additions, multiplications and divisions, in the order of this
//! code: the same bits everywhere. The scale, in quarters of an octave, chooses a table of [`SYMBOLS`] frequencies and
//! how many low bits go without one; the tables are Laplace's, narrow and wide mixed, and pinned by a test.

use super::rice;
pub use super::rice::AXES;
use std::array;
use std::sync::LazyLock;

/// Axes with room for whole registers.
const LANES: usize = 8;
type Lanes = [i32; LANES];
type Scales = [f32; LANES];
/// Most samples of one code.
const SAMPLES_MAX: usize = 4096;
/// Bytes before those of the range coder.
const HEAD: usize = 2 * AXES + 4;

/// Outcomes of a table: -31 to 31 steps, and one for all beyond.
const SYMBOLS: usize = 64;
const MIDDLE: i32 = 31;
const BEYOND: usize = 63;
/// Frequencies of a table add up to two to the power of this.
const BITS: u32 = 14;
/// Tables: four an octave, from scale 1/8 to 4. What is larger is halved into the last octave.
const TABLES: usize = 20;
/// The bits of 1/8 as a number, without all but two bits of its fraction.
const SMALLEST: u32 = 0x3E00_0000 >> 21;
/// Largest scale that is told apart.
const LARGEST: f32 = 524_288.0;
/// Added to a scale: what is still for long stays able to move.
const LEAST: f32 = 0.08;
/// Shares and widths of the two distributions that are mixed.
const MIXED: [(f64, f64); 2] = [(0.85, 0.8), (0.15, 2.4)];

/// Cumulated frequencies of a table: [`SYMBOLS`] beginnings and the sum.
type Table = [u16; SYMBOLS + 1];

static CODE: LazyLock<[Table; TABLES]> = LazyLock::new(|| array::from_fn(table));

/// The table of a scale in quarters of an octave from 1/8 on.
fn table(index: usize) -> Table {
    let octave = libm::exp2((index / 4) as f64 - 3.0);
    let scale = octave * (1.0 + (index % 4) as f64 / 4.0 + 0.125);
    let share = |step: i32| -> f64 {
        MIXED
            .iter()
            .map(|(share, width)| {
                let fall = |at: f64| libm::exp(-at / (scale * width));
                let at = f64::from(step.abs());
                let mass = if step == 0 { 1.0 - fall(0.5) } else { (fall(at - 0.5) - fall(at + 0.5)) / 2.0 };
                share * mass
            })
            .sum()
    };
    // One each, so that everything can be said, and the rest by share.
    let room = f64::from((1u32 << BITS) - SYMBOLS as u32);
    let inside: Vec<u16> = (-MIDDLE..=MIDDLE).map(|step| 1 + libm::floor(room * share(step)) as u16).collect();
    let mut table = [0u16; SYMBOLS + 1];
    for (at, frequency) in inside.iter().enumerate() {
        table[at + 1] = table[at] + frequency;
    }
    table[SYMBOLS] = 1 << BITS;
    table
}

/// Which of the two codecs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// [`rice`].
    Rice,
    /// This one.
    Counts,
}

/// Up to so many samples both codecs are tried: with a second at 25 Hz there is little to learn from other axes.
const FEW: usize = 64;

/// Appends `samples` in the code that is smaller for them.
pub fn pack(samples: &[[i16; AXES]], out: &mut Vec<u8>) -> Code {
    let begin = out.len();
    encode(samples, out);
    if samples.len() <= FEW {
        let mut other = Vec::with_capacity(out.len() - begin);
        rice::encode(samples, &mut other);
        if other.len() <= out.len() - begin {
            out.truncate(begin);
            out.append(&mut other);
            return Code::Rice;
        }
    }
    Code::Counts
}

/// Appends `samples`, at most 4,096 of them, to `out`.
pub fn encode(samples: &[[i16; AXES]], out: &mut Vec<u8>) {
    let Some((first, further)) = samples.split_first() else { return };
    for value in first {
        out.extend_from_slice(&value.to_le_bytes());
    }
    let lanes =
        |sample: &[i16; AXES]| -> Lanes { array::from_fn(|axis| sample.get(axis).map_or(0, |v| i32::from(*v))) };
    let mut before = Before::steady(lanes(first));
    let mut sums = [[0u32; LANES]; 6];
    for sample in further {
        let now = lanes(sample);
        for (sum, guess) in sums.iter_mut().zip(before.all()) {
            for axis in 0..LANES {
                sum[axis] += now[axis].abs_diff(guess[axis]).min(1 << 19);
            }
        }
        before.then(now);
    }
    let chosen: [u32; AXES] =
        array::from_fn(|axis| (0..6).min_by_key(|order| sums[*order as usize][axis]).unwrap_or(0));
    let count = further.len().max(1) as u32;
    let start = |axes: std::ops::Range<usize>| {
        let sum: u32 = axes.map(|axis| sums[chosen[axis] as usize][axis] / 3).sum();
        // Half an octave up, so that the power below is the nearest one.
        ((u64::from(sum) * 4 * 45 / 32 / u64::from(count)).max(1).ilog2()).min(20)
    };
    let starts = [start(0..3), start(3..6)];
    let mut head = starts[0] << 18 | starts[1] << 23;
    for (axis, order) in chosen.iter().enumerate() {
        head |= order << (3 * axis);
    }
    out.extend_from_slice(&head.to_le_bytes());
    if further.is_empty() {
        return;
    }
    let mut sink = Sink::new(out);
    let (mut before, mut scale) = (Before::steady(lanes(first)), Scale::new(starts));
    for sample in further {
        let now = lanes(sample);
        let guess = before.guess(&chosen);
        let rests: Lanes = array::from_fn(|axis| now[axis] - guess[axis]);
        scale.begin();
        for (axis, rest) in rests.into_iter().enumerate().take(AXES) {
            let (table, low) = scale.of(axis);
            put(&mut sink, &CODE[table], low, rest);
            scale.saw(axis, rest);
        }
        scale.learn(&rests);
        before.then(now);
    }
    sink.finish();
}

/// Reads back `n` samples; `None` where `bytes` are not this code.
pub fn decode(bytes: &[u8], n: usize) -> Option<Vec<[i16; AXES]>> {
    if n == 0 {
        return bytes.is_empty().then(Vec::new);
    }
    if n > SAMPLES_MAX {
        return None;
    }
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let mut first = [0i16; AXES];
    for (value, two) in first.iter_mut().zip(head.chunks_exact(2)) {
        *value = i16::from_le_bytes(two.try_into().ok()?);
    }
    let head = u32::from_le_bytes(head.get(2 * AXES..)?.try_into().ok()?);
    let chosen: [u32; AXES] = array::from_fn(|axis| head >> (3 * axis) & 7);
    let starts = [head >> 18 & 31, head >> 23 & 31];
    if head >> 28 != 0 || chosen.iter().any(|order| *order > 5) || starts.iter().any(|start| *start > 20) {
        return None;
    }
    let mut samples = Vec::with_capacity(n);
    samples.push(first);
    if n == 1 {
        return rest.is_empty().then_some(samples);
    }
    let mut source = Source::new(rest);
    let start: Lanes = array::from_fn(|axis| first.get(axis).map_or(0, |value| i32::from(*value)));
    let (mut before, mut scale) = (Before::steady(start), Scale::new(starts));
    for _ in 1..n {
        let guess = before.guess(&chosen);
        let (mut now, mut rests, mut sample) = ([0; LANES], [0; LANES], [0i16; AXES]);
        scale.begin();
        for axis in 0..AXES {
            let (table, low) = scale.of(axis);
            let rest = get(&mut source, &CODE[table], low)?;
            scale.saw(axis, rest);
            let value = i16::try_from(guess[axis].checked_add(rest)?).ok()?;
            (rests[axis], now[axis], sample[axis]) = (rest, i32::from(value), value);
        }
        scale.learn(&rests);
        before.then(now);
        samples.push(sample);
    }
    source.is_at_end().then_some(samples)
}

/// What the predictors look at: the value before, the difference before, the one before that.
struct Before {
    value: Lanes,
    difference: Lanes,
    earlier: Lanes,
}

impl Before {
    fn steady(value: Lanes) -> Self {
        Self { value, difference: [0; LANES], earlier: [0; LANES] }
    }

    fn then(&mut self, now: Lanes) {
        self.earlier = self.difference;
        self.difference = array::from_fn(|axis| now[axis] - self.value[axis]);
        self.value = now;
    }

    fn one(&self, order: u32, axis: usize) -> i32 {
        let (h, d, e) = (self.value[axis], self.difference[axis], self.earlier[axis]);
        match order {
            0 => 0,
            1 => h,
            2 => h + d,
            3 => h + 2 * d - e,
            4 => h + ((d + 1) >> 1),
            _ => h + ((3 * d - e + 1) >> 1),
        }
    }

    fn all(&self) -> [Lanes; 6] {
        array::from_fn(|order| array::from_fn(|axis| self.one(order as u32, axis)))
    }

    fn guess(&self, chosen: &[u32; AXES]) -> Lanes {
        array::from_fn(|axis| chosen.get(axis).map_or(0, |order| self.one(*order, axis)))
    }
}

/// How far off an axis usually is, and how far off this sample is so far.
struct Scale {
    usual: Scales,
    /// One over them, in this sample.
    over: Scales,
    seen: f32,
}

impl Scale {
    fn new(starts: [u32; 2]) -> Self {
        let of = |start: u32| (1u32 << start) as f32 / 4.0;
        let usual = array::from_fn(|axis| of(starts[usize::from(axis >= AXES / 2)]) + LEAST);
        Self { usual, over: [0.0; LANES], seen: 1.0 }
    }

    fn begin(&mut self) {
        self.over = array::from_fn(|axis| 1.0 / self.usual[axis]);
        self.seen = 1.0;
    }

    /// The table, and the low bits that go without one.
    fn of(&self, axis: usize) -> (usize, u32) {
        const MEAN: [f32; AXES] = [1.0, 1.0 / 2.0, 1.0 / 3.0, 1.0 / 4.0, 1.0 / 5.0, 1.0 / 6.0];
        let scale = (self.usual[axis] * self.seen * MEAN[axis]).min(LARGEST);
        let index = (scale.to_bits() >> 21).saturating_sub(SMALLEST) as usize;
        let above = index.saturating_sub(TABLES - 4) / 4;
        (index - 4 * above, above as u32)
    }

    fn saw(&mut self, axis: usize, rest: i32) {
        self.seen += rest.unsigned_abs() as f32 * self.over[axis];
    }

    fn learn(&mut self, rests: &Lanes) {
        for (usual, rest) in self.usual.iter_mut().zip(rests) {
            let far = rest.unsigned_abs() as f32 + LEAST;
            *usual += (far - *usual) * 0.25;
        }
    }
}

fn put(sink: &mut Sink<'_>, table: &Table, low: u32, rest: i32) {
    let shifted = rest + ((1 << low) >> 1);
    let step = shifted >> low;
    let symbol = (step + MIDDLE) as usize;
    if step >= -MIDDLE && symbol < BEYOND {
        sink.put(u32::from(table[symbol]), u32::from(table[symbol + 1]) - u32::from(table[symbol]));
    } else {
        sink.put(u32::from(table[BEYOND]), (1 << BITS) - u32::from(table[BEYOND]));
        // How far beyond, from 1 on: its length, then the bits after its first.
        let far = step.unsigned_abs() - MIDDLE as u32;
        let length = far.ilog2();
        sink.put_bits(length, 5);
        sink.put_bits(far - (1 << length), length);
        sink.put_bits(u32::from(step < 0), 1);
    }
    sink.put_bits((shifted & ((1 << low) - 1)).cast_unsigned(), low);
}

fn get(source: &mut Source<'_>, table: &Table, low: u32) -> Option<i32> {
    let at = source.look()?;
    let symbol = table[1..SYMBOLS].partition_point(|beginning| u32::from(*beginning) <= at);
    source.take(u32::from(table[symbol]), u32::from(table[symbol + 1]) - u32::from(table[symbol]));
    let step = if symbol < BEYOND {
        symbol as i32 - MIDDLE
    } else {
        let length = source.get_bits(5)?;
        if length > 20 {
            return None;
        }
        let far = (1 << length) + source.get_bits(length)?.cast_signed() + MIDDLE;
        if source.get_bits(1)? == 1 { -far } else { far }
    };
    let bits = source.get_bits(low)?.cast_signed();
    step.checked_mul(1 << low)?.checked_add(bits)?.checked_sub((1 << low) >> 1)
}

/// The range coder as in LZMA, carry and all, but with frequencies: bytes go out once nothing can change them.
struct Sink<'a> {
    out: &'a mut Vec<u8>,
    low: u64,
    range: u32,
    held: u8,
    /// The byte held and bytes of ones after it, all of which a carry would change.
    waiting: u64,
    /// The first byte is always zero and never written.
    begun: bool,
}

impl<'a> Sink<'a> {
    fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, low: 0, range: u32::MAX, held: 0, waiting: 1, begun: false }
    }

    fn put(&mut self, from: u32, frequency: u32) {
        let step = self.range >> BITS;
        self.low += u64::from(step) * u64::from(from);
        self.range = step * frequency;
        self.normal();
    }

    /// The lowest `count` bits of `value`, all as likely as any other.
    fn put_bits(&mut self, value: u32, count: u32) {
        // More at once than the range always has.
        if count > 16 {
            self.put_bits(value >> 16, count - 16);
            return self.put_bits(value & 0xffff, 16);
        }
        self.range >>= count;
        self.low += u64::from(self.range) * u64::from(value);
        self.normal();
    }

    fn normal(&mut self) {
        while self.range < 1 << 24 {
            self.range <<= 8;
            self.shift();
        }
    }

    fn shift(&mut self) {
        let carry = (self.low >> 32) as u8;
        if self.low < 0xFF00_0000 || carry > 0 {
            let mut byte = self.held;
            for _ in 0..self.waiting {
                if self.begun {
                    self.out.push(byte.wrapping_add(carry));
                }
                (self.begun, byte) = (true, 0xff);
            }
            (self.waiting, self.held) = (0, (self.low >> 24) as u8);
        }
        self.waiting += 1;
        self.low = (self.low & 0x00ff_ffff) << 8;
    }

    /// Ends in the range with as few bytes as do: the rest a reader takes for zeros.
    fn finish(mut self) {
        self.low = (self.low + 0x00ff_ffff) & !0x00ff_ffff;
        // The byte held, those that wait, and one more.
        self.shift();
        self.low = 0;
        self.shift();
    }
}

struct Source<'a> {
    bytes: &'a [u8],
    at: usize,
    code: u32,
    range: u32,
    step: u32,
}

/// Bytes a reader is ahead of what was written.
const AHEAD: usize = 3;

impl<'a> Source<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let mut source = Self { bytes, at: 0, code: 0, range: u32::MAX, step: 0 };
        for _ in 0..4 {
            source.shift();
        }
        source
    }

    fn shift(&mut self) {
        self.code = self.code << 8 | u32::from(self.bytes.get(self.at).copied().unwrap_or(0));
        self.at += 1;
    }

    /// Where in a table the code is; `None` past the end.
    fn look(&mut self) -> Option<u32> {
        if self.at > self.bytes.len() + AHEAD {
            return None;
        }
        self.step = self.range >> BITS;
        Some((self.code / self.step).min((1 << BITS) - 1))
    }

    fn take(&mut self, from: u32, frequency: u32) {
        self.code = self.code.wrapping_sub(self.step * from);
        self.range = self.step * frequency;
        self.normal();
    }

    fn get_bits(&mut self, count: u32) -> Option<u32> {
        if count > 16 {
            let high = self.get_bits(count - 16)?;
            return Some(high << 16 | self.get_bits(16)?);
        }
        self.range >>= count;
        let value = (self.code / self.range).min((1 << count) - 1);
        self.code = self.code.wrapping_sub(self.range * value);
        self.normal();
        (self.at <= self.bytes.len() + AHEAD).then_some(value)
    }

    fn normal(&mut self) {
        while self.range < 1 << 24 {
            self.range <<= 8;
            self.shift();
        }
    }

    fn is_at_end(&self) -> bool {
        self.at == self.bytes.len() + AHEAD
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn there_and_back(samples: &[[i16; AXES]]) {
        let mut bytes = Vec::new();
        encode(samples, &mut bytes);
        assert!(bytes.len() <= 20 * samples.len() + HEAD + 8, "{} bytes for {}", bytes.len(), samples.len());
        assert_eq!(decode(&bytes, samples.len()).as_deref(), Some(samples));
    }

    proptest! {
        #[test]
        fn any_counts_come_back(samples in prop::collection::vec(any::<[i16; AXES]>(), 0..300)) {
            there_and_back(&samples);
        }

        #[test]
        fn smooth_counts_come_back(start in any::<[i16; AXES]>(), steps in prop::collection::vec(-40i16..40, 1..300)) {
            let mut now = start;
            let samples: Vec<_> = steps.iter().map(|step| { now = now.map(|v| v.wrapping_add(*step)); now }).collect();
            there_and_back(&samples);
        }

        #[test]
        fn jumps_out_of_stillness_come_back(
            still in any::<[i16; AXES]>(),
            jumps in prop::collection::vec((0usize..200, any::<[i16; AXES]>()), 0..6),
        ) {
            let mut samples = vec![still; 200];
            for (at, jump) in jumps {
                samples[at] = jump;
            }
            there_and_back(&samples);
        }

        #[test]
        fn random_bytes_neither_panic_nor_allocate_more_than_a_chunk_holds(
            bytes in prop::collection::vec(any::<u8>(), 0..400),
            n in any::<usize>(),
            few in 0usize..400,
        ) {
            for n in [n, few] {
                if let Some(samples) = decode(&bytes, n) {
                    prop_assert_eq!(samples.len(), n);
                    prop_assert!(n <= SAMPLES_MAX);
                }
            }
        }
    }

    #[test]
    fn the_hardest_signals_come_back() {
        let square = |i: usize| if i.is_multiple_of(2) { i16::MIN } else { i16::MAX };
        there_and_back(&(0..200).map(|i| [square(i); AXES]).collect::<Vec<_>>());
        there_and_back(&(0..200).map(|i| [square(i / 100); AXES]).collect::<Vec<_>>());
        there_and_back(&[[0; AXES]; 130]);
        there_and_back(&[[i16::MIN; AXES]]);
        there_and_back(&vec![[7; AXES]; SAMPLES_MAX]);
        there_and_back(&[]);
    }

    #[test]
    fn a_still_cuff_costs_next_to_nothing() {
        let mut bytes = Vec::new();
        encode(&[[17, -3, 2048, 0, 1, -1]; 128], &mut bytes);
        assert!(bytes.len() < 60, "{}", bytes.len());
    }

    #[test]
    fn the_tables_are_the_same_for_ever() {
        let bytes: Vec<u8> = CODE.iter().flatten().flat_map(|beginning| beginning.to_le_bytes()).collect();
        assert_eq!(crc32c::crc32c(&bytes), TABLES_CRC);
        for table in CODE.iter() {
            assert!(table.windows(2).all(|pair| pair[0] < pair[1]), "everything can be said");
        }
    }

    /// Of every table's beginnings, little-endian: another sum would be another format.
    const TABLES_CRC: u32 = 4_041_002_638;
}
