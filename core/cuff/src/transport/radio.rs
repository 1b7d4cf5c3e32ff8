//! The real radio: btleplug behind the port, on its own runtime, with every arrival stamped first thing.
//!
//! [`RadioTransport`] is the most important item. What shapes it (see the library's issues and sources):
//! its notification channels hold few items and drop silently, so one task per link does nothing but stamp and
//! forward into a large bounded queue with a counter; it has no per-device disconnect stream, so a watch asks every
//! two seconds; operations of one device run strictly one after another; a pending connect is cancelled only by
//! disconnecting; a panic inside it must not take the app along.

use super::{Advert, Ask, Heard, PeripheralId, RadioState, Refusal, Transport};
use btleplug::api::{
    Central, CentralEvent, CentralState, Characteristic, Manager as _, Peripheral as _, ScanFilter, WriteType,
};
use btleplug::platform::{Adapter, Manager, Peripheral};
use futures::{FutureExt, StreamExt};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use talus_motion::Micros;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Says what session time it is; called from any thread.
pub type NowFn = Arc<dyn Fn() -> Micros + Send + Sync>;

/// Heard items kept until somebody takes them: two cuffs at 20 frames a second for over three minutes.
const HEARD_MAX: usize = 8192;
/// Room above that for what must not be lost: links going up and down, answers.
const HEARD_SPARE: usize = 1024;
/// Asks waiting for the radio.
const ASKS_MAX: usize = 1024;
/// How long finding the radio may take.
const OPEN: Duration = Duration::from_secs(5);
/// Longer than any platform's own connect.
const CONNECT: Duration = Duration::from_secs(35);
/// Discovering services, and any one operation.
const OPERATION: Duration = Duration::from_secs(30);
/// Disconnecting.
const DISCONNECT: Duration = Duration::from_secs(5);
/// How often links are asked whether they still stand.
const WATCH: Duration = Duration::from_secs(2);

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

/// What was heard and not yet taken.
#[derive(Default)]
struct Heap {
    items: VecDeque<(Micros, Heard)>,
    last: Option<Micros>,
}

/// The bounded queue between the radio's tasks and the app's thread.
struct Queue {
    now: NowFn,
    heap: Mutex<Heap>,
    dropped: AtomicU64,
    panics: AtomicU64,
}

impl Queue {
    fn new(now: NowFn) -> Self {
        Self { now, heap: Mutex::default(), dropped: AtomicU64::new(0), panics: AtomicU64::new(0) }
    }

    fn lock(&self) -> MutexGuard<'_, Heap> {
        self.heap.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, heard: Heard) {
        self.push_at((self.now)(), heard);
    }

    fn push_at(&self, at: Micros, heard: Heard) {
        let plenty = matches!(heard, Heard::Notified(..) | Heard::Advert(_));
        let room = if plenty { HEARD_MAX } else { HEARD_MAX + HEARD_SPARE };
        let mut heap = self.lock();
        if heap.items.len() >= room {
            drop(heap);
            self.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        // Tasks stamp side by side: what was queued later must not look earlier.
        let at = heap.last.map_or(at, |last| last.max(at));
        heap.last = Some(at);
        heap.items.push_back((at, heard));
    }

    fn take(&self, now: Micros) -> Option<(Micros, Heard)> {
        let mut heap = self.lock();
        let due = heap.items.front().is_some_and(|(at, _)| *at <= now);
        if due { heap.items.pop_front() } else { None }
    }
}

/// The radio of this machine.
pub struct RadioTransport {
    queue: Arc<Queue>,
    asks: mpsc::Sender<Ask>,
    runtime: Option<Runtime>,
}

