//! MbientLab MetaMotion (MMR, MMC: BMI160; MMS, RL: BMI270): registers written and read over two characteristics.
//!
//! Facts: mbientlab/MetaWear-SDK-Cpp `core/module.h`, `impl/cpp/metawearboard.cpp`, `sensor/cpp/{accelerometer_bosch,
//! gyro_bosch,sensor_fusion}`, `core/cpp/event_register.h` and its tests. Notifications carry neither time nor number,
//! and acceleration and angular rate come each by themselves: times are estimated, the two are paired by count.
//!
//! A trap of the wire: `13 05` heads one sample of a BMI160 and three of a BMI270.

use super::bytes::{DecodeError, Reader};
use super::grid::Grid;
use super::pairing::ByCount;
use super::script::Script;
use super::{Family, Op, Packet, Peer, StreamSetup, Talk, TalkError, Told, standard};
use crate::link::{CuffCard, Wish};
use crate::transport::{Advert, Refusal};
use talus_motion::{BlockFlags, Counts, Timing};
use uuid::Uuid;

/// The service, which it advertises.
pub const SERVICE: Uuid = Uuid::from_u128(0x326a_9000_85cb_9195_d9dd_464c_fbba_e75a);
/// What it is told (write without response).
pub const COMMAND: Uuid = Uuid::from_u128(0x326a_9001_85cb_9195_d9dd_464c_fbba_e75a);
/// What it sends (notify).
pub const NOTIFY: Uuid = Uuid::from_u128(0x326a_9006_85cb_9195_d9dd_464c_fbba_e75a);

const WHAT: &str = "register answer";
const LED: u8 = 0x02;
const ACC: u8 = 0x03;
const EVENT: u8 = 0x0A;
const SETTINGS: u8 = 0x11;
const GYR: u8 = 0x13;
/// Bit of a register number that asks for its value.
const READ: u8 = 0x80;
/// Register of the battery.
const BATTERY: u8 = 0x0C;
/// Samples of a packed notification.
const PACKED: usize = 3;
/// Rates of both sensors that a phone's connection carries, Hz, and their number, to which 26h is added.
const RATES_HZ: [u16; 3] = [25, 50, 100];
/// How long its light blinks to show it, microseconds.
const BLINK_US: i64 = 5_000_000;

/// Whether an advertisement is from this family.
pub(super) fn matches(advert: &Advert) -> bool {
    advert.services.contains(&SERVICE)
}

/// The inertial sensor on the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chip {
    /// Boards of the first kind.
    Bmi160,
    /// Boards of the second kind.
    Bmi270,
}

impl Chip {
    /// The chip as the accelerometer's module names its implementation.
    fn of_acc(implementation: u8) -> Option<Self> {
        match implementation {
            1 => Some(Self::Bmi160),
            4 => Some(Self::Bmi270),
            _ => None,
        }
    }

    /// The chip as the gyroscope's module names its implementation.
    fn of_gyr(implementation: u8) -> Option<Self> {
        match implementation {
            0 => Some(Self::Bmi160),
            1 => Some(Self::Bmi270),
            _ => None,
        }
    }

    /// Registers of three samples of acceleration, and of angular rate.
    fn packed(self) -> [u8; 2] {
        match self {
            Self::Bmi160 => [0x1C, 0x07],
            Self::Bmi270 => [0x05, 0x05],
        }
    }

    /// Registers of one sample of acceleration, and of angular rate.
    fn single(self) -> [u8; 2] {
        match self {
            Self::Bmi160 => [0x04, 0x05],
            Self::Bmi270 => [0x04, 0x04],
        }
    }
}

