//! Takes asks and hands them to the devices' workers, listens to the adapter, and is started again where it breaks.

use super::device::{DISCONNECT, Device, Turn};
use super::queue::Queue;
use super::words::{radio_state, wanted};
use super::{adapter_in_time, forget_adapter, guard};
use crate::transport::{Advert, Ask, Heard, PeripheralId, RadioState, Refusal};
use btleplug::api::{Central, CentralEvent, Peripheral as _, ScanFilter};
use btleplug::platform::{Adapter, Peripheral};
use futures::StreamExt;
use futures::future::join_all;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use talus_motion::Micros;
use tokio::sync::{Semaphore, mpsc};
use uuid::Uuid;

/// How often the radio and its links are asked whether they still stand.
const WATCH: Duration = Duration::from_secs(2);
/// A scan that hears nothing for this long is begun anew, µs: a cuff advertises once a second at least, and Android lets a scan
/// begin five times in 30 s.
const QUIET_US: i64 = 10_000_000;
/// From a break of the library to the next attempt.
const RESTART: Duration = Duration::from_secs(1);
/// Advertisements being looked up at once; in a crowd the rest wait for their next one.
const LOOKUPS_MAX: usize = 32;

/// Services that are looked for; `None` while nobody looks.
type ScanFor = Arc<Mutex<Option<Vec<Uuid>>>>;

/// Runs a router until nobody asks any more; after a break, another one on an adapter that is found anew. What was
/// looked for is looked for again; links are told as lost, and whoever wants them connects again.
pub(super) async fn supervise(adapter: Adapter, queue: Arc<Queue>, asked: mpsc::Receiver<Ask>) {
    let asked = Arc::new(tokio::sync::Mutex::new(asked));
    let scan = ScanFor::default();
    let mut adapter = Some(adapter);
    loop {
        let found = match adapter.take() {
            Some(adapter) => Ok(adapter),
            None => adapter_in_time().await,
        };
        if let Ok(adapter) = found {
            let mut router = Router {
                adapter,
                queue: queue.clone(),
                devices: BTreeMap::new(),
                scan: scan.clone(),
                lookups: Arc::new(Semaphore::new(LOOKUPS_MAX)),
                turn: Turn::default(),
                state: None,
                looking: false,
                heard_at: Micros(0),
            };
            let asks = asked.clone();
            let run = async move {
                let over = router.run(&mut *asks.lock().await).await;
                router.close().await;
                if !over {
                    // Nothing more is heard from this adapter.
                    router.queue.push(Heard::Radio(RadioState::Missing));
                }
            };
            // On a task of its own: what a panic leaves behind ends with it.
            let _ = tokio::spawn(guard(queue.clone(), Heard::Radio(RadioState::Missing), run)).await;
            if asked.lock().await.is_closed() {
                return;
            }
            forget_adapter();
        }
        tokio::time::sleep(RESTART).await;
        // Nobody answers while there is no adapter: asks get the answer that there is none.
        let mut waiting = asked.lock().await;
        loop {
            match waiting.try_recv() {
                Ok(ask) => unavailable(&queue, &scan, ask),
                Err(mpsc::error::TryRecvError::Empty) => break,
                Err(mpsc::error::TryRecvError::Disconnected) => return,
            }
        }
    }
}

/// Answers an ask without a radio; what is looked for is remembered.
fn unavailable(queue: &Queue, scan: &ScanFor, ask: Ask) {
    let refusal = Refusal::RadioUnavailable;
    match ask {
        Ask::Scan { services } => *lock(scan) = Some(services),
        Ask::StopScan => *lock(scan) = None,
        Ask::Disconnect(id) => queue.push(Heard::Disconnected(id)),
        Ask::Connect(id) => queue.push(Heard::Failed { id, characteristic: None, refusal }),
        Ask::Read(id, uuid) | Ask::Subscribe(id, uuid) | Ask::Write { id, characteristic: uuid, .. } => {
            queue.push(Heard::Failed { id, characteristic: Some(uuid), refusal });
        }
    }
}

struct Router {
    adapter: Adapter,
    queue: Arc<Queue>,
    devices: BTreeMap<PeripheralId, Device>,
    scan: ScanFor,
    lookups: Arc<Semaphore>,
    turn: Turn,
    /// What was told about the radio last.
    state: Option<RadioState>,
    /// The adapter scans.
    looking: bool,
    /// When something was heard last while it does, or when it began.
    heard_at: Micros,
}

impl Router {
    /// Runs until nobody asks any more (`true`) or the library has nothing more to say (`false`).
    async fn run(&mut self, asked: &mut mpsc::Receiver<Ask>) -> bool {
        let Ok(mut events) = self.adapter.events().await else { return false };
        let mut watch = tokio::time::interval(WATCH);
        loop {
            tokio::select! {
                ask = asked.recv() => match ask {
                    Some(ask) => self.ask(ask).await,
                    None => return true,
                },
                event = events.next() => match event {
                    Some(event) => self.event(event).await,
                    None => return false,
                },
                // At once the first time: that is how the radio's state is first told.
                _ = watch.tick() => self.watch().await,
            }
        }
    }