impl RadioTransport {
    /// Finds the first Bluetooth adapter. Takes at most five seconds; may show the platform's permission prompt, so
    /// call it when somebody asked for cuffs. `now` is the app's clock.
    pub fn open(now: NowFn) -> Result<Self, RadioError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("talus-radio")
            .enable_all()
            .build()
            .map_err(|_| RadioError::Broken)?;
        // A channel instead of blocking on the runtime, so that calling from within another runtime cannot panic.
        let (found, adapter) = std::sync::mpsc::sync_channel(1);
        runtime.spawn(async move {
            let outcome = AssertUnwindSafe(tokio::time::timeout(OPEN, find_adapter())).catch_unwind().await;
            let _ = found.send(match outcome {
                Ok(Ok(adapter)) => adapter,
                Ok(Err(_)) => Err(RadioError::Timeout),
                Err(_) => Err(RadioError::Broken),
            });
        });
        let adapter = adapter.recv_timeout(OPEN + Duration::from_secs(1)).unwrap_or(Err(RadioError::Timeout));
        let adapter = match adapter {
            Ok(adapter) => adapter,
            Err(error) => {
                runtime.shutdown_background();
                return Err(error);
            }
        };
        let queue = Arc::new(Queue::new(now));
        let (asks, asked) = mpsc::channel(ASKS_MAX);
        let router = Router {
            adapter,
            queue: queue.clone(),
            devices: BTreeMap::new(),
            scan: Arc::default(),
            lookups: Arc::new(Semaphore::new(LOOKUPS_MAX)),
        };
        runtime.spawn(guard(queue.clone(), Heard::Radio(RadioState::Missing), router.run(asked)));
        Ok(Self { queue, asks, runtime: Some(runtime) })
    }

    /// Heard items that were dropped because nobody took them in time.
    pub fn dropped(&self) -> u64 {
        self.queue.dropped.load(Ordering::Relaxed)
    }

    /// Panics caught inside the platform's library.
    pub fn panics(&self) -> u64 {
        self.queue.panics.load(Ordering::Relaxed)
    }
}