/// What a notification holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer<'a> {
    /// Samples of acceleration, counts.
    Acc(&'a [u8]),
    /// Samples of angular rate, counts.
    Gyr(&'a [u8]),
    /// A module: its implementation, `None` where the board has no such module.
    Module(u8, Option<u8>),
    /// Battery: per cent, millivolts.
    Battery(u8, u16),
    /// Something else.
    Other,
}

impl<'a> Answer<'a> {
    /// Reads a notification of a board with this chip.
    pub fn decode(chip: Option<Chip>, bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(WHAT, bytes);
        let (module, register) = (reader.u8()?, reader.u8()?);
        let holds = |side: usize| {
            chip.and_then(|chip| match register {
                _ if chip.packed()[side] == register => Some(PACKED * 6),
                _ if chip.single()[side] == register => Some(6),
                _ => None,
            })
        };
        Ok(match (module, register) {
            (ACC, _) if holds(0).is_some() => Self::Acc(reader.slice(holds(0).unwrap_or(6))?),
            (GYR, _) if holds(1).is_some() => Self::Gyr(reader.slice(holds(1).unwrap_or(6))?),
            (_, READ) => Self::Module(module, reader.rest().first().copied()),
            (SETTINGS, register) if register == READ | BATTERY => Self::Battery(reader.u8()?, reader.u16()?),
            _ => Self::Other,
        })
    }
}

/// The samples of an [`Answer`].
fn samples(bytes: &[u8]) -> impl Iterator<Item = [i16; 3]> {
    let word = |pair: &[u8]| i16::from_le_bytes([pair[0], pair[1]]);
    bytes.chunks_exact(6).map(move |six| [word(&six[..2]), word(&six[2..4]), word(&six[4..])])
}

/// Orientation as the firmware computes it: w, x, y, z of the fusion module's register 7.
pub fn fusion_quaternion(bytes: &[u8]) -> Result<[f32; 4], DecodeError> {
    let mut reader = fusion(bytes, 0x07)?;
    Ok([reader.f32()?, reader.f32()?, reader.f32()?, reader.f32()?])
}

/// Corrected acceleration of the fusion module's register 4: mg, and how far it is calibrated, 0 to 3.
pub fn fusion_acc(bytes: &[u8]) -> Result<([f32; 3], u8), DecodeError> {
    let mut reader = fusion(bytes, 0x04)?;
    Ok((reader.axes_f32()?, reader.u8()?))
}

fn fusion(bytes: &[u8], register: u8) -> Result<Reader<'_>, DecodeError> {
    let mut reader = Reader::new("fusion answer", bytes);
    match (reader.u8()?, reader.u8()?) {
        (0x19, found) if found == register => Ok(reader),
        (_, value) => Err(DecodeError::Unknown { what: "fusion answer", value }),
    }
}

/// The accelerometer's configuration: nearest rate of 25, 50, 100, 200, 400 Hz by number, nearest range not below.
pub fn acc_config(chip: Chip, rate: u8, acc_g: u8) -> ([u8; 4], u8) {
    let base = if chip == Chip::Bmi160 { 0x26 } else { 0xA6 };
    let index = [2, 4, 8, 16].iter().position(|range| *range >= acc_g).unwrap_or(3);
    let code = match chip {
        Chip::Bmi160 => [0x03, 0x05, 0x08, 0x0C][index],
        Chip::Bmi270 => index as u8,
    };
    ([ACC, 0x03, base + rate, code], 2 << index)
}

/// The gyroscope's configuration: as [`acc_config`], of 25, 50, 100, 200 Hz and ±125 to ±2,000 °/s.
pub fn gyr_config(rate: u8, gyr_dps: u16) -> ([u8; 4], u16) {
    let code = [2000, 1000, 500, 250, 125].iter().rposition(|range| *range >= gyr_dps).unwrap_or(0);
    ([GYR, 0x03, 0x26 + rate, code as u8], 2000 >> code)
}

/// The light: green, half a second on and off, ten times; then what plays it.
pub fn blink() -> [Vec<u8>; 2] {
    let pattern = [LED, 0x03, 0, 0x02, 0x1F, 0, 0, 0, 0x32, 0, 0, 0, 0xF4, 0x01, 0, 0, 0x0A];
    [pattern.to_vec(), vec![LED, 0x01, 0x01]]
}

/// The command that stops the light and forgets its pattern.
pub fn dark() -> [u8; 3] {
    [LED, 0x02, 0x01]
}

/// The motor at this share of its strength, per cent, for so many milliseconds.
pub fn buzz(percent: u8, ms: u16) -> [u8; 6] {
    let duty = (f32::from(percent.min(100)) * 2.48).round() as u8;
    let [low, high] = ms.to_le_bytes();
    [0x08, 0x01, duty, low, high, 0]
}

/// Configuration of the fusion: mode, ranges as indices (accelerometer 0 is ±2 g, gyroscope 0 is ±2,000 °/s).
pub fn fusion_config(mode: u8, acc_index: u8, gyr_index: u8) -> [u8; 4] {
    [0x19, 0x02, mode, (gyr_index + 1) << 4 | acc_index]
}

/// The family's own steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Prepare,
    Acc,
    Gyr,
    Start,
}

/// The conversation.
#[derive(Debug)]
pub struct MetaTalk {
    wish: Wish,
    /// Number of the rate in [`RATES_HZ`].
    rate: u8,
    chip: Option<Chip>,
    serial: String,
    /// Battery as the board tells it, where it has no battery service.
    battery_percent: Option<u8>,
    script: Script<Step>,
    grid: Grid,
    pairs: ByCount,
}

