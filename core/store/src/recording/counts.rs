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
//! code: the same bits everywhere. The scale, in quarters of an octave, chooses a table of `SYMBOLS` frequencies and
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
    let (chosen, sums, count) = choose(samples);
    let start = |axes: std::ops::Range<usize>| {
        let mean = axes.map(|axis| sums[chosen[axis]][axis]).sum::<f32>() / 3.0 / f32::max(count, 1.0);
        // Quarters, and half an octave up, so that the power below is the nearest one.
        ((4.0 * 1.41 * mean) as u32).max(1).ilog2().min(20)
    };
    let starts = [start(0..3), start(3..6)];
    let mut head = starts[0] << 18 | starts[1] << 23;
    for (axis, order) in chosen.iter().enumerate() {
        head |= (*order as u32) << (3 * axis);
    }
    out.extend_from_slice(&head.to_le_bytes());
    if further.is_empty() {
        return;
    }
    let code = &*CODE;
    let mut sink = Sink::new(out);
    let (mut before, mut scale) = (Before::new(lanes(first), chosen), Scale::new(starts));
    for sample in further {
        let now = lanes(sample);
        let guess = before.guess();
        let rests: Lanes = array::from_fn(|axis| now[axis] - guess[axis]);
        scale.begin();
        for (axis, rest) in rests.into_iter().enumerate().take(AXES) {
            let (table, low) = scale.of(axis);
            put(&mut sink, &code[table], low, rest);
            scale.saw(axis, rest);
        }
        scale.learn(&rests);
        before.then(now);
    }
    sink.finish();
}

fn lanes(sample: &[i16; AXES]) -> Lanes {
    let [a, b, c, d, e, f] = sample.map(i32::from);
    [a, b, c, d, e, f, 0, 0]
}

/// The predictor of each axis that is off by least, what each would be off by in sum, and over how many samples. Every
/// second sample is enough to tell.
fn choose(samples: &[[i16; AXES]]) -> ([usize; AXES], [Scales; ORDERS], f32) {
    let wide = |sample: &[i16; AXES]| -> Scales { lanes(sample).map(|value| value as f32) };
    let (mut sums, mut count) = ([[0f32; LANES]; ORDERS], 0.0);
    let mut add = |[third, second, first, now]: [&[i16; AXES]; 4]| {
        let (now, h, second, third) = (wide(now), wide(first), wide(second), wide(third));
        for axis in 0..LANES {
            let (x, d, e) = (now[axis], h[axis] - second[axis], second[axis] - third[axis]);
            let step = x - h[axis];
            sums[0][axis] += x.abs();
            sums[1][axis] += step.abs();
            sums[2][axis] += (step - d).abs();
            sums[3][axis] += (step - d - (d - e)).abs();
            sums[4][axis] += (step - 0.5 * d).abs();
            sums[5][axis] += (step - d - 0.5 * (d - e)).abs();
        }
        count += 1.0;
    };
    for four in samples.windows(4).step_by(2) {
        add([&four[0], &four[1], &four[2], &four[3]]);
    }
    // Too few for a look back at three: the first has always been there.
    if let [first, second] | [first, second, _] = samples {
        add([first, first, first, second]);
    }
    let least = |axis: usize| (0..ORDERS).min_by(|a, b| sums[*a][axis].total_cmp(&sums[*b][axis])).unwrap_or(0);
    (array::from_fn(least), sums, count)
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
    let chosen: [usize; AXES] = array::from_fn(|axis| (head >> (3 * axis) & 7) as usize);
    let starts = [head >> 18 & 31, head >> 23 & 31];
    if head >> 28 != 0 || chosen.iter().any(|order| *order >= ORDERS) || starts.iter().any(|start| *start > 20) {
        return None;
    }
    let mut samples = Vec::with_capacity(n);
    samples.push(first);
    if n == 1 {
        return rest.is_empty().then_some(samples);
    }
    let code = &*CODE;
    let mut source = Source::new(rest);
    let (mut before, mut scale) = (Before::new(lanes(&first), chosen), Scale::new(starts));
    for _ in 1..n {
        let guess = before.guess();
        let (mut rests, mut sample) = ([0; LANES], [0i16; AXES]);
        scale.begin();
        for axis in 0..AXES {
            let (table, low) = scale.of(axis);
            let rest = get(&mut source, &code[table], low)?;
            scale.saw(axis, rest);
            (rests[axis], sample[axis]) = (rest, i16::try_from(guess[axis].checked_add(rest)?).ok()?);
        }
        scale.learn(&rests);
        before.then(lanes(&sample));
        samples.push(sample);
    }
    source.is_at_end().then_some(samples)
}

/// Predictors there are.
const ORDERS: usize = 6;
/// Each as twice what it takes of the value before, the difference before and the one before that, and what it adds.
const TAKES: [[i32; 4]; ORDERS] =
    [[0, 0, 0, 0], [2, 0, 0, 0], [2, 2, 0, 0], [2, 4, -2, 0], [2, 1, 0, 1], [2, 3, -1, 1]];

/// What the predictors look at: the value before, the difference before, the one before that; and what each axis's takes.
struct Before {
    value: Lanes,
    difference: Lanes,
    earlier: Lanes,
    takes: [Lanes; 4],
}

impl Before {
    /// As if `value` had always been there.
    fn new(value: Lanes, chosen: [usize; AXES]) -> Self {
        let takes = array::from_fn(|of| array::from_fn(|axis| chosen.get(axis).map_or(0, |order| TAKES[*order][of])));
        Self { value, difference: [0; LANES], earlier: [0; LANES], takes }
    }

