//! What is around: the cuffs a person can choose from while pairing.

use crate::driver::{Sighting, recognise};
use crate::transport::{Heard, PeripheralId};
use std::collections::BTreeMap;
use talus_motion::Micros;

/// Most devices kept: a gym full of cuffs, and no more than that for someone who makes them up.
const NEARBY_MAX: usize = 64;
/// A device not seen for this long is gone: cuffs advertise at least once in 1.0225 s.
const STALE_US: i64 = 10_000_000;

/// A cuff that is around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// What it says about itself.
    pub sighting: Sighting,
    /// How this platform names it.
    pub id: PeripheralId,
    /// Newest signal strength, dBm, where known.
    pub rssi_dbm: Option<i16>,
    /// When it was last seen.
    pub seen: Micros,
}

/// Collects advertisements of cuffs; others are never kept.
#[derive(Debug, Default)]
pub struct Nearby {
    known: BTreeMap<PeripheralId, Near>,
}

impl Nearby {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what the radio heard; everything but advertisements of cuffs is ignored.
    pub fn hear(&mut self, at: Micros, heard: &Heard) {
        let Heard::Advert(advert) = heard else { return };
        let Some(mut sighting) = recognise(advert) else { return };
        if let Some(before) = self.known.get(&advert.id) {
            // Advertisement and scan response may be handed on one by one: keep what only the other one tells.
            if sighting.name.is_empty() {
                sighting.name.clone_from(&before.sighting.name);
            }
            let only_half = advert.service_data.is_empty();
            if only_half {
                sighting = Sighting { name: sighting.name, ..before.sighting.clone() };
            }
        } else if self.known.len() >= NEARBY_MAX {
            self.known.retain(|_, near| at.since(near.seen) < STALE_US);
            if self.known.len() >= NEARBY_MAX && !self.push_out_weaker(advert.rssi_dbm) {
                return;
            }
        }
        let id = advert.id.clone();
        let rssi_dbm = advert.rssi_dbm.or_else(|| self.known.get(&id).and_then(|near| near.rssi_dbm));
        self.known.insert(id.clone(), Near { sighting, id, rssi_dbm, seen: at });
    }

    /// Makes room by dropping the weakest device, if that is weaker than `rssi_dbm`.
    fn push_out_weaker(&mut self, rssi_dbm: Option<i16>) -> bool {
        let weakest = self.known.values().min_by_key(|near| near.rssi_dbm).map(|near| (near.rssi_dbm, near.id.clone()));
        match weakest {
            Some((weakest_dbm, id)) if weakest_dbm < rssi_dbm => self.known.remove(&id).is_some(),
            _ => false,
        }
    }

    /// What is around now, strongest signal first.
    pub fn list(&self, now: Micros) -> Vec<Near> {
        let mut near: Vec<_> = self.known.values().filter(|near| now.since(near.seen) < STALE_US).cloned().collect();
        near.sort_by(|a, b| b.rssi_dbm.cmp(&a.rssi_dbm).then_with(|| a.id.cmp(&b.id)));
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::cmp;
    use crate::transport::Advert;

    fn advert(id: &str, rssi_dbm: Option<i16>) -> Advert {
        Advert {
            id: PeripheralId(id.into()),
            name: format!("CUF-{id}"),
            rssi_dbm,
            services: vec![cmp::SERVICE],
            service_data: vec![(cmp::SERVICE, vec![0x41, 80, 30])],
            manufacturer_data: vec![],
        }
    }

    #[test]
    fn cuffs_are_listed_by_signal_and_forgotten_after_ten_seconds() {
        let mut nearby = Nearby::new();
        nearby.hear(Micros(0), &Heard::Advert(advert("old", Some(-30))));
        nearby.hear(Micros(5_000_000), &Heard::Advert(advert("far", Some(-80))));
        nearby.hear(Micros(5_000_000), &Heard::Advert(advert("near", Some(-40))));
        nearby.hear(Micros(5_000_000), &Heard::Advert(advert("unknown", None)));
        let other = Advert { services: vec![], service_data: vec![], ..advert("CUF-0000", Some(-20)) };
        nearby.hear(Micros(5_000_000), &Heard::Advert(other));
        let names = |now| nearby.list(Micros(now)).into_iter().map(|near| near.id.0).collect::<Vec<_>>();
        assert_eq!(names(9_999_999), ["old", "near", "far", "unknown"]);
        assert_eq!(names(10_000_000), ["near", "far", "unknown"]);
        assert_eq!(names(15_000_000), Vec::<String>::new());
    }

    #[test]
    fn halves_of_an_advertisement_are_put_together() {
        let mut nearby = Nearby::new();
        nearby.hear(Micros(0), &Heard::Advert(advert("a", Some(-50))));
        let half = Advert { name: String::new(), service_data: vec![], rssi_dbm: None, ..advert("a", None) };
        nearby.hear(Micros(1), &Heard::Advert(half));
        let list = nearby.list(Micros(2));
        assert_eq!((list[0].sighting.name.as_str(), list[0].sighting.mass_g), ("CUF-a", Some(1500)));
        assert_eq!((list[0].rssi_dbm, list[0].seen), (Some(-50), Micros(1)));
    }

    #[test]
    fn a_flood_of_made_up_devices_stays_bounded_and_keeps_the_strongest() {
        let mut nearby = Nearby::new();
        for i in 0..1000i16 {
            nearby.hear(Micros(0), &Heard::Advert(advert(&format!("{i:04}"), Some(-100 + i % 60))));
        }
        nearby.hear(Micros(1), &Heard::Advert(advert("mine", Some(-35))));
        let list = nearby.list(Micros(1));
        assert_eq!((list.len(), list[0].id.0.as_str()), (NEARBY_MAX, "mine"));
        nearby.hear(Micros(20_000_000), &Heard::Advert(advert("weak", Some(-99))));
        assert_eq!(nearby.list(Micros(20_000_000)).len(), 1);
    }
}
