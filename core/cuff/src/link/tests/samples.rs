//! Samples in their places: what is lost, doubled, overtaken or begins anew.

use super::*;
use proptest::prelude::*;

#[test]
fn a_lost_stream_comes_back_as_a_new_segment() {
    let mut bench = Bench::streaming();
    bench.send_frame();
    bench.hear(&Heard::Disconnected(id()));
    bench.wait(500_000);
    bench.settle();
    bench.send_frame();
    bench.send_frame();
    let log = bench.take_log();
    let kept: Vec<_> = log.lines().filter(|line| !line.contains("read") && !line.contains("subscribe")).collect();
    assert_eq!(
        kept,
        [
            "  samples 10+10 flags 0",
            "  Lost",
            "> connect",
            "  Preparing",
            "  card a1b2c3d4 Some(Left) Some(1500) g",
            "> write 0014 0100e80310d0070a",
            "> write 0014 020100",
            "  stream 0 100 Hz 1.4.2",
            "  Streaming",
            // 0.5 s pause, 0.195 s of answers, 0.1 s of frame: 79.5 samples since the last, ten of them here.
            "  samples 90+10 flags 16",
            "  samples 100+10 flags 0",
        ]
    );
    assert_eq!(bench.link.counters().reconnects, 1);
    assert_eq!(bench.link.counters().missing, 0, "what lies between segments is not counted as loss");
}

#[test]
fn loss_is_counted_where_it_happens() {
    let mut bench = Bench::streaming();
    let _lost = bench.frame(10);
    bench.send_frame();
    let again = {
        bench.index -= 10;
        bench.device_us -= 100_000;
        bench.frame(10)
    };
    bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, again));
    bench.wait(250_000);
    bench.index -= 20;
    bench.device_us -= 200_000;
    let late = bench.frame(10);
    bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, late));
    for bad in [vec![], vec![0x10; 11], vec![0xFF; 40], vec![0x11, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], {
        let mut other_stream = bench.frame(10);
        other_stream[0] = 0x13;
        other_stream
    }] {
        bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, bad));
    }
    bench.hear(&Heard::Notified(id(), cmp::BATTERY_LEVEL, vec![101]));
    assert_eq!(bench.take_log(), "  samples 20+10 flags 0");
    let expected = Counters {
        received: 20,
        missing: 10,
        gaps: 1,
        duplicates: 1,
        reordered: 1,
        malformed: 6,
        ..Counters::default()
    };
    assert_eq!(bench.link.counters(), expected);
    let mut overrun = bench.frame(10);
    overrun[1] = 1;
    bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, overrun));
    assert_eq!(bench.link.counters().overruns, 1);
}

#[test]
fn a_cuff_that_counts_anew_without_leaving_begins_a_segment() {
    let mut bench = Bench::streaming();
    bench.send_frame();
    (bench.index, bench.device_us) = (0, 1_000_000);
    bench.send_frame();
    bench.send_frame();
    assert_eq!(
        bench.take_log(),
        "  samples 10+10 flags 0\n  stream 0 100 Hz 1.4.2\n  samples 24+10 flags 16\n  samples 34+10 flags 0"
    );
}

#[test]
fn two_cuffs_at_200_hz_lose_nothing_over_ten_minutes() {
    let mut benches = [Bench::streaming(), Bench::streaming()];
    for _ in 0..6000 {
        for bench in &mut benches {
            let bytes = bench.frame(20);
            bench.now = bench.now.plus(100_000);
            bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, bytes));
            bench.log.clear();
            bench.link.tick(bench.now, &mut bench.out);
        }
    }
    for bench in &benches {
        let expected = Counters { received: 10 + 6000 * 20, ..Counters::default() };
        assert_eq!((bench.link.counters(), bench.link.state()), (expected, LinkState::Streaming));
    }
}

/// What a link tells of samples, without when they came.
fn told(bench: &mut Bench) -> Vec<SampleBlock> {
    let notices = bench.out.notices.drain(..);
    let blocks = notices.filter_map(|one| if let Notice::Samples(block) = one { Some(block) } else { None });
    blocks.map(|block| SampleBlock { arrival_us: 0, ..block }).collect()
}

