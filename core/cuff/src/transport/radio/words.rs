//! What a platform's library says, in our words.

use crate::transport::{Advert, RadioState, Refusal};
use btleplug::api::CentralState;
use uuid::Uuid;

/// The first line of a platform's message, bounded.
pub(super) fn short(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(160).collect()
}

/// What an error of the library means. It has few kinds of its own: most of a platform's word is only in the text.
pub(super) fn refusal(error: &btleplug::Error) -> Refusal {
    match error {
        // Of the system: Android's permission that was taken back, an app Windows does not trust. Bonds have other words.
        btleplug::Error::PermissionDenied => Refusal::NotAllowed,
        btleplug::Error::DeviceNotFound | btleplug::Error::NotConnected => Refusal::NotReachable,
        btleplug::Error::NoSuchCharacteristic => Refusal::MissingCharacteristic,
        btleplug::Error::TimedOut(_) => Refusal::Timeout,
        btleplug::Error::NoAdapterAvailable => Refusal::RadioUnavailable,
        // What it displays of BlueZ's errors is their message alone ("Not Connected"); their names are in what it debugs.
        other => refusal_of(&format!("{other} {other:?}")),
    }
}

/// What the text of a platform's error means.
fn refusal_of(text: &str) -> Refusal {
    // BlueZ: "Operation failed with ATT error: 0x0e".
    if let Some((_, code)) = text.split_once("ATT error: 0x") {
        let digits: String = code.chars().take_while(char::is_ascii_hexdigit).take(2).collect();
        if let Ok(code) = u8::from_str_radix(&digits, 16) {
            return if matches!(code, 0x05 | 0x08 | 0x0F) { Refusal::NeedsBond } else { Refusal::Att(code) };
        }
    }
    // It has no number for these two.
    for (words, code) in [("Read not permitted", 0x02), ("Write not permitted", 0x03)] {
        if text.contains(words) {
            return Refusal::Att(code);
        }
    }
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["NotAuthorized", "NotPermitted", "AuthenticationFailed", "Not paired", "nsufficient"]) {
        Refusal::NeedsBond
    } else if has(&["NotConnected", "Not connected", "UnknownObject", "le-connection-abort", "DoesNotExist"]) {
        Refusal::NotReachable
    } else if has(&["NotReady", "NotAvailable", "ServiceUnknown"]) {
        Refusal::RadioUnavailable
    } else if has(&["imed out", "imeout", "NoReply"]) {
        Refusal::Timeout
    } else {
        Refusal::Other
    }
}

pub(super) fn radio_state(state: &CentralState) -> RadioState {
    match state {
        CentralState::PoweredOff => RadioState::Off,
        // Some platforms never say more than "unknown"; what is asked then fails with its own reason.
        CentralState::PoweredOn | CentralState::Unknown => RadioState::On,
    }
}

pub(super) fn wanted(advert: &Advert, services: &[Uuid]) -> bool {
    let offers = |uuid: &Uuid| advert.services.contains(uuid) || advert.service_data.iter().any(|(key, _)| key == uuid);
    services.is_empty() || services.iter().any(offers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::PeripheralId;

    #[test]
    fn the_words_of_platforms_become_refusals() {
        for (text, expected) in [
            ("org.bluez.Error.Failed: Operation failed with ATT error: 0x80", Refusal::Att(0x80)),
            ("Operation failed with ATT error: 0x0f (Insufficient encryption)", Refusal::NeedsBond),
            ("org.bluez.Error.NotAuthorized", Refusal::NeedsBond),
            ("org.bluez.Error.NotPermitted: Not paired", Refusal::NeedsBond),
            ("org.bluez.Error.NotPermitted: Read not permitted", Refusal::Att(0x02)),
            ("org.bluez.Error.NotConnected: Not Connected", Refusal::NotReachable),
            (
                "Not Connected Other(DbusError(D-Bus error: Not Connected (org.bluez.Error.NotConnected)))",
                Refusal::NotReachable,
            ),
            ("org.bluez.Error.NotReady: Resource Not Ready", Refusal::RadioUnavailable),
            ("Service discovery timed out", Refusal::Timeout),
            ("something new", Refusal::Other),
        ] {
            assert_eq!(refusal_of(text), expected, "{text}");
        }
        assert_eq!(refusal(&btleplug::Error::DeviceNotFound), Refusal::NotReachable);
        assert_eq!(refusal(&btleplug::Error::PermissionDenied), Refusal::NotAllowed);
    }

    #[test]
    fn only_wanted_services_are_handed_on() {
        let service = Uuid::from_u128(1);
        let mut advert = Advert {
            id: PeripheralId("a".into()),
            name: String::new(),
            rssi_dbm: None,
            services: vec![],
            service_data: vec![],
            manufacturer_data: vec![],
        };
        assert!(!wanted(&advert, &[service]) && wanted(&advert, &[]));
        advert.service_data.push((service, vec![]));
        assert!(wanted(&advert, &[service]));
    }
}
