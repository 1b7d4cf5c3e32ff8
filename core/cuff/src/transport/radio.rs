//! The real radio: btleplug behind the port, on its own runtime, with every arrival stamped first thing.
//!
//! [`RadioTransport`] is the most important item. What shapes it (see the library's issues and sources):
//! its notification channels hold few items and drop silently, so one task per link does nothing but stamp and
//! forward into a large bounded queue with a counter; it has no per-device disconnect stream, so a watch asks every
//! two seconds; operations of one device run strictly one after another, and so do connections of several; a pending
//! connect is cancelled only by disconnecting; scanning switches a radio on that somebody switched off, so that is
//! asked before; a panic inside it must not take the app along, and the radio is opened anew after one.

mod device;
mod queue;
mod router;
mod words;

use crate::transport::{Ask, Faults, Heard, Refusal, Transport};
use btleplug::api::{Central as _, Manager as _};
use btleplug::platform::{Adapter, Manager};
use futures::FutureExt;
use queue::Queue;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use talus_motion::Micros;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use words::short;

/// Says what session time it is; called from any thread.
pub type NowFn = Arc<dyn Fn() -> Micros + Send + Sync>;

/// Asks waiting for the radio.
const ASKS_MAX: usize = 1024;
/// How long finding the radio may take.
const OPEN: Duration = Duration::from_secs(5);
/// How long links may take to end when the radio is closed.
const CLOSE: Duration = Duration::from_secs(2);

/// Why there is no radio.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RadioError {
    /// The system's Bluetooth service does not answer (on Linux: BlueZ over D-Bus).
    #[error("reach the Bluetooth service: is it installed and running? ({0})")]
    NoService(String),
    /// The service is there, and no adapter.
    #[error("find a Bluetooth adapter")]
    NoAdapter,
    /// Talus may not use it.
    #[error("use Bluetooth: not allowed")]
    NotAllowed,
    /// The service took too long.
    #[error("reach the Bluetooth service: no answer in time")]
    Timeout,
    /// Threads could not be started, or the platform's library broke.
    #[error("start the Bluetooth library")]
    Broken,
}

/// The radio of this machine.
pub struct RadioTransport {
    queue: Arc<Queue>,
    /// `None` once it is being closed.
    asks: Option<mpsc::Sender<Ask>>,
    /// Says that the last link has ended.
    closed: Receiver<()>,
}

impl RadioTransport {
    /// Finds the first Bluetooth adapter. Takes at most six seconds; may show the platform's permission prompt, so
    /// call it when somebody asked for cuffs. `now` is the app's clock. All radios of a process share one runtime and
    /// one adapter: some platforms ask for permission, and start tasks, once for each.
    pub fn open(now: NowFn) -> Result<Self, RadioError> {
        let runtime = runtime()?;
        // A channel instead of blocking on the runtime, so that calling from within another runtime cannot panic.
        let (found, adapter) = std::sync::mpsc::sync_channel(1);
        runtime.spawn(async move {
            let _ = found.send(adapter_in_time().await);
        });
        let adapter = adapter.recv_timeout(OPEN + Duration::from_secs(1)).unwrap_or(Err(RadioError::Timeout))?;
        let queue = Arc::new(Queue::new(now));
        let (asks, asked) = mpsc::channel(ASKS_MAX);
        let (ended, closed) = std::sync::mpsc::sync_channel(1);
        let heard = queue.clone();
        runtime.spawn(async move {
            router::supervise(adapter, heard, asked).await;
            let _ = ended.send(());
        });
        Ok(Self { queue, asks: Some(asks), closed })
    }
}

impl Transport for RadioTransport {
    fn ask(&mut self, _now: Micros, ask: Ask) {
        let Some(asks) = &self.asks else { return };
        if let Err(error) = asks.try_send(ask) {
            // The router is gone or hopelessly behind: every ask is answered all the same.
            let id = match error.into_inner() {
                Ask::Connect(id)
                | Ask::Disconnect(id)
                | Ask::Read(id, _)
                | Ask::Subscribe(id, _)
                | Ask::Write { id, .. } => id,
                Ask::Scan { .. } | Ask::StopScan => return,
            };
            self.queue.push(Heard::Failed { id, characteristic: None, refusal: Refusal::RadioUnavailable });
        }
    }

    fn hear(&mut self, now: Micros) -> Option<(Micros, Heard)> {
        self.queue.take(now)
    }

    fn due(&self) -> Option<Micros> {
        None
    }

    fn faults(&self) -> Faults {
        let (dropped, panics) = (&self.queue.dropped, &self.queue.panics);
        Faults { dropped: dropped.load(Ordering::Relaxed), panics: panics.load(Ordering::Relaxed) }
    }
}

impl Drop for RadioTransport {
    /// Ends every link, and waits up to two seconds for that: a link outlives the process on some platforms, and a
    /// cuff that is connected is not seen by anyone else.
    fn drop(&mut self) {
        self.asks = None;
        let _ = self.closed.recv_timeout(CLOSE);
    }
}

