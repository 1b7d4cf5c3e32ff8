//! Cuffs made wrong on purpose: a good cuff, and one [`CuffFlaw`] in what it says or does.

use crate::cuff::VirtualCuff;
use crate::device::{Device, News, Refused};
use crate::leg::Act;
use talus_cuff::driver::cmp;
use talus_cuff::transport::Advert;
use uuid::Uuid;

/// What is wrong with a cuff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CuffFlaw {
    /// Its service data is cut short.
    ShortBeacon,
    /// Its name is not its number.
    StrangeName,
    /// A characteristic is missing.
    NoEvents,
    /// Motion data can be read.
    ReadableMotion,
    /// It says it is of version 2.
    SecondVersion,
    /// It does not offer 100 Hz.
    NoHundredHertz,
    /// Its battery is at 200 %.
    FullBattery,
    /// It takes commands nobody could hear answered.
    DeafCommands,
    /// It says it did what it does not know.
    KnowsEverything,
    /// It takes any rate.
    AnyRate,
    /// It refuses commands with bytes behind them.
    StrictLength,
    /// It states four times its scale.
    WrongScale,
    /// It never sends a frame.
    Silent,
    /// Its index counts frames.
    CountsFrames,
    /// Its stamps are milliseconds.
    Milliseconds,
    /// It says it stopped and goes on.
    KeepsOn,
    /// It forgets its session with the link.
    Forgetful,
    /// Its answers about time are of another clock.
    OtherClock,
    /// It blinks as long as it is told.
    BlinksOn,
    /// It says it kept what was missed, and has nothing of it.
    KeepsNothing,
    /// What it kept is sent under a wrong checksum.
    WrongChecksum,
    /// It takes any session for the one that runs.
    AnySession,
}

/// A cuff with a flaw.
#[derive(Debug)]
pub(crate) struct Flawed {
    pub(crate) cuff: VirtualCuff,
    pub(crate) flaw: CuffFlaw,
    pub(crate) listening: bool,
    pub(crate) frames: u32,
}

impl Flawed {
    /// An answer of the control point.
    fn says(op: u8, outcome: u8) -> Vec<News> {
        vec![(cmp::CONTROL_POINT, vec![0x80, op, outcome])]
    }
}

impl Device for Flawed {
    fn advertise(&self, now_us: i64, advert: &mut Advert) {
        self.cuff.advertise(now_us, advert);
        match self.flaw {
            CuffFlaw::ShortBeacon => advert.service_data[0].1.truncate(2),
            CuffFlaw::StrangeName => advert.name = "CUF-????".into(),
            _ => {}
        }
    }

    fn number(&self) -> [u8; 2] {
        self.cuff.number()
    }

    fn characteristics(&self) -> Vec<Uuid> {
        let mut offered = self.cuff.characteristics();
        offered.retain(|uuid| self.flaw != CuffFlaw::NoEvents || *uuid != cmp::EVENTS);
        offered
    }

    fn connect(&mut self, now_us: i64) -> u16 {
        self.cuff.connect(now_us)
    }

    fn disconnect(&mut self, now_us: i64) {
        self.listening = false;
        self.cuff.disconnect(now_us);
        if self.flaw == CuffFlaw::Forgetful {
            self.cuff.reboot(now_us);
        }
    }

    fn read(&self, now_us: i64, characteristic: Uuid) -> Result<Vec<u8>, Refused> {
        if self.flaw == CuffFlaw::ReadableMotion && characteristic == cmp::MOTION_DATA {
            return Ok(vec![]);
        }
        let mut bytes = self.cuff.read(now_us, characteristic)?;
        match (self.flaw, characteristic) {
            (CuffFlaw::SecondVersion, cmp::CUFF_INFO) => bytes[0] = 2,
            // Bit 3 of the rates is 100 Hz.
            (CuffFlaw::NoHundredHertz, cmp::STREAMS) => bytes[2] &= !(1 << 3),
            (CuffFlaw::FullBattery, cmp::BATTERY_LEVEL) => bytes[0] = 200,
            _ => {}
        }
        Ok(bytes)
    }

