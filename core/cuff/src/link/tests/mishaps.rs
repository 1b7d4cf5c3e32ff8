//! What becomes of a link on which something goes wrong, and what a person is told of it.

use super::*;
use crate::driver::cmp::Beacon;
use crate::transport::Advert;
use proptest::prelude::*;

#[test]
fn a_break_at_any_step_ends_in_a_stream_again() {
    for at in 0..OPS {
        for mishap in [Mishap::Disconnect, Mishap::Silence, Mishap::Garbage, Mishap::Refuse(Refusal::NotReachable)] {
            let mut bench = Bench::new();
            bench.mishap = Some((at, mishap));
            bench.start();
            bench.settle();
            // Everything that can time out has after 30 s; the first pause is half a second.
            for _ in 0..40 {
                if bench.link.state() == LinkState::Streaming {
                    break;
                }
                bench.wait(1_000_000);
                bench.settle();
            }
            assert_eq!(bench.link.state(), LinkState::Streaming, "{mishap:?} at {at}: {:#?}", bench.log);
            bench.send_frame();
            assert_eq!(bench.link.counters().received, 10, "{mishap:?} at {at}");
        }
    }
}

#[test]
fn pauses_grow_to_fifteen_seconds_and_stay_there() {
    let mut bench = Bench::new();
    bench.start();
    let mut pauses = Vec::new();
    for _ in 0..8 {
        bench.pending.clear();
        bench.hear(&Heard::Failed { id: id(), characteristic: None, refusal: Refusal::Timeout });
        let from = bench.now;
        while bench.pending.is_empty() {
            bench.wait(50_000);
        }
        pauses.push(bench.now.since(from));
    }
    let s = 1_000_000;
    assert_eq!(pauses, [s / 2, s, 2 * s, 4 * s, 8 * s, 15 * s, 15 * s, 15 * s]);
    assert_eq!(bench.link.state(), LinkState::NotFound);
    bench.settle();
    bench.send_frame();
    bench.hear(&Heard::Disconnected(id()));
    assert_eq!(bench.link.due(), Some(bench.now.plus(s / 2)), "a stream that ran begins with the shortest pause");
}

#[test]
fn a_stalled_stream_is_started_again_and_then_reconnected() {
    let mut bench = Bench::streaming();
    bench.wait(2_000_000);
    assert_eq!(bench.log, ["  Preparing", "> read 0011"]);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
    bench.log.clear();
    bench.wait(2_000_000);
    assert_eq!(bench.log, ["  Lost", "> disconnect"]);
    bench.settle();
    bench.wait(500_000);
    bench.settle();
    bench.send_frame();
    assert_eq!(bench.link.state(), LinkState::Streaming);
    assert_eq!(bench.link.counters().stalls, 2);
}

#[test]
fn a_cuff_of_another_profile_version_is_not_tried_again() {
    let mut bench = Bench::new();
    bench.version = 2;
    bench.start();
    bench.settle();
    bench.wait(60_000_000);
    assert_eq!(
        bench.log,
        ["  Connecting", "> connect", "  Preparing", "> read 0011", "  FirmwareTooOld", "> disconnect"]
    );
    assert_eq!((bench.link.state(), bench.link.due()), (LinkState::FirmwareTooOld, None));
    bench.version = 1;
    bench.start();
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
}

#[test]
fn pairing_is_waited_for_and_a_lost_bond_is_told() {
    let mut bench = Bench::new();
    bench.mishap = Some((6, Mishap::Refuse(Refusal::NeedsBond)));
    bench.start();
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Preparing);
    bench.wait(5_000_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);

    let mut bench = Bench::new();
    bench.mishap = Some((6, Mishap::Refuse(Refusal::Att(0x05))));
    bench.start();
    bench.settle();
    assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::BondLost, Some(TalkError::Bond)));
    bench.wait(500_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
    assert!(!bench.take_log().contains("Lost\n  Preparing"), "the message stays until the stream runs");
}