impl MetaTalk {
    /// A conversation that will ask for `wish`.
    pub fn new(wish: Wish) -> Self {
        let off = |index: &u8| (f64::from(RATES_HZ[usize::from(*index)]) - wish.rate_hz).abs();
        let rate = (0..RATES_HZ.len() as u8).min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or(2);
        Self {
            wish,
            rate,
            chip: None,
            serial: String::new(),
            battery_percent: None,
            script: Script::empty(),
            grid: Grid::over(16.0, 2000.0),
            pairs: ByCount::new(),
        }
    }

    fn command(bytes: &[u8], answered: bool) -> Op {
        let answer_on = answered.then_some(NOTIFY);
        Op::Write { characteristic: COMMAND, bytes: bytes.to_vec(), with_response: false, answer_on }
    }

    /// A module said which implementation it is: the running question is answered, or the board does not fit.
    fn module(&mut self, module: u8, implementation: Option<u8>, told: &mut Vec<Told>) -> Result<(), TalkError> {
        match (module, self.script.step()) {
            (ACC, Some(Step::Acc)) => {
                self.chip = Some(implementation.and_then(Chip::of_acc).ok_or(TalkError::Firmware)?);
            }
            (GYR, Some(Step::Gyr)) => {
                let chip = implementation.and_then(Chip::of_gyr).ok_or(TalkError::Firmware)?;
                if self.chip != Some(chip) {
                    return Err(TalkError::Firmware);
                }
                self.configure(chip);
            }
            _ => return Ok(()),
        }
        told.push(Told::Answered);
        Ok(())
    }

    /// Everything from the configuration to the start, once the chip is known.
    fn configure(&mut self, chip: Chip) {
        let (acc_config, acc_g) = acc_config(chip, self.rate, self.wish.acc_g);
        let (gyr_config, gyr_dps) = gyr_config(self.rate, self.wish.gyr_dps);
        let acc_per_g = 32_768.0 / f64::from(acc_g);
        let gyr_per_dps = 16.4 * 2000.0 / f64::from(gyr_dps);
        self.grid = Grid::counting(1.0 / acc_per_g, 1.0 / gyr_per_dps, f64::from(acc_g), f64::from(gyr_dps));
        let [acc, gyr] = chip.packed();
        // The board goes on after a link is lost: the event of a disconnection is told to stop both sensors.
        let on_loss = |module| [EVENT, 0x02, SETTINGS, 0x0A, 0xFF, module, 0x01, 0x01];
        let commands: [&[u8]; 15] = [
            &[ACC, 0x01, 0x00],
            &[GYR, 0x01, 0x00],
            &[EVENT, 0x05],
            &on_loss(ACC),
            &[EVENT, 0x03, 0x00],
            &on_loss(GYR),
            &[EVENT, 0x03, 0x00],
            &acc_config,
            &gyr_config,
            &[ACC, acc, 0x01],
            &[GYR, gyr, 0x01],
            &[ACC, 0x02, 0x01, 0x00],
            &[GYR, 0x02, 0x01, 0x00],
            &[ACC, 0x01, 0x01],
            &[GYR, 0x01, 0x01],
        ];
        for command in commands {
            self.script.then(Step::Start, Self::command(command, false));
        }
    }
}

impl Talk for MetaTalk {
    fn begin(&mut self, peer: &Peer<'_>) {
        self.chip = None;
        self.battery_percent = None;
        self.pairs.clear();
        self.serial = standard::number_of(peer.id);
        self.script = Script::begin(peer);
        self.script.then(Step::Prepare, Op::Subscribe(NOTIFY));
        if !self.script.offers(standard::BATTERY_LEVEL) {
            // Its answer is taken whenever it comes.
            self.script.then(Step::Prepare, Self::command(&[SETTINGS, READ | BATTERY], false));
        }
        self.script.then(Step::Acc, Self::command(&[ACC, READ], true));
        self.script.then(Step::Gyr, Self::command(&[GYR, READ], true));
    }

    fn next(&self) -> Option<Op> {
        self.script.next()
    }

    fn done(&mut self, bytes: &[u8]) -> Result<(), TalkError> {
        self.script.done(bytes);
        if !self.script.facts.serial.is_empty() {
            self.serial.clone_from(&self.script.facts.serial);
        }
        Ok(())
    }

    fn refused(&mut self, refusal: Refusal) -> Result<(), TalkError> {
        self.script.refused(refusal)
    }

