//! The conversation: what is read and written, in which order and in packets of which size, and how it is closed.

use super::*;

#[test]
fn the_conversation_from_start_to_stop_is_this_one() {
    let mut bench = Bench::new();
    bench.start();
    bench.settle();
    bench.send_frame();
    bench.send_frame();
    bench.hear(&Heard::Notified(id(), cmp::BATTERY_LEVEL, vec![86]));
    bench.link.identify(bench.now, &mut bench.out);
    bench.drain();
    bench.settle();
    bench.stop();
    bench.settle();
    let golden = "  Connecting
> connect
  Preparing
> read 0011
> read 0012
> read 2a26
> read 2a27
  card a1b2c3d4 Some(Left) Some(1500) g
> read 2a19
  battery 87
> subscribe 0014
> subscribe 0013
> subscribe 2a19
> write 0014 0100e80310d0070a
> write 0014 020100
  stream 0 100 Hz 1.4.2
  Streaming
  samples 0+10 flags 0
  samples 10+10 flags 0
  battery 86
> write 0014 050303
> write 0014 030100
> disconnect
  Closed";
    assert_eq!(bench.take_log(), golden);
    assert_eq!(bench.ops, OPS + 2);
    assert_eq!(bench.link.counters(), Counters { received: 20, ..Counters::default() });
}

#[test]
fn the_stream_is_scaled_by_what_the_cuff_answered() {
    let mut bench = Bench::new();
    bench.start();
    let mut config = None;
    while !bench.pending.is_empty() {
        let ask = bench.pending.remove(0);
        for heard in bench.answer(&ask) {
            bench.link.hear(bench.now, &heard, &mut bench.out);
            for notice in &bench.out.notices {
                if let Notice::Stream(stream) = notice {
                    config = Some(stream.clone());
                }
            }
            bench.drain();
        }
    }
    let config = config.unwrap();
    assert_eq!(config.acc_mps2_per_count, 16.0 / 32768.0 * 9.80665);
    // 70 mdps per count, as f32 on the wire.
    assert!((config.gyr_radps_per_count - 0.07f64.to_radians()).abs() < 1e-9);
    assert!((config.gyr_range_radps - 2000f64.to_radians()).abs() < 1e-9, "the wish, not 32767 counts (2,293 °/s)");
    assert!((config.acc_range_mps2 - 16.0 * 9.80665).abs() < 0.01);
    assert_eq!((config.cuff, config.driver.as_str()), (CUFF, "cmp"));
}

#[test]
fn what_a_cuff_can_do_without_may_be_refused() {
    // Firmware, hardware, battery, battery notifications.
    for at in [2, 3, 4, 7] {
        let mut bench = Bench::new();
        bench.mishap = Some((at, Mishap::Refuse(Refusal::Att(0x0A))));
        bench.start();
        bench.settle();
        assert_eq!(bench.link.state(), LinkState::Streaming, "{at}");
        assert_eq!(bench.link.counters().reconnects, 0);
    }
}

#[test]
fn a_cuff_that_knows_its_packets_to_be_smaller_gets_fewer_samples() {
    // The platform says 23 or 185 although the packets hold two samples.
    for mtu_told in [23, 185] {
        let mut bench = Bench::new();
        (bench.mtu_told, bench.mtu_real) = (mtu_told, 39);
        bench.start();
        bench.settle();
        let log = bench.take_log();
        let written: Vec<_> = log.lines().filter_map(|line| line.strip_prefix("> write 0014 ")).collect();
        let expected = ["0100e80310d0070a", "020100", "0100e80310d00705", "020100", "0100e80310d00702", "020100"];
        assert_eq!(written, expected, "{mtu_told}");
        assert_eq!(bench.link.state(), LinkState::Streaming);
    }
}

#[test]
fn packets_that_hold_no_sample_end_the_conversation_and_it_is_tried_again() {
    let mut bench = Bench::new();
    (bench.mtu_told, bench.mtu_real) = (23, 23);
    bench.start();
    bench.settle();
    assert_eq!(bench.link.fault(), Some(TalkError::PacketsTooSmall));
    assert_eq!(bench.link.state(), LinkState::Lost);
    assert_eq!(bench.log.last().map(String::as_str), Some("> disconnect"));
    bench.mtu_real = 185;
    bench.wait(500_000);
    bench.settle();
    assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::Streaming, None));
}