impl Transport for RadioTransport {
    fn ask(&mut self, _now: Micros, ask: Ask) {
        if let Err(error) = self.asks.try_send(ask) {
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
}

impl Drop for RadioTransport {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Runs a task; a panic in it becomes `broken` and a count.
async fn guard(queue: Arc<Queue>, broken: Heard, task: impl Future<Output = ()> + Send) {
    if AssertUnwindSafe(task).catch_unwind().await.is_err() {
        queue.panics.fetch_add(1, Ordering::Relaxed);
        queue.push(broken);
    }
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
    manager.adapters().await.map_err(classify)?.into_iter().next().ok_or(RadioError::NoAdapter)
}

/// The first line of a platform's message, bounded.
fn short(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(160).collect()
}

/// What an error of the library means. It has few kinds of its own: most of a platform's word is only in the text.
fn refusal(error: &btleplug::Error) -> Refusal {
    match error {
        btleplug::Error::PermissionDenied => Refusal::NeedsBond,
        btleplug::Error::DeviceNotFound | btleplug::Error::NotConnected => Refusal::NotReachable,
        btleplug::Error::NoSuchCharacteristic => Refusal::MissingCharacteristic,
        btleplug::Error::TimedOut(_) => Refusal::Timeout,
        btleplug::Error::NoAdapterAvailable => Refusal::RadioUnavailable,
        other => refusal_of(&other.to_string()),
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

/// One device that was asked for.
struct Device {
    peripheral: Peripheral,
    /// Operations for its worker.
    operations: mpsc::Sender<Ask>,
    worker: JoinHandle<()>,
    line: Arc<Line>,
}

/// Whether a link stands and whether somebody waits to hear that it fell.
struct Line {
    id: PeripheralId,
    up: AtomicBool,
    owed: AtomicBool,
}

impl Line {
    /// The link is down: told once, whoever notices first.
    fn fell(&self, queue: &Queue) {
        let up = self.up.swap(false, Ordering::AcqRel);
        let owed = self.owed.swap(false, Ordering::AcqRel);
        if up || owed {
            queue.push(Heard::Disconnected(self.id.clone()));
        }
    }
}

/// Advertisements being looked up at once; in a crowd the rest wait for their next one.
const LOOKUPS_MAX: usize = 32;

/// Services that are looked for; `None` while nobody looks.
type ScanFor = Arc<Mutex<Option<Vec<Uuid>>>>;

/// Takes asks and hands them to the devices' workers.
struct Router {
    adapter: Adapter,
    queue: Arc<Queue>,
    devices: BTreeMap<PeripheralId, Device>,
    scan: ScanFor,
    lookups: Arc<Semaphore>,
}

impl Router {
    async fn run(mut self, mut asked: mpsc::Receiver<Ask>) {
        if let Ok(state) = self.adapter.adapter_state().await {
            self.queue.push(Heard::Radio(radio_state(&state)));
        }
        let Ok(mut events) = self.adapter.events().await else {
            self.queue.push(Heard::Radio(RadioState::Missing));
            return;
        };
        let mut watch = tokio::time::interval(WATCH);
        loop {
            tokio::select! {
                ask = asked.recv() => match ask {
                    Some(ask) => self.ask(ask).await,
                    None => return,
                },
                event = events.next() => {
                    let Some(event) = event else {
                        return self.queue.push(Heard::Radio(RadioState::Missing));
                    };
                    self.event(event);
                }
                _ = watch.tick() => self.watch(),
            }
        }
    }

    fn event(&self, event: CentralEvent) {
        let id = match event {
            CentralEvent::StateUpdate(state) => return self.queue.push(Heard::Radio(radio_state(&state))),
            CentralEvent::DeviceDisconnected(id) => {
                if let Some(device) = self.devices.get(&PeripheralId(id.to_string())) {
                    device.line.fell(&self.queue);
                }
                return;
            }
            CentralEvent::DeviceConnected(_) | CentralEvent::DeviceServicesModified(_) => return,
            CentralEvent::DeviceDiscovered(id)
            | CentralEvent::DeviceUpdated(id)
            | CentralEvent::ManufacturerDataAdvertisement { id, .. }
            | CentralEvent::ServiceDataAdvertisement { id, .. }
            | CentralEvent::ServicesAdvertisement { id, .. }
            | CentralEvent::RssiUpdate { id, .. } => id,
        };
        if lock(&self.scan).is_none() {
            return;
        }
        let Ok(permit) = self.lookups.clone().try_acquire_owned() else { return };
        let (adapter, queue, scan, at) =
            (self.adapter.clone(), self.queue.clone(), self.scan.clone(), (self.queue.now)());
        tokio::spawn(async move {
            let _permit = permit;
            let Ok(peripheral) = adapter.peripheral(&id).await else { return };
            let Ok(Some(properties)) = peripheral.properties().await else { return };
            let advert = Advert {
                id: PeripheralId(id.to_string()),
                name: properties.advertisement_name.or(properties.local_name).unwrap_or_default(),
                rssi_dbm: properties.rssi,
                services: properties.services,
                service_data: properties.service_data.into_iter().collect(),
                manufacturer_data: properties.manufacturer_data.into_iter().collect(),
            };
            // Platforms merge the filters of all apps.
            if lock(&scan).as_ref().is_some_and(|services| wanted(&advert, services)) {
                queue.push_at(at, Heard::Advert(advert));
            }
        });
    }

    async fn ask(&mut self, ask: Ask) {
        match ask {
            Ask::Scan { services } => {
                *lock(&self.scan) = Some(services.clone());
                // Devices that are known already are not discovered again.
                if self.adapter.start_scan(ScanFilter { services }).await.is_err() {
                    self.queue.push(Heard::Radio(RadioState::Off));
                }
            }
            Ask::StopScan => {
                *lock(&self.scan) = None;
                let _ = self.adapter.stop_scan().await; // not scanning is what was wanted
            }
            Ask::Connect(id) => self.connect(id).await,
            Ask::Disconnect(id) => self.disconnect(id),
            Ask::Read(ref id, uuid)
            | Ask::Subscribe(ref id, uuid)
            | Ask::Write { ref id, characteristic: uuid, .. } => {
                let id = id.clone();
                let sent = self.devices.get(&id).is_some_and(|device| device.operations.try_send(ask).is_ok());
                if !sent {
                    let refusal = Refusal::NotReachable;
                    self.queue.push(Heard::Failed { id, characteristic: Some(uuid), refusal });
                }
            }
        }
    }

    async fn connect(&mut self, id: PeripheralId) {
        let Some(peripheral) = self.peripheral(&id).await else {
            return self.queue.push(Heard::Failed { id, characteristic: None, refusal: Refusal::NotReachable });
        };
        if let Some(before) = self.devices.remove(&id) {
            before.worker.abort();
        }
        let (operations, todo) = mpsc::channel(64);
        let line = Arc::new(Line { id: id.clone(), up: AtomicBool::new(false), owed: AtomicBool::new(false) });
        let broken = Heard::Failed { id: id.clone(), characteristic: None, refusal: Refusal::Other };
        let work = work(peripheral.clone(), line.clone(), self.queue.clone(), todo);
        let worker = tokio::spawn(guard(self.queue.clone(), broken, work));
        self.devices.insert(id, Device { peripheral, operations, worker, line });
    }

    /// A handle kept from before is better than a new one: after a disconnection some platforms forget the device.
    async fn peripheral(&self, id: &PeripheralId) -> Option<Peripheral> {
        if let Some(device) = self.devices.get(id) {
            return Some(device.peripheral.clone());
        }
        let known = self.adapter.peripherals().await.ok()?;
        known.into_iter().find(|peripheral| peripheral.id().to_string() == id.0)
    }

    fn disconnect(&self, id: PeripheralId) {
        let Some(device) = self.devices.get(&id) else {
            return self.queue.push(Heard::Disconnected(id));
        };
        device.worker.abort();
        device.line.owed.store(true, Ordering::Release);
        let (peripheral, line, queue) = (device.peripheral.clone(), device.line.clone(), self.queue.clone());
        tokio::spawn(async move {
            // Also ends a pending connect, which dropping its future does not.
            let _ = tokio::time::timeout(DISCONNECT, peripheral.disconnect()).await;
            line.fell(&queue);
        });
    }

    /// Events can be lost: ask each link that should stand.
    fn watch(&self) {
        for device in self.devices.values().filter(|device| device.line.up.load(Ordering::Acquire)) {
            let (peripheral, line, queue) = (device.peripheral.clone(), device.line.clone(), self.queue.clone());
            tokio::spawn(async move {
                if let Ok(Ok(false)) = tokio::time::timeout(WATCH, peripheral.is_connected()).await {
                    line.fell(&queue);
                }
            });
        }
    }
}

/// Connects one device, forwards what it notifies, and does its operations one after another.
async fn work(peripheral: Peripheral, line: Arc<Line>, queue: Arc<Queue>, mut todo: mpsc::Receiver<Ask>) {
    let id = &line.id;
    let failed = |refusal| queue.push(Heard::Failed { id: id.clone(), characteristic: None, refusal });
    if let Err(error) = peripheral.connect_with_timeout(CONNECT).await {
        return failed(refusal(&error));
    }
    if let Err(error) = peripheral.discover_services_with_timeout(OPERATION).await {
        let _ = tokio::time::timeout(DISCONNECT, peripheral.disconnect()).await;
        return failed(refusal(&error));
    }
    let mut notifications = match peripheral.notifications().await {
        Ok(notifications) => notifications,
        Err(error) => {
            let _ = tokio::time::timeout(DISCONNECT, peripheral.disconnect()).await;
            return failed(refusal(&error));
        }
    };
    let characteristics: BTreeMap<Uuid, Characteristic> =
        peripheral.characteristics().into_iter().map(|characteristic| (characteristic.uuid, characteristic)).collect();
    line.up.store(true, Ordering::Release);
    queue.push(Heard::Connected {
        id: id.clone(),
        mtu: peripheral.mtu(),
        characteristics: characteristics.keys().copied().collect(),
    });
    let forward = async {
        while let Some(notification) = notifications.next().await {
            let at = (queue.now)();
            queue.push_at(at, Heard::Notified(id.clone(), notification.uuid, notification.value));
        }
        // The stream ends with the link on some platforms; the watch tells for sure.
        std::future::pending::<()>().await;
    };
    let operate = async {
        while let Some(ask) = todo.recv().await {
            let heard = operate(&peripheral, id, &characteristics, ask).await;
            queue.push(heard);
        }
    };
    // Both as one task would let an operation hold up arrivals only if either blocked, and neither does.
    tokio::select! {
        () = forward => {}
        () = operate => {}
    }
}

/// Does one operation and says what came of it.
async fn operate(
    peripheral: &Peripheral,
    id: &PeripheralId,
    characteristics: &BTreeMap<Uuid, Characteristic>,
    ask: Ask,
) -> Heard {
    let uuid = match &ask {
        Ask::Read(_, uuid) | Ask::Subscribe(_, uuid) | Ask::Write { characteristic: uuid, .. } => *uuid,
        Ask::Scan { .. } | Ask::StopScan | Ask::Connect(_) | Ask::Disconnect(_) => Uuid::nil(),
    };
    let failed = |refusal| Heard::Failed { id: id.clone(), characteristic: Some(uuid), refusal };
    let Some(characteristic) = characteristics.get(&uuid) else {
        return failed(Refusal::MissingCharacteristic);
    };
    let run = async {
        Ok(match ask {
            Ask::Read(id, _) => Heard::Read(id, uuid, peripheral.read(characteristic).await?),
            Ask::Subscribe(id, _) => {
                peripheral.subscribe(characteristic).await?;
                Heard::Subscribed(id, uuid)
            }
            Ask::Write { id, bytes, with_response, .. } => {
                let kind = if with_response { WriteType::WithResponse } else { WriteType::WithoutResponse };
                peripheral.write(characteristic, &bytes, kind).await?;
                Heard::Written(id, uuid)
            }
            Ask::Scan { .. } | Ask::StopScan | Ask::Connect(_) | Ask::Disconnect(_) => failed(Refusal::Other),
        })
    };
    match tokio::time::timeout(OPERATION, run).await {
        Ok(Ok(heard)) => heard,
        Ok(Err(error)) => failed(refusal(&error)),
        Err(_) => failed(Refusal::Timeout),
    }
}

fn radio_state(state: &CentralState) -> RadioState {
    match state {
        CentralState::PoweredOff => RadioState::Off,
        // Some platforms never say more than "unknown"; what is asked then fails with its own reason.
        CentralState::PoweredOn | CentralState::Unknown => RadioState::On,
    }
}

fn wanted(advert: &Advert, services: &[Uuid]) -> bool {
    let offers = |uuid: &Uuid| advert.services.contains(uuid) || advert.service_data.iter().any(|(key, _)| key == uuid);
    services.is_empty() || services.iter().any(offers)
}

fn lock(scan: &ScanFor) -> MutexGuard<'_, Option<Vec<Uuid>>> {
    scan.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicI64;

    fn queue_at(time: &Arc<AtomicI64>) -> Queue {
        let time = time.clone();
        Queue::new(Arc::new(move || Micros(time.load(Ordering::Relaxed))))
    }

    fn notified() -> Heard {
        Heard::Notified(PeripheralId("a".into()), Uuid::nil(), vec![])
    }

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
        let queue = Arc::new(queue_at(&Arc::default()));
        let runtime = Builder::new_current_thread().build().unwrap();
        let broken = Heard::Radio(RadioState::Missing);
        runtime.block_on(guard(queue.clone(), broken.clone(), async { panic!("as the platform's library might") }));
        assert_eq!(queue.panics.load(Ordering::Relaxed), 1);
        assert_eq!(queue.take(Micros(0)), Some((Micros(0), broken)));
    }

    #[test]
    fn the_queue_is_bounded_counts_what_it_drops_and_keeps_room_for_the_links() {
        let queue = queue_at(&Arc::default());
        for _ in 0..HEARD_MAX + 10 {
            queue.push(notified());
        }
        assert_eq!(queue.dropped.load(Ordering::Relaxed), 10);
        let gone = Heard::Disconnected(PeripheralId("a".into()));
        queue.push(gone.clone());
        let last = std::iter::from_fn(|| queue.take(Micros(0))).last();
        assert_eq!(last, Some((Micros(0), gone)));
    }

    #[test]
    fn times_never_run_back_and_nothing_is_handed_out_before_its_time() {
        let time = Arc::new(AtomicI64::new(100));
        let queue = queue_at(&time);
        queue.push(notified());
        queue.push_at(Micros(50), notified());
        assert_eq!(queue.take(Micros(99)), None);
        let times: Vec<_> = std::iter::from_fn(|| queue.take(Micros(100))).map(|(at, _)| at.0).collect();
        assert_eq!(times, [100, 100]);
    }

    #[test]
    fn a_fallen_link_is_told_once() {
        let queue = queue_at(&Arc::default());
        let line = Line { id: PeripheralId("a".into()), up: AtomicBool::new(true), owed: AtomicBool::new(true) };
        line.fell(&queue);
        line.fell(&queue);
        assert_eq!(queue.lock().items.len(), 1);
    }

    #[test]
    fn the_words_of_platforms_become_refusals() {
        for (text, expected) in [
            ("org.bluez.Error.Failed: Operation failed with ATT error: 0x80", Refusal::Att(0x80)),
            ("Operation failed with ATT error: 0x0f (Insufficient encryption)", Refusal::NeedsBond),
            ("org.bluez.Error.NotAuthorized", Refusal::NeedsBond),
            ("org.bluez.Error.NotConnected: Not Connected", Refusal::NotReachable),
            ("org.bluez.Error.NotReady: Resource Not Ready", Refusal::RadioUnavailable),
            ("Service discovery timed out", Refusal::Timeout),
            ("something new", Refusal::Other),
        ] {
            assert_eq!(refusal_of(text), expected, "{text}");
        }
        assert_eq!(refusal(&btleplug::Error::DeviceNotFound), Refusal::NotReachable);
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