/// Frames of one or ten samples, in an order and as often as drawn; each is moved by fewer places than are waited for.
fn jumbled() -> impl Strategy<Value = (usize, Vec<(usize, bool)>)> {
    let places = proptest::collection::vec((0usize..order::WAITING_MAX, any::<bool>()), 100..300);
    (prop_oneof![Just(1usize), Just(10)], places)
}

proptest! {
    #[test]
    fn frames_in_any_order_and_number_are_told_as_if_they_had_come_in_order((len, moved) in jumbled()) {
        let mut clean = Bench::streaming();
        let mut other = Bench::streaming();
        let frames: Vec<_> = moved.iter().map(|_| clean.frame(len)).collect();
        let arrive = |bench: &mut Bench, bytes: &Vec<u8>| {
            let at = bench.now;
            bench.link.hear(at, &Heard::Notified(id(), cmp::MOTION_DATA, bytes.clone()), &mut bench.out);
            bench.link.tick(at, &mut bench.out);
        };
        for bytes in &frames {
            arrive(&mut clean, bytes);
        }
        let mut order: Vec<_> = moved.iter().enumerate().map(|(i, (by, _))| (i + by, i)).collect();
        order.sort_unstable();
        for (_, i) in order {
            arrive(&mut other, &frames[i]);
            if moved[i].1 {
                arrive(&mut other, &frames[i]);
            }
        }
        prop_assert_eq!(told(&mut clean), told(&mut other));
        let counters = other.link.counters();
        let twice = moved.iter().filter(|(_, twice)| *twice).count() as u64;
        prop_assert_eq!((counters.missing, counters.duplicates), (0, twice));
        prop_assert_eq!(counters.received, clean.link.counters().received);
    }
}

#[test]
fn a_frame_that_was_overtaken_is_put_in_its_place_and_one_that_never_comes_holds_nothing_up_for_long() {
    let mut bench = Bench::streaming();
    let (first, second) = (bench.frame(10), bench.frame(10));
    for bytes in [second, first] {
        bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, bytes));
    }
    assert_eq!(bench.take_log(), "  samples 10+10 flags 0\n  samples 20+10 flags 0");
    let _lost = bench.frame(10);
    bench.send_frame();
    bench.wait(100_000);
    bench.send_frame();
    assert_eq!((bench.take_log(), bench.link.due()), (String::new(), Some(bench.now.plus(50_000))));
    bench.wait(50_000);
    assert_eq!(bench.take_log(), "  samples 40+10 flags 0\n  samples 50+10 flags 0");
    let counters = bench.link.counters();
    assert_eq!((counters.reordered, counters.missing), (1, 10));
    // What waits is told before its link is said to be lost.
    let _lost = bench.frame(10);
    bench.send_frame();
    bench.hear(&Heard::Disconnected(id()));
    assert!(bench.take_log().starts_with("  samples 70+10 flags 0\n  Lost"));
}

#[test]
fn a_link_that_keeps_order_waits_briefly_and_one_that_broke_it_longer_for_a_minute() {
    let mut bench = Bench::streaming();
    // How long a loss holds up the frame behind it, µs.
    let held = |bench: &mut Bench| {
        let _lost = bench.frame(10);
        bench.send_frame();
        let since = bench.now;
        while bench.take_log().is_empty() {
            bench.wait(1000);
        }
        bench.now.since(since)
    };
    assert_eq!([held(&mut bench), held(&mut bench)], [order::WAIT_US; 2], "losses are no broken order");
    // A repetition must be announced within 300 ms, a frame of 100 ms and a connection event among them.
    const { assert!(order::WAIT_US + 100_000 + 30_000 < 300_000) };
    // One that comes when it was given up says that this link breaks order, and so does one that came in time.
    let late = bench.frame(10);
    bench.send_frame();
    bench.wait(order::WAIT_US);
    bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, late));
    bench.take_log();
    assert_eq!((held(&mut bench), bench.link.counters().reordered), (order::WAIT_LONG_US, 1));
    let (first, second) = (bench.frame(10), bench.frame(10));
    for bytes in [second, first] {
        bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, bytes));
    }
    bench.take_log();
    assert_eq!(held(&mut bench), order::WAIT_LONG_US);
    // A minute in good order, and it is trusted again.
    for _ in 0..order::BROKEN_US / 500_000 {
        bench.send_frame();
        bench.wait(500_000);
    }
    bench.take_log();
    assert_eq!(held(&mut bench), order::WAIT_US);
}