/// The one runtime of every radio in this process: started with the first, never stopped.
fn runtime() -> Result<&'static Runtime, RadioError> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let start = || {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(2).thread_name("talus-radio").enable_all().build().ok()
    };
    RUNTIME.get_or_init(start).as_ref().ok_or(RadioError::Broken)
}

/// The adapter that was found, kept for the next one who asks.
static ADAPTER: Mutex<Option<Adapter>> = Mutex::new(None);

/// The adapter is not what it was: the next one who asks gets a new one.
fn forget_adapter() {
    *ADAPTER.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// The adapter found before, or a new one.
async fn adapter_in_time() -> Result<Adapter, RadioError> {
    let kept = ADAPTER.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(adapter) = kept {
        return Ok(adapter);
    }
    let found = match AssertUnwindSafe(tokio::time::timeout(OPEN, find_adapter())).catch_unwind().await {
        Ok(Ok(found)) => found,
        Ok(Err(_)) => Err(RadioError::Timeout),
        Err(_) => Err(RadioError::Broken),
    }?;
    *ADAPTER.lock().unwrap_or_else(PoisonError::into_inner) = Some(found.clone());
    Ok(found)
}

async fn find_adapter() -> Result<Adapter, RadioError> {
    let classify = |error: btleplug::Error| match error {
        btleplug::Error::PermissionDenied => RadioError::NotAllowed,
        btleplug::Error::NoAdapterAvailable => RadioError::NoAdapter,
        other => {
            let text = other.to_string();
            if text.contains("AccessDenied") { RadioError::NotAllowed } else { RadioError::NoService(short(&text)) }
        }
    };
    let manager = Manager::new().await.map_err(classify)?;
    let adapter = manager.adapters().await.map_err(classify)?.into_iter().next().ok_or(RadioError::NoAdapter)?;
    // Shown by nobody; a library that cannot even say this is not one to go on with.
    adapter.adapter_state().await.map_err(classify)?;
    Ok(adapter)
}

/// Runs a task; a panic in it becomes `broken` and a count. Gives whether it ran to its end.
async fn guard(queue: Arc<Queue>, broken: Heard, task: impl Future<Output = ()> + Send) -> bool {
    let whole = AssertUnwindSafe(task).catch_unwind().await.is_ok();
    if !whole {
        queue.panics.fetch_add(1, Ordering::Relaxed);
        queue.push(broken);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::RadioState;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_machine_without_bluetooth_gets_a_typed_error_at_once() {
        const NAME: &str = "transport::radio::tests::a_machine_without_bluetooth_gets_a_typed_error_at_once";
        const NOWHERE: &str = "unix:path=/nonexistent/talus";
        if std::env::var("DBUS_SYSTEM_BUS_ADDRESS").as_deref() != Ok(NOWHERE) {
            // This machine may have Bluetooth: the address of the bus is the process's, so a process without one.
            let child = std::process::Command::new(std::env::current_exe().unwrap())
                .args([NAME, "--exact"])
                .env("DBUS_SYSTEM_BUS_ADDRESS", NOWHERE)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&child.stdout);
            assert!(child.status.success() && said.contains("1 passed"), "{said}");
            return;
        }
        let error = RadioTransport::open(Arc::new(|| Micros(0))).err();
        assert!(matches!(error, Some(RadioError::NoService(_))), "not at once, or not typed: {error:?}");
        // The same from within a runtime, where blocking on another would panic.
        let runtime = Builder::new_current_thread().build().unwrap();
        let error = runtime.block_on(async { RadioTransport::open(Arc::new(|| Micros(0))).err() });
        assert!(matches!(error, Some(RadioError::NoService(_))), "{error:?}");
    }

    #[test]
    fn a_panic_in_a_task_becomes_an_answer_and_a_count() {
        let queue = Arc::new(Queue::new(Arc::new(|| Micros(0))));
        let runtime = Builder::new_current_thread().build().unwrap();
        let broken = Heard::Radio(RadioState::Missing);
        let whole =
            runtime.block_on(guard(queue.clone(), broken.clone(), async { panic!("as the platform's library might") }));
        assert!(!whole);
        assert_eq!(queue.panics.load(Ordering::Relaxed), 1);
        assert_eq!(queue.take(Micros(0)), Some((Micros(0), broken)));
    }

    #[test]
    fn a_fallen_link_is_told_once() {
        let queue = Queue::new(Arc::new(|| Micros(0)));
        let id = crate::transport::PeripheralId("a".into());
        let line = device::Line::new(id.clone());
        line.up.store(true, Ordering::Release);
        line.owed.store(true, Ordering::Release);
        line.fell(&queue);
        line.fell(&queue);
        assert_eq!(queue.take(Micros(0)), Some((Micros(0), Heard::Disconnected(id))));
        assert_eq!(queue.take(Micros(0)), None);
    }
}