#[test]
fn the_answer_to_another_operation_is_no_answer() {
    // The stream's settings and its start: writes that are done when the control point has answered.
    for at in [8, 9] {
        let mut bench = Bench::new();
        bench.mishap = Some((at, Mishap::Other));
        bench.start();
        bench.settle();
        assert_eq!((bench.link.state(), bench.pending.len()), (LinkState::Preparing, 0), "operation {at}");
        bench.wait(WRITE_US);
        assert_eq!(bench.link.state(), LinkState::Lost, "operation {at}");
        bench.settle();
        bench.wait(1_000_000);
        bench.settle();
        assert_eq!(bench.link.state(), LinkState::Streaming, "operation {at}");
    }
}

#[test]
fn a_link_can_be_closed_at_any_step() {
    for at in 0..=OPS {
        let mut bench = Bench::new();
        bench.mishap = Some((at, Mishap::Silence));
        bench.start();
        bench.settle();
        bench.stop();
        bench.settle();
        bench.wait(10_000_000);
        bench.settle();
        assert_eq!((bench.link.state(), bench.link.due()), (LinkState::Closed, None), "{at}: {:#?}", bench.log);
        let stops = bench.log.iter().filter(|line| line.as_str() == "> write 0014 030100").count();
        assert_eq!(stops, usize::from(at == OPS), "stop is written exactly when a stream runs ({at})");
        assert_eq!(bench.log.last().map(String::as_str), Some("  Closed"));
        bench.wait(60_000_000);
        assert!(bench.pending.is_empty());
        bench.start();
        bench.settle();
        assert_eq!(bench.link.state(), LinkState::Streaming, "and opened again ({at})");
    }
}

#[test]
fn a_link_closed_while_connecting_or_waiting_stays_closed() {
    let mut bench = Bench::new();
    bench.start();
    bench.stop();
    bench.pending.clear();
    bench.hear(&Heard::Connected { id: id(), mtu: 185, characteristics: vec![] });
    bench.hear(&Heard::Disconnected(id()));
    assert_eq!(bench.take_log(), "  Connecting\n> connect\n> disconnect\n  Closed");
    bench.start();
    bench.hear(&Heard::Failed { id: id(), characteristic: None, refusal: Refusal::Timeout });
    bench.stop();
    bench.wait(30_000_000);
    assert_eq!(bench.take_log(), "  Connecting\n> connect\n  Searching\n  Closed");
}

#[test]
fn an_answer_may_come_before_the_write_is_confirmed() {
    let mut bench = Bench::new();
    bench.start();
    while !bench.pending.is_empty() {
        let ask = bench.pending.remove(0);
        let mut heards = bench.answer(&ask);
        heards.reverse();
        for heard in heards {
            bench.hear(&heard);
        }
    }
    assert_eq!(bench.link.state(), LinkState::Streaming);
    assert_eq!(bench.ops, OPS);
}

#[test]
fn two_links_do_not_hear_each_other() {
    let mut left = Bench::streaming();
    let mut out = LinkOutputs::default();
    let other = PeripheralId("other".into());
    let mut right = Link::new(CuffId([8; 16]), other.clone(), Family::Cmp, Wish::default());
    right.start(Micros(0), &mut out);
    out.clear();
    let bytes = left.frame(10);
    for heard in [
        Heard::Notified(id(), cmp::MOTION_DATA, bytes),
        Heard::Disconnected(id()),
        Heard::Connected { id: id(), mtu: 185, characteristics: vec![] },
        Heard::Failed { id: id(), characteristic: None, refusal: Refusal::Other },
    ] {
        right.hear(Micros(1), &heard, &mut out);
    }
    assert_eq!((right.state(), &out), (LinkState::Connecting, &LinkOutputs::default()));
    left.hear(&Heard::Disconnected(other));
    assert_eq!(left.link.state(), LinkState::Streaming);
}
