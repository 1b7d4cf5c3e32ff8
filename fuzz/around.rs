//! Whatever advertises itself is told in bounds or left alone, and whatever a standard service says is a value or an error.
//!
//! The first byte says which: an even one, and the rest is a list of what a room full of devices advertises, each a few parts
//! and then a mark that it is sent; an odd one, and the next byte picks a standard characteristic, whose value the rest is.
#![no_main]

mod bytes;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use talus_cuff::driver::cmp;
use talus_cuff::driver::standard::{HeartRate, RunningSpeed, battery, text};
use talus_cuff::driver::{display_name, recognise};
use talus_cuff::nearby::Nearby;
use talus_cuff::transport::{Advert, Heard, PeripheralId};
use talus_motion::Micros;
use uuid::Uuid;

/// Most characters of a name or version that are shown, and most devices that are kept.
const SHOWN_MAX: usize = 24;
const NEARBY_MAX: usize = 64;

impl Bytes<'_> {
    fn short(&mut self) -> u16 {
        u16::from(self.byte()) | u16::from(self.byte()) << 8
    }

    /// Our own service, one of the SIG's, or any.
    fn uuid(&mut self) -> Uuid {
        match self.byte() % 3 {
            0 => cmp::SERVICE,
            1 => Uuid::from_u128(0x0000_0000_0000_1000_8000_0080_5f9b_34fb | u128::from(self.short()) << 96),
            _ => {
                let mut whole = [0; 16];
                let bytes = self.slice(16);
                whole[..bytes.len()].copy_from_slice(bytes);
                Uuid::from_bytes(whole)
            }
        }
    }
}

fn blank() -> Advert {
    Advert {
        id: PeripheralId(String::new()),
        name: String::new(),
        rssi_dbm: None,
        services: Vec::new(),
        service_data: Vec::new(),
        manufacturer_data: Vec::new(),
    }
}

fn harmless(shown: &str) {
    assert!(shown.chars().count() <= SHOWN_MAX && !shown.chars().any(char::is_control), "{shown:?}");
    assert_eq!(display_name(shown), shown);
}

fn adverts(mut bytes: Bytes<'_>) {
    let (mut nearby, mut advert, mut now) = (Nearby::new(), blank(), Micros(0));
    while !bytes.0.is_empty() {
        match bytes.byte() % 8 {
            0 => {
                let len = usize::from(bytes.byte());
                advert.name = String::from_utf8_lossy(bytes.slice(len)).into_owned();
            }
            1 => advert.services.push(bytes.uuid()),
            2 => {
                let (uuid, len) = (bytes.uuid(), usize::from(bytes.byte()));
                advert.service_data.push((uuid, bytes.slice(len).to_vec()));
            }
            3 => {
                let (company, len) = (bytes.short(), usize::from(bytes.byte()));
                advert.manufacturer_data.push((company, bytes.slice(len).to_vec()));
            }
            4 => advert.rssi_dbm = Some(bytes.short().cast_signed()),
            5 => now = now.plus(i64::from(bytes.byte()) * 100_000),
            _ => {
                advert.id = PeripheralId(format!("x{}", bytes.byte()));
                if let Some(sighting) = recognise(&advert) {
                    harmless(&sighting.name);
                    assert!(sighting.battery_percent.is_none_or(|percent| percent <= 100), "{sighting:?}");
                }
                nearby.hear(now, &Heard::Advert(std::mem::replace(&mut advert, blank())));
                let list = nearby.list(now);
                assert!(list.len() <= NEARBY_MAX, "{} are kept", list.len());
                assert!(list.windows(2).all(|pair| pair[0].rssi_dbm >= pair[1].rssi_dbm), "not by signal");
                list.iter().for_each(|near| harmless(&near.sighting.name));
            }
        }
    }
}

fn standard(mut bytes: Bytes<'_>) {
    match bytes.byte() % 4 {
        0 => assert!(battery(bytes.0).is_ok_and(|percent| percent <= 100) || battery(bytes.0).is_err()),
        1 => harmless(&text(bytes.0)),
        2 => {
            if let Ok(rate) = HeartRate::decode(bytes.0) {
                assert!(rate.intervals.len() * 2 <= bytes.0.len());
            }
        }
        _ => {
            if let Ok(speed) = RunningSpeed::decode(bytes.0) {
                assert!((0.0..256.0).contains(&speed.speed_mps) && speed.stride_m.is_none_or(|m| m <= 656.0), "{speed:?}");
            }
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    if bytes.byte() % 2 == 0 { adverts(bytes) } else { standard(bytes) }
});