    fn subscribe(&mut self, characteristic: Uuid) -> Result<(), Refused> {
        self.listening |= characteristic == cmp::CONTROL_POINT;
        self.cuff.subscribe(characteristic)
    }

    fn write(&mut self, now_us: i64, characteristic: Uuid, bytes: &[u8]) -> Result<Vec<News>, Refused> {
        if characteristic == cmp::CONTROL_POINT {
            match (self.flaw, bytes) {
                (CuffFlaw::DeafCommands, _) if !self.listening => return Ok(vec![]),
                (CuffFlaw::KnowsEverything, [op @ 0x60..=0x6F, ..])
                | (CuffFlaw::KeepsOn, [op @ 0x03, ..])
                | (CuffFlaw::BlinksOn, [op @ 0x05, _, 31..=255]) => return Ok(Self::says(*op, 1)),
                (CuffFlaw::StrictLength, [op @ 0x04, _, ..]) => return Ok(Self::says(*op, 3)),
                _ => {}
            }
        }
        let mut answers = self.cuff.write(now_us, characteristic, bytes)?;
        if self.flaw == CuffFlaw::KeepsNothing {
            answers.retain(|(from, _)| *from != cmp::LOG_DATA);
        }
        for (from, answer) in &mut answers {
            match (self.flaw, *from) {
                (CuffFlaw::AnyRate, cmp::CONTROL_POINT) if answer[..3] == [0x80, 0x01, 3] => answer[2] = 1,
                (CuffFlaw::WrongScale, cmp::CONTROL_POINT) if answer[..3] == [0x80, 0x01, 1] => {
                    let mut scale = [0; 4];
                    scale.copy_from_slice(&answer[6..10]);
                    answer[6..10].copy_from_slice(&(f32::from_le_bytes(scale) * 4.0).to_le_bytes());
                }
                // How many blocks it sent.
                (CuffFlaw::KeepsNothing, cmp::CONTROL_POINT) if answer[..3] == [0x80, 0x13, 1] => {
                    answer.truncate(7);
                    answer.extend([0, 0]);
                }
                (CuffFlaw::WrongChecksum, cmp::LOG_DATA) => answer[2] ^= 1,
                (CuffFlaw::AnySession, cmp::CONTROL_POINT) if answer[..3] == [0x80, 0x13, 3] => {
                    *answer = [&[0x80, 0x13, 1][..], &[0; 6]].concat();
                }
                // The third byte of eight is 65 ms, the fifth 4,295 s.
                (CuffFlaw::OtherClock, cmp::TIME_SYNC) => {
                    for at in [12, 20] {
                        answer[at + 3] = answer[at + 3].wrapping_add(99);
                    }
                }
                _ => {}
            }
        }
        Ok(answers)
    }

    fn answered(&mut self, characteristic: Uuid) {
        self.cuff.answered(characteristic);
    }

    fn frame_due(&self) -> Option<i64> {
        self.cuff.frame_due().filter(|_| self.flaw != CuffFlaw::Silent)
    }

    fn frames(&mut self) -> Vec<News> {
        let mut frames = self.cuff.frames();
        for (_, bytes) in &mut frames {
            match self.flaw {
                CuffFlaw::CountsFrames => {
                    bytes[4..8].copy_from_slice(&self.frames.to_le_bytes());
                    self.frames += 1;
                }
                CuffFlaw::Milliseconds => {
                    let mut stamp = [0; 4];
                    stamp.copy_from_slice(&bytes[8..12]);
                    bytes[8..12].copy_from_slice(&(u32::from_le_bytes(stamp) / 1000).to_le_bytes());
                }
                _ => {}
            }
        }
        frames
    }

    fn skip_to(&mut self, now_us: i64) {
        self.cuff.skip_to(now_us);
    }

    fn battery(&self, now_us: i64) -> u8 {
        self.cuff.charge(now_us)
    }

    fn act(&mut self, now_us: i64, act: Act) -> bool {
        self.cuff.act(now_us, act)
    }

    fn idle(&self, now_us: i64) -> bool {
        self.cuff.idle(now_us)
    }

    fn reboot(&mut self, now_us: i64) {
        self.cuff.reboot(now_us);
    }
}
