//! The control point's worked bytes.

use super::control::{factor, features, start, stop};
use super::*;
use crate::driver::DecodeError;
use crate::driver::vectors::hex;

#[test]
fn settings_read_the_worked_bytes_and_are_chosen_from_what_is_offered() {
    let offered = hex("00 01 34 00 01 01 10 00 02 04 F5 00 F4 01 E8 03 D0 07 04 01 03");
    let settings = Settings::choose(&offered, 100.0, 2000).unwrap();
    let get = |id| settings.get(id);
    assert_eq!((get(SettingId::Rate), get(SettingId::Resolution)), (Some(52), Some(16)));
    assert_eq!((get(SettingId::Range), get(SettingId::Channels)), (Some(2000), Some(3)));
    assert_eq!(Settings::choose(&offered, 100.0, 400).unwrap().get(SettingId::Range), Some(500));
    for len in 0..offered.len() {
        // A cut between two groups leaves fewer settings; any other is an error.
        let whole = [0, 4, 8, 18].contains(&len);
        assert_eq!(Settings::choose(&offered[..len], 100.0, 2000).is_ok(), whole, "{len}");
    }
    let unknown = Settings::choose(&[99, 1, 0], 1.0, 1);
    assert_eq!(unknown, Err(DecodeError::Unknown { what: "settings", value: 99 }));
}

#[test]
fn commands_are_the_worked_bytes() {
    let h10 = hex("00 04 19 00 32 00 64 00 C8 00 01 01 10 00 02 03 02 00 04 00 08 00");
    let settings = Settings::choose(&h10, 200.0, 16).unwrap();
    assert_eq!(start(Measurement::Acc, &settings), hex("02 02 00 01 C8 00 01 01 10 00 02 01 08 00"));
    let verity = hex("00 01 34 00 01 01 10 00 02 01 08 00 04 01 03");
    let settings = Settings::choose(&verity, 100.0, 16).unwrap();
    assert_eq!(start(Measurement::Acc, &settings), hex("02 02 00 01 34 00 01 01 10 00 02 01 08 00 04 01 03"));
    assert_eq!(stop(Measurement::Acc), hex("03 02"));
}

#[test]
fn answers_say_how_a_command_ended() {
    let bytes = hex("F0 02 02 00 00 05 01 00 00 80 3F");
    let answer = Answer::decode(&bytes).unwrap().unwrap();
    assert_eq!((answer.status, answer.more, factor(answer.params)), (Status::Ok, false, Ok(1.0)));
    assert_eq!(factor(&[]), Ok(1.0));
    assert!(factor(&hex("05 01 00 00 C0 7F")).is_err(), "not a number");
    let bytes = hex("F0 02 02 0A");
    let refused = Answer::decode(&bytes).unwrap().unwrap();
    assert_eq!(refused.status.check(), Err(TalkError::PacketsTooSmall));
    assert_eq!(Answer::decode(&hex("01 02 05")), Ok(None));
    assert!(Answer::decode(&[]).is_err() && Answer::decode(&[0xF0, 2]).is_err());
    assert_eq!((features(&[0x0F, 0x24]), features(&[0x0F]).is_err()), (Ok(0x24), true));
    assert!(features(&[0, 0]).is_err());
}
