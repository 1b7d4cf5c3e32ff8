//! Being asked to stop: Ctrl-C and a polite kill end a session safely, a second one at once ends hard.

use signal_hook::consts::{SIGINT, SIGTERM};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A closed terminal window hangs up.
#[cfg(unix)]
const SIGNALS: [i32; 3] = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

/// Whether somebody asked to stop, and how.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop {
    asked: Arc<AtomicBool>,
    signal: Arc<AtomicUsize>,
}

impl Stop {
    /// Listens for signals. Where they cannot be listened for, they end the process as they always do.
    pub(crate) fn listen() -> Self {
        let stop = Self::default();
        for signal in SIGNALS {
            let code = 128 + signal;
            // In this order: the shutdown looks at the flag before this signal sets it, so only a second one ends hard.
            let _ = signal_hook::flag::register_conditional_shutdown(signal, code, Arc::clone(&stop.asked));
            let _ = signal_hook::flag::register(signal, Arc::clone(&stop.asked));
            let _ = signal_hook::flag::register_usize(signal, Arc::clone(&stop.signal), signal.unsigned_abs() as usize);
        }
        #[cfg(unix)]
        end_without_a_terminal();
        stop
    }

    /// Asks to stop, as Ctrl-C does: on a screen the key comes as a key.
    pub(crate) fn ask(&self) {
        self.signal.store(SIGINT.unsigned_abs() as usize, Ordering::SeqCst);
        self.asked.store(true, Ordering::SeqCst);
    }

    /// Whether to stop.
    pub(crate) fn asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }

    /// The exit code: 128 and the signal's number (130 after Ctrl-C).
    pub(crate) fn code(&self) -> u8 {
        128 + self.signal.load(Ordering::SeqCst) as u8
    }
}

/// How long a terminal that is gone may hold the process, for it to end by itself where it can.
#[cfg(unix)]
const GRACE: std::time::Duration = std::time::Duration::from_secs(2);

/// Ends the process some time after its terminal has gone. Reading from a terminal that hung up comes back at once and
/// for ever inside crossterm, which then never looks at the flag; what was shown as saved is safe.
#[cfg(unix)]
fn end_without_a_terminal() {
    use signal_hook::consts::SIGHUP;
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGHUP]) else { return };
    // Without this thread everything works but the end of a terminal that is gone.
    let _ = std::thread::Builder::new().name("talus-hangup".to_owned()).spawn(move || {
        if signals.forever().next().is_some() {
            std::thread::park_timeout(GRACE);
            std::process::exit(128 + SIGHUP);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctrl_c_as_a_key_and_as_a_signal_give_the_same_exit_code() {
        let stop = Stop::default();
        assert!(!stop.asked());
        stop.ask();
        assert!(stop.asked());
        assert_eq!(stop.code(), 130);
    }
}