#[test]
fn a_link_that_falls_again_and_again_where_a_bond_is_needed_has_lost_it() {
    for (features, told) in [(0x5FD, LinkState::Lost), (0x5FD | Features::BOND_REQUIRED.0, LinkState::BondLost)] {
        let mut bench = Bench::new();
        bench.features = Features(features);
        bench.start();
        for round in 0..3 {
            // The stream's subscription: what a platform that cannot encrypt says is that the link ended.
            bench.mishap = Some((bench.ops + 6, Mishap::Disconnect));
            bench.settle();
            assert_eq!(bench.link.state(), if round < 2 { LinkState::Lost } else { told });
            bench.wait(4_000_000);
        }
        bench.settle();
        bench.send_frame();
        assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::Streaming, None));
    }
}

#[test]
fn links_that_fall_here_and_there_have_lost_no_bond() {
    let mut bench = Bench::new();
    bench.features = Features(0x5FD | Features::BOND_REQUIRED.0);
    bench.start();
    // Twice in the middle of a subscription, then while it only reads, at another subscription, and before a link stands.
    for at in [6, 6, 2, 6, 6, 8, 6, 6] {
        bench.mishap = Some((bench.ops + at, Mishap::Disconnect));
        bench.settle();
        assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::Lost, None), "fell at {at}");
        bench.wait(15_000_000);
    }
    bench.pending.clear();
    bench.hear(&Heard::Failed { id: id(), characteristic: None, refusal: Refusal::NotReachable });
    bench.wait(15_000_000);
    bench.mishap = Some((bench.ops + 6, Mishap::Disconnect));
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Lost);
    bench.wait(15_000_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
}

#[test]
fn an_operation_that_is_not_answered_breaks_the_row_of_falls() {
    let mut bench = Bench::new();
    bench.features = Features(0x5FD | Features::BOND_REQUIRED.0);
    bench.start();
    for mishap in [Mishap::Disconnect, Mishap::Disconnect, Mishap::Silence, Mishap::Disconnect, Mishap::Disconnect] {
        bench.mishap = Some((bench.ops + 6, mishap));
        bench.settle();
        if mishap == Mishap::Silence {
            bench.wait(WRITE_US);
            bench.settle();
        }
        assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::Lost, None), "{mishap:?}");
        bench.wait(15_000_000);
    }
}

