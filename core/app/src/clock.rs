//! The one clock. Everything else in Talus is told what time it is.
//!
//! `Instant` stops while a phone sleeps on Linux and Android; BOOTTIME does not. On Apple systems CLOCK_MONOTONIC
//! counts on through sleep.

use talus_motion::Micros;

/// Time since the machine was switched on, sleep included; never runs back. Differences are what counts.
#[cfg(unix)]
pub fn now() -> Micros {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Monotonic;
    let now = rustix::time::clock_gettime(CLOCK);
    #[allow(clippy::unnecessary_cast)] // the fields' widths differ between platforms
    Micros((now.tv_sec as i64).saturating_mul(1_000_000).saturating_add(now.tv_nsec as i64 / 1000))
}

/// Time since the first call; never runs back. Differences are what counts.
#[cfg(not(unix))]
pub fn now() -> Micros {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    #[allow(clippy::disallowed_methods)] // this is app::clock
    let start = START.get_or_init(std::time::Instant::now);
    Micros(i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX))
}

/// Milliseconds since 1970, UTC.
pub fn utc_ms() -> i64 {
    #[allow(clippy::disallowed_methods)] // this is app::clock
    let now = jiff::Timestamp::now();
    now.as_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_runs_back_and_counts() {
        let first = now();
        let mut last = first;
        while last.since(first) < 2_000 {
            let next = now();
            assert!(next >= last);
            last = next;
        }
        // Some time after this was written.
        assert!(utc_ms() > 1_790_000_000_000);
    }
}