    fn notified(&mut self, characteristic: Uuid, bytes: &[u8], told: &mut Vec<Told>) -> Result<(), TalkError> {
        if characteristic == standard::BATTERY_LEVEL {
            told.push(Told::Battery(standard::battery(bytes)?));
        }
        if characteristic != NOTIFY {
            return Ok(());
        }
        match Answer::decode(self.chip, bytes)? {
            Answer::Module(module, implementation) => return self.module(module, implementation, told),
            Answer::Battery(percent, _) if percent <= 100 => {
                self.battery_percent = Some(percent);
                told.push(Told::Battery(percent));
            }
            Answer::Acc(bytes) => {
                for sample in samples(bytes) {
                    self.pairs.acc(&[sample]);
                }
            }
            Answer::Gyr(bytes) => {
                for sample in samples(bytes) {
                    self.pairs.gyr(&[sample]);
                }
            }
            Answer::Battery(..) => return Err(DecodeError::Range { what: WHAT, field: "per cent" }.into()),
            Answer::Other => return Ok(()),
        }
        let (mut counts, mut flags) = (Counts::new(), BlockFlags::default());
        while let Some((pair, broken)) = self.pairs.next() {
            if broken || counts.is_full() {
                hand_on(&mut counts, flags, told);
                flags = if broken { BlockFlags::OVERRUN } else { BlockFlags::default() };
            }
            counts.push(pair);
        }
        hand_on(&mut counts, flags, told);
        Ok(())
    }

    fn card(&self) -> Option<CuffCard> {
        self.script.card(Family::MetaMotion, &self.serial)
    }

    fn battery_percent(&self) -> Option<u8> {
        self.battery_percent.or(self.script.facts.battery_percent)
    }

    fn setup(&self) -> Option<StreamSetup> {
        let rate_hz = f64::from(RATES_HZ[usize::from(self.rate)]);
        (self.script.over() && self.chip.is_some()).then(|| self.grid.setup(rate_hz, Timing::Estimated))
    }

    fn stop(&self) -> Vec<Op> {
        // Nothing runs before the last two steps.
        let Some(chip) = self.chip.filter(|_| self.script.remaining() <= 2) else { return Vec::new() };
        let [acc, gyr] = chip.packed();
        let commands: [&[u8]; 7] = [
            &[ACC, 0x01, 0x00],
            &[ACC, 0x02, 0x00, 0x01],
            &[GYR, 0x01, 0x00],
            &[GYR, 0x02, 0x00, 0x01],
            &[ACC, acc, 0x00],
            &[GYR, gyr, 0x00],
            &[EVENT, 0x05],
        ];
        commands.iter().map(|bytes| Self::command(bytes, false)).collect()
    }

    fn identify(&self) -> Vec<Op> {
        let [pattern, play] = blink();
        let told = [&pattern, &play].map(|bytes| Self::command(bytes, false));
        told.into_iter().chain([Op::Wait(BLINK_US), Self::command(&dark(), false)]).collect()
    }
}