#[test]
fn a_cuff_that_is_not_found_is_told_while_a_connection_is_still_tried() {
    let mut bench = Bench::new();
    bench.start();
    bench.wait(19_900_000);
    assert_eq!((bench.link.state(), bench.link.due()), (LinkState::Connecting, Some(Micros(20_000_000))));
    bench.wait(100_000);
    assert_eq!((bench.link.state(), bench.link.due()), (LinkState::NotFound, Some(Micros(CONNECT_US))));
    bench.wait(16_000_000);
    bench.pending.clear();
    bench.hear(&Heard::Disconnected(id()));
    bench.wait(1_000_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
    assert_eq!(bench.take_log().matches("NotFound").count(), 1);
}

#[test]
fn what_is_in_use_or_not_allowed_and_then_out_of_sight_is_not_found() {
    let advert = Heard::Advert(Advert {
        id: id(),
        name: String::new(),
        rssi_dbm: None,
        services: vec![],
        service_data: vec![],
        manufacturer_data: vec![],
    });
    let failed = |refusal| Heard::Failed { id: id(), characteristic: None, refusal };
    let mut bench = Bench::new();
    bench.start();
    for _ in 0..3 {
        bench.hear(&advert);
        bench.hear(&failed(Refusal::NotReachable));
        bench.wait(2_000_000);
    }
    assert_eq!(bench.link.state(), LinkState::InUseElsewhere);
    // It went away with whoever uses it.
    for _ in 0..3 {
        bench.wait(8_000_000);
        bench.hear(&failed(Refusal::NotReachable));
    }
    assert_eq!(bench.link.state(), LinkState::NotFound);

    // What is refused again and again is not allowed, however long; it was never looked for.
    let mut bench = Bench::new();
    bench.start();
    for _ in 0..8 {
        bench.hear(&failed(Refusal::NotAllowed));
        assert_eq!(bench.link.state(), LinkState::NotAllowed);
        bench.wait(15_000_000);
    }
    // It is allowed: the connection does not come about for another reason.
    bench.hear(&Heard::Disconnected(id()));
    assert_eq!(bench.link.state(), LinkState::Searching);
    bench.wait(15_000_000);
    bench.hear(&failed(Refusal::NotAllowed));
    assert_eq!(bench.link.state(), LinkState::NotAllowed);
    bench.wait(15_000_000 + CONNECT_US);
    assert_eq!(bench.link.state(), LinkState::NotFound, "it may be tried, and hangs");
}

#[test]
fn a_cuff_that_does_not_show_itself_is_not_found_until_it_does() {
    let mut bench = Bench::new();
    bench.start();
    let unreachable = Heard::Failed { id: id(), characteristic: None, refusal: Refusal::NotReachable };
    let mut told = Vec::new();
    for _ in 0..6 {
        bench.pending.clear();
        bench.hear(&unreachable);
        told.push(bench.link.state());
        bench.wait(8_000_000);
    }
    assert_eq!(told[..3], [LinkState::Searching; 3], "it may just be waking");
    assert_eq!(told[5], LinkState::NotFound);
    // It advertises: somebody pressed its button.
    bench.hear(&Heard::Advert(Advert {
        id: id(),
        name: String::new(),
        rssi_dbm: None,
        services: vec![],
        service_data: vec![],
        manufacturer_data: vec![],
    }));
    assert_eq!(bench.link.state(), LinkState::Searching);
    bench.wait(15_000_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
    // The same of one that was lost; nothing is said of a second or two.
    bench.hear(&Heard::Disconnected(id()));
    bench.wait(1_000_000);
    assert_eq!(bench.link.state(), LinkState::Lost);
    // Connections that never come about: each is given up after 35 s.
    bench.wait(40_000_000);
    bench.pending.clear();
    bench.hear(&Heard::Disconnected(id()));
    assert_eq!(bench.link.state(), LinkState::NotFound);
    bench.wait(15_000_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
}

#[test]
fn a_cuff_whose_battery_is_too_low_says_so_until_it_streams() {
    let mut bench = Bench::new();
    bench.empty = true;
    bench.start();
    for _ in 0..3 {
        bench.settle();
        assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::BatteryLow, Some(TalkError::BatteryLow)));
        bench.wait(4_000_000);
    }
    // On its charger.
    bench.empty = false;
    bench.settle();
    assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::Streaming, None));
    let told = bench.take_log();
    assert_eq!((told.matches("BatteryLow").count(), told.matches("Preparing").count()), (1, 1), "{told}");
}

#[test]
fn what_the_system_does_not_allow_is_told_and_tried_again() {
    let denied = |characteristic| Heard::Failed { id: id(), characteristic, refusal: Refusal::NotAllowed };
    let mut bench = Bench::new();
    bench.start();
    bench.pending.clear();
    bench.hear(&denied(None));
    assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::NotAllowed, Some(TalkError::NotAllowed)));
    // It stays on the screen while it is tried again, and goes when it is allowed.
    bench.wait(1_000_000);
    assert_eq!(bench.link.state(), LinkState::NotAllowed);
    bench.settle();
    assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::Streaming, None));

    let mut bench = Bench::new();
    bench.mishap = Some((6, Mishap::Refuse(Refusal::NotAllowed)));
    bench.start();
    bench.settle();
    assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::NotAllowed, Some(TalkError::NotAllowed)));
    bench.wait(1_000_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
}

#[test]
fn a_cuff_that_is_seen_but_refuses_is_in_use_elsewhere() {
    let mut bench = Bench::new();
    bench.start();
    let beacon = Beacon {
        side: None,
        pairing_open: false,
        unsynced_log: false,
        charging: false,
        worn: false,
        version: 1,
        battery_percent: None,
        mass_g: None,
    };
    for _ in 0..3 {
        bench.hear(&Heard::Advert(Advert {
            id: id(),
            name: String::new(),
            rssi_dbm: None,
            services: vec![],
            service_data: vec![(cmp::SERVICE, beacon.encode().to_vec())],
            manufacturer_data: vec![],
        }));
        bench.hear(&Heard::Failed { id: id(), characteristic: None, refusal: Refusal::NotReachable });
        bench.wait(2_000_000);
    }
    assert_eq!(bench.link.state(), LinkState::InUseElsewhere);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
}