    fn then(&mut self, now: Lanes) {
        self.earlier = self.difference;
        self.difference = array::from_fn(|axis| now[axis] - self.value[axis]);
        self.value = now;
    }

    fn guess(&self) -> Lanes {
        let [value, difference, earlier, more] = &self.takes;
        array::from_fn(|axis| {
            let taken = value[axis] * self.value[axis]
                + difference[axis] * self.difference[axis]
                + earlier[axis] * self.earlier[axis];
            (taken + more[axis]) >> 1
        })
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
    let below = u64::from(shifted.cast_unsigned() & ((1 << low) - 1));
    let symbol = (step + MIDDLE).cast_unsigned() as usize;
    if symbol < BEYOND {
        let (from, to) = (u64::from(table[symbol]), u64::from(table[symbol + 1]));
        sink.put((from << low) + below * (to - from), to - from, BITS + low);
        return;
    }
    let from = u64::from(table[BEYOND]);
    sink.put(from, (1 << BITS) - from, BITS);
    // How far beyond, from 1 on: its length, then the bits after its first, its side, and what goes without a table.
    let far = step.unsigned_abs() - MIDDLE.unsigned_abs();
    let length = far.ilog2();
    sink.put(u64::from(length), 1, 5);
    sink.put(u64::from(far - (1 << length)), 1, length);
    sink.put(u64::from(step < 0), 1, 1);
    sink.put(below, 1, low);
}

fn get(source: &mut Source<'_>, table: &Table, low: u32) -> Option<i32> {
    let at = source.look(BITS + low)?;
    // The last outcome is coded without the low bits; its beginning is never before the end of all others.
    let symbol = table[1..SYMBOLS].partition_point(|beginning| u64::from(*beginning) <= at >> low);
    let (from, to) = (u64::from(table[symbol]), u64::from(table[symbol + 1]));
    let (step, below) = if symbol < BEYOND {
        let below = (at - (from << low)) / (to - from);
        source.take((from << low) + below * (to - from), to - from);
        ((symbol as u32).cast_signed() - MIDDLE, below)
    } else {
        source.look(BITS)?;
        source.take(from, to - from);
        let length = source.bits(5)? as u32;
        if length > 20 {
            return None;
        }
        let far = (1 << length) + source.bits(length)? as i32 + MIDDLE;
        (if source.bits(1)? == 1 { -far } else { far }, source.bits(low)?)
    };
    step.checked_mul(1 << low)?.checked_add(below as i32)?.checked_sub((1 << low) >> 1)
}

/// A range coder of 64 bits: four bytes go out at a time, and a carry goes back into those that went.
struct Sink<'a> {
    out: &'a mut Vec<u8>,
    begin: usize,
    low: u64,
    range: u64,
}

/// Below this, four bytes are settled.
const NARROW: u64 = 1 << 32;

impl<'a> Sink<'a> {
    fn new(out: &'a mut Vec<u8>) -> Self {
        Self { begin: out.len(), out, low: 0, range: u64::MAX }
    }

    /// `size` of two to the power of `bits` parts, from `from` on; `bits` is at most 32.
    #[inline]
    fn put(&mut self, from: u64, size: u64, bits: u32) {
        let step = self.range >> bits;
        let (low, carry) = self.low.overflowing_add(step * from);
        (self.low, self.range) = (low, step * size);
        if carry {
            self.carry();
        }
        if self.range < NARROW {
            self.out.extend_from_slice(&((self.low >> 32) as u32).to_be_bytes());
            self.low <<= 32;
            self.range <<= 32;
        }
    }

    #[cold]
    fn carry(&mut self) {
        for byte in self.out[self.begin..].iter_mut().rev() {
            *byte = byte.wrapping_add(1);
            if *byte != 0 {
                return;
            }
        }
    }

    /// Ends in the range with as few bytes as do: the rest a reader takes for zeros.
    fn finish(mut self) {
        for bytes in 1..=8 {
            let open = u64::MAX.checked_shr(8 * bytes).unwrap_or(0);
            let (end, carry) = self.low.overflowing_add(open);
            let end = end & !open;
            if end.wrapping_sub(self.low) < self.range {
                if carry {
                    self.carry();
                }
                return self.out.extend_from_slice(&end.to_be_bytes()[..bytes as usize]);
            }
        }
    }
}

struct Source<'a> {
    bytes: &'a [u8],
    at: usize,
    code: u64,
    range: u64,
    step: u64,
}

/// Bytes a reader holds at once.
const HELD: usize = 8;

impl<'a> Source<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let mut source = Self { bytes, at: 0, code: 0, range: u64::MAX, step: 0 };
        source.shift();
        source.shift();
        source
    }

    fn shift(&mut self) {
        for _ in 0..4 {
            self.code = self.code << 8 | u64::from(self.bytes.get(self.at).copied().unwrap_or(0));
            self.at += 1;
        }
    }

    /// Which of two to the power of `bits` parts the code is in; `None` past the end.
    fn look(&mut self, bits: u32) -> Option<u64> {
        if self.at >= self.bytes.len() + HELD {
            return None;
        }
        self.step = self.range >> bits;
        Some((self.code / self.step).min((1 << bits) - 1))
    }

    fn take(&mut self, from: u64, size: u64) {
        self.code = self.code.wrapping_sub(self.step * from);
        self.range = self.step * size;
        if self.range < NARROW {
            self.range <<= 32;
            self.shift();
        }
    }

    /// `count` bits, all as likely as any other.
    fn bits(&mut self, count: u32) -> Option<u64> {
        let value = self.look(count)?;
        self.take(value, 1);
        Some(value)
    }

    fn is_at_end(&self) -> bool {
        (self.at - HELD + 1..=self.at).contains(&self.bytes.len())
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