fn hand_on(counts: &mut Counts, flags: BlockFlags, told: &mut Vec<Told>) {
    if !counts.is_empty() {
        let counts = std::mem::take(counts);
        told.push(Told::Samples(Packet {
            stream: 0,
            first_index: None,
            device_us: None,
            period_us: None,
            number: None,
            flags,
            counts,
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::vectors::hex;

    /// The samples of a notification times the unit of a count.
    fn read(chip: Chip, worked: &str, per_unit: f64) -> Vec<[f64; 3]> {
        let bytes = hex(worked);
        for len in 0..bytes.len() {
            let cut = Answer::decode(Some(chip), &bytes[..len]);
            assert!(matches!(cut, Err(DecodeError::Short { .. })), "{worked} cut to {len}: {cut:?}");
        }
        match Answer::decode(Some(chip), &bytes).unwrap() {
            Answer::Acc(bytes) | Answer::Gyr(bytes) => {
                samples(bytes).map(|counts| counts.map(|count| f64::from(count) / per_unit)).collect()
            }
            other => panic!("{worked}: {other:?}"),
        }
    }

    fn near(read: &[[f64; 3]], expected: &[[f64; 3]]) {
        assert_eq!(read.len(), expected.len());
        for (value, expected) in read.iter().flatten().zip(expected.iter().flatten()) {
            assert!((value - expected).abs() < 0.0006, "{value} is not {expected}");
        }
    }

    #[test]
    fn samples_read_the_worked_bytes() {
        let chip = Chip::Bmi160;
        near(&read(chip, "03 04 16 c4 94 a2 2a d0", 8192.0), &[[-1.872, -2.919, -1.495]]);
        let packed = "03 1c 62 b7 53 0d e9 fd 16 d0 4d 0e 57 02 8a ff a1 05 0a 01";
        let expected = [[-4.539, 0.833, -0.131], [-2.995, 0.894, 0.146], [-0.029, 0.352, 0.065]];
        near(&read(chip, packed, 4096.0), &expected);
        near(&read(chip, "13 05 3e 43 ff 7f 00 80", 65.6), &[[262.409, 499.497, -499.512]]);
        let packed = "13 07 09 15 ad 26 08 de 8a 1a 0d 26 65 e4 8d 20 ac 27 73 ec";
        let expected = [[164.177, 301.860, -265.122], [207.134, 296.982, -215.457], [254.055, 309.634, -152.591]];
        near(&read(chip, packed, 32.8), &expected);
    }

    #[test]
    fn one_header_means_one_sample_or_three_as_the_chip_is() {
        let bytes = [&[0x13, 0x05][..], &[0; 18]].concat();
        let count = |chip| match Answer::decode(Some(chip), &bytes) {
            Ok(Answer::Gyr(bytes)) => samples(bytes).count(),
            other => panic!("{other:?}"),
        };
        assert_eq!((count(Chip::Bmi160), count(Chip::Bmi270)), (1, 3));
        assert_eq!(Answer::decode(None, &bytes), Ok(Answer::Other));
    }

    #[test]
    fn the_scale_is_that_of_the_range_that_was_set() {
        let mut talk = MetaTalk::new(Wish { acc_g: 4, gyr_dps: 500, ..Wish::default() });
        talk.configure(Chip::Bmi160);
        let setup = talk.grid.setup(100.0, Timing::Estimated);
        assert!((setup.acc_mps2_per_count - 9.80665 / 8192.0).abs() < 1e-12);
        assert!((setup.gyr_radps_per_count.to_degrees() - 1.0 / 65.6).abs() < 1e-12);
        assert!((setup.gyr_range_radps.to_degrees() - 499.5).abs() < 0.6);
    }

    #[test]
    fn settings_light_and_motor_are_the_worked_bytes() {
        assert_eq!(acc_config(Chip::Bmi160, 2, 16), ([0x03, 0x03, 0x28, 0x0C], 16));
        assert_eq!(acc_config(Chip::Bmi270, 2, 8), ([0x03, 0x03, 0xA8, 0x02], 8));
        assert_eq!(acc_config(Chip::Bmi160, 4, 99).0, [0x03, 0x03, 0x2A, 0x0C]);
        assert_eq!(gyr_config(2, 2000), ([0x13, 0x03, 0x28, 0x00], 2000));
        assert_eq!(gyr_config(0, 125), ([0x13, 0x03, 0x26, 0x04], 125));
        assert_eq!(blink()[0], hex("02 03 00 02 1f 00 00 00 32 00 00 00 f4 01 00 00 0a"));
        assert_eq!((blink()[1].as_slice(), dark()), ([2, 1, 1].as_slice(), [2, 2, 1]));
        assert_eq!(buzz(100, 5000).to_vec(), hex("08 01 f8 88 13 00"));
        // ±16 g and ±2,000 °/s.
        assert_eq!(fusion_config(1, 3, 0), [0x19, 0x02, 0x01, 0x13]);
    }

    #[test]
    fn battery_modules_and_fusion_read_the_worked_bytes() {
        assert_eq!(Answer::decode(None, &hex("11 8c 63 34 10")), Ok(Answer::Battery(99, 4148)));
        assert_eq!(Answer::decode(None, &hex("03 80 04 00 01")), Ok(Answer::Module(3, Some(4))));
        assert_eq!(Answer::decode(None, &hex("13 80")), Ok(Answer::Module(0x13, None)));
        let q = fusion_quaternion(&hex("19 07 1b 9b 70 3f 8c 5e 4d bd 07 7f 1d be 78 02 9a be")).unwrap();
        for (value, expected) in q.iter().zip([0.940, -0.050, -0.154, -0.301]) {
            assert!((value - expected).abs() < 0.0006, "{q:?}");
        }
        let (mg, accuracy) = fusion_acc(&hex("19 04 20 3e 53 c5 0c fe 79 46 0c fe 79 c6 00")).unwrap();
        for (value, expected) in mg.iter().zip([-3379.9, 15999.5, -15999.5]) {
            assert!((value - expected).abs() < 0.06, "{mg:?}");
        }
        assert_eq!(accuracy, 0);
        assert!(fusion_acc(&hex("19 07 20")).is_err() && fusion_quaternion(&hex("19 07 1b 9b")).is_err());
    }
}