#[test]
fn the_radio_is_waited_for() {
    let mut bench = Bench::streaming();
    bench.hear(&Heard::Radio(RadioState::Off));
    bench.wait(60_000_000);
    bench.hear(&Heard::Radio(RadioState::NotAllowed));
    bench.hear(&Heard::Radio(RadioState::On));
    assert_eq!(bench.take_log(), "  RadioOff\n  NotAllowed\n  Connecting\n> connect");
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
    bench.hear(&Heard::Radio(RadioState::Off));
    bench.stop();
    assert_eq!(bench.link.state(), LinkState::Closed);
    bench.hear(&Heard::Radio(RadioState::On));
    assert_eq!(bench.link.state(), LinkState::Closed);
}

fn any_heard() -> impl Strategy<Value = Heard> {
    let uuid = prop_oneof![
        Just(cmp::CUFF_INFO),
        Just(cmp::STREAMS),
        Just(cmp::MOTION_DATA),
        Just(cmp::CONTROL_POINT),
        Just(cmp::BATTERY_LEVEL)
    ];
    let bytes = proptest::collection::vec(any::<u8>(), 0..40);
    let refusal = prop_oneof![
        Just(Refusal::Timeout),
        Just(Refusal::NeedsBond),
        Just(Refusal::NotReachable),
        Just(Refusal::RadioUnavailable),
        any::<u8>().prop_map(Refusal::Att)
    ];
    prop_oneof![
        prop_oneof![Just(RadioState::On), Just(RadioState::Off)].prop_map(Heard::Radio),
        any::<u16>().prop_map(|mtu| Heard::Connected { id: id(), mtu, characteristics: vec![cmp::BATTERY_LEVEL] }),
        Just(Heard::Disconnected(id())),
        (uuid.clone(), bytes.clone()).prop_map(|(uuid, bytes)| Heard::Read(id(), uuid, bytes)),
        uuid.clone().prop_map(|uuid| Heard::Written(id(), uuid)),
        uuid.clone().prop_map(|uuid| Heard::Subscribed(id(), uuid)),
        (uuid.clone(), bytes).prop_map(|(uuid, bytes)| Heard::Notified(id(), uuid, bytes)),
        (proptest::option::of(uuid), refusal).prop_map(|(characteristic, refusal)| Heard::Failed {
            id: id(),
            characteristic,
            refusal
        }),
    ]
}

proptest! {
    /// Whatever a radio says, at most one operation is under way, nothing panics, and a cuff that behaves again
    /// is streaming within a minute and a half.
    #[test]
    fn no_radio_whatever_keeps_a_link_from_coming_back(
        said in proptest::collection::vec((any_heard(), 0i64..3_000_000), 0..40), cut in 0usize..14) {
        let mut bench = Bench::new();
        bench.start();
        for _ in 0..cut {
            if !bench.pending.is_empty() {
                let ask = bench.pending.remove(0);
                for heard in bench.answer(&ask) {
                    bench.hear(&heard);
                }
            }
        }
        for (heard, us) in said {
            bench.hear(&heard);
            bench.wait(us);
            prop_assert!(bench.pending.len() < 200);
        }
        bench.hear(&Heard::Radio(RadioState::On));
        bench.pending.clear();
        for _ in 0..90 {
            bench.wait(1_000_000);
            bench.settle();
            if bench.link.state() == LinkState::Streaming {
                bench.send_frame();
            }
            if bench.link.state() == LinkState::FirmwareTooOld {
                bench.start();
            }
        }
        prop_assert_eq!(bench.link.state(), LinkState::Streaming, "{:#?}", bench.log);
    }
}