    /// Ends every link: on some platforms they outlive the process.
    async fn close(&mut self) {
        let devices = std::mem::take(&mut self.devices);
        let queue = &self.queue;
        join_all(devices.into_values().map(|device| async move {
            device.worker.abort();
            let _ = tokio::time::timeout(DISCONNECT, device.peripheral.disconnect()).await;
            device.line.fell(queue);
        }))
        .await;
        if lock(&self.scan).is_some() {
            let _ = self.adapter.stop_scan().await;
        }
    }

    /// The radio's state, told where it is another.
    async fn state(&mut self, state: RadioState) {
        if self.state == Some(state) {
            return;
        }
        self.state = Some(state);
        self.queue.push(Heard::Radio(state));
        if state != RadioState::On {
            self.looking = false;
            return;
        }
        if self.looking {
            return;
        }
        // What was looked for while it was off.
        let services = lock(&self.scan).clone();
        if let Some(services) = services {
            self.look(services).await;
        }
    }

    async fn event(&mut self, event: CentralEvent) {
        let id = match event {
            CentralEvent::StateUpdate(state) => return self.state(radio_state(&state)).await,
            CentralEvent::DeviceDisconnected(id) => {
                if let Some(device) = self.devices.get(&PeripheralId(id.to_string())) {
                    device.line.fell(&self.queue);
                }
                return;
            }
            CentralEvent::DeviceConnected(id) => {
                if let Some(device) = self.devices.get(&PeripheralId(id.to_string()))
                    && device.line.is_late((self.queue.now)())
                {
                    let peripheral = device.peripheral.clone();
                    tokio::spawn(async move { tokio::time::timeout(DISCONNECT, peripheral.disconnect()).await });
                }
                return;
            }
            CentralEvent::DeviceServicesModified(_) => return,
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
        self.heard_at = (self.queue.now)();
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
                self.look(services).await;
            }
            Ask::StopScan => {
                *lock(&self.scan) = None;
                self.looking = false;
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

    /// Starts looking. BlueZ would switch the radio on for that; who switched it off meant it, so it waits until
    /// somebody switches it on.
    async fn look(&mut self, services: Vec<Uuid>) {
        let state = self.adapter.adapter_state().await.map_or(RadioState::Missing, |state| radio_state(&state));
        self.looking = state == RadioState::On && self.adapter.start_scan(ScanFilter { services }).await.is_ok();
        self.heard_at = (self.queue.now)();
        if self.looking {
            return;
        }
        // A scan that cannot start is told as "off", whatever the reason, and tried again with the next watch; but not
        // where links stand, which would take it for their end.
        let state = if state == RadioState::On { RadioState::Off } else { state };
        self.state = Some(state);
        if !self.devices.values().any(|device| device.line.up.load(Ordering::Acquire)) {
            self.queue.push(Heard::Radio(state));
        }
    }

    async fn connect(&mut self, id: PeripheralId) {
        let Some(peripheral) = self.peripheral(&id).await else {
            return self.queue.push(Heard::Failed { id, characteristic: None, refusal: Refusal::NotReachable });
        };
        let device = Device::connect(peripheral, id.clone(), &self.queue, self.turn.clone());
        self.devices.insert(id, device);
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
        if !device.line.up.load(Ordering::Acquire) {
            device.line.give_up((self.queue.now)());
        }
        let (peripheral, line, queue) = (device.peripheral.clone(), device.line.clone(), self.queue.clone());
        tokio::spawn(async move {
            // Also ends a pending connect, which dropping its future does not.
            let _ = tokio::time::timeout(DISCONNECT, peripheral.disconnect()).await;
            line.fell(&queue);
        });
    }

    /// Events can be lost: ask the radio, and each link that should stand. A scan may fall silent without a word: it is begun
    /// anew.
    async fn watch(&mut self) {
        if let Ok(Ok(state)) = tokio::time::timeout(WATCH, self.adapter.adapter_state()).await {
            self.state(radio_state(&state)).await;
        }
        let services = lock(&self.scan).clone().filter(|_| self.looking);
        if let Some(services) = services
            && (self.queue.now)().since(self.heard_at) > QUIET_US
        {
            let _ = self.adapter.stop_scan().await; // one that has ended is what it may be about
            self.look(services).await;
        }
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

fn lock(scan: &ScanFor) -> MutexGuard<'_, Option<Vec<Uuid>>> {
    scan.lock().unwrap_or_else(PoisonError::into_inner)
}
