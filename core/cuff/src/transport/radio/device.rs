//! One device that was asked for: connected, its notifications forwarded, its operations done one after another.

use super::guard;
use super::queue::Queue;
use super::words::refusal;
use crate::transport::{Ask, Heard, PeripheralId, Refusal};
use btleplug::api::{Characteristic, Peripheral as _, WriteType};
use btleplug::platform::Peripheral;
use futures::StreamExt;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use talus_motion::Micros;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Longer than any platform's own connect.
const CONNECT: Duration = Duration::from_secs(35);
/// How long a connection waits for another that is being made: platforms mix up two at once, and a cuff that is out
/// of range must not keep the other one away.
const TURN: Duration = Duration::from_secs(8);
/// Discovering services, and any one operation.
const OPERATION: Duration = Duration::from_secs(30);
/// Disconnecting.
pub(super) const DISCONNECT: Duration = Duration::from_secs(5);
/// Operations waiting for one device.
const OPERATIONS_MAX: usize = 64;

/// Whose turn it is to connect.
pub(super) type Turn = Arc<Mutex<()>>;

/// One device that was asked for.
pub(super) struct Device {
    pub(super) peripheral: Peripheral,
    /// Operations for its worker.
    pub(super) operations: mpsc::Sender<Ask>,
    pub(super) worker: JoinHandle<bool>,
    pub(super) line: Arc<Line>,
}

impl Device {
    /// Starts connecting.
    pub(super) fn connect(peripheral: Peripheral, id: PeripheralId, queue: &Arc<Queue>, turn: Turn) -> Self {
        let (operations, todo) = mpsc::channel(OPERATIONS_MAX);
        let broken = Heard::Failed { id: id.clone(), characteristic: None, refusal: Refusal::Other };
        let line = Arc::new(Line::new(id));
        let work = work(peripheral.clone(), line.clone(), queue.clone(), todo, turn);
        let worker = tokio::spawn(guard(queue.clone(), broken, work));
        Self { peripheral, operations, worker, line }
    }
}

impl Drop for Device {
    /// Nothing is heard any more of a device that was given up, also where a panic gave it up.
    fn drop(&mut self) {
        self.worker.abort();
    }
}

/// Whether a link stands and whether somebody waits to hear that it fell.
pub(super) struct Line {
    pub(super) id: PeripheralId,
    pub(super) up: AtomicBool,
    pub(super) owed: AtomicBool,
    /// Session time, µs, up to which a connection that nobody waits for any more may still come about.
    late_until: AtomicI64,
}

impl Line {
    /// A link that does not stand.
    pub(super) fn new(id: PeripheralId) -> Self {
        Self { id, up: AtomicBool::new(false), owed: AtomicBool::new(false), late_until: AtomicI64::new(i64::MIN) }
    }

    /// Nobody waits any more for the connection that is being made. Android goes on making it all the same, and then holds
    /// the cuff.
    pub(super) fn give_up(&self, now: Micros) {
        self.late_until.store(now.plus(CONNECT.as_micros() as i64).0, Ordering::Release);
    }

    /// Whether a connection that comes about now is one that was given up; once.
    pub(super) fn is_late(&self, now: Micros) -> bool {
        now.0 <= self.late_until.swap(i64::MIN, Ordering::AcqRel)
    }

    /// The link is down: told once, whoever notices first.
    pub(super) fn fell(&self, queue: &Queue) {
        let up = self.up.swap(false, Ordering::AcqRel);
        let owed = self.owed.swap(false, Ordering::AcqRel);
        if up || owed {
            queue.push(Heard::Disconnected(self.id.clone()));
        }
    }
}

/// Connects one device, forwards what it notifies, and does its operations one after another.
async fn work(peripheral: Peripheral, line: Arc<Line>, queue: Arc<Queue>, mut todo: mpsc::Receiver<Ask>, turn: Turn) {
    let id = &line.id;
    let prepared = {
        let _turn = tokio::time::timeout(TURN, turn.lock()).await;
        prepare(&peripheral).await
    };
    let mut notifications = match prepared {
        Ok(notifications) => notifications,
        Err(refusal) => {
            // A failed connect may have left a link that stands (a refused packet size) or one that is still being
            // made (platforms that never give up): both end with this, and nothing else ends them.
            let _ = tokio::time::timeout(DISCONNECT, peripheral.disconnect()).await;
            return queue.push(Heard::Failed { id: id.clone(), characteristic: None, refusal });
        }
    };
    let mut characteristics: BTreeMap<Uuid, Characteristic> = BTreeMap::new();
    for characteristic in peripheral.characteristics() {
        // The first of a UUID, as platforms do that look for it by themselves.
        characteristics.entry(characteristic.uuid).or_insert(characteristic);
    }
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

/// Everything before a link can be used.
async fn prepare(
    peripheral: &Peripheral,
) -> Result<impl futures::Stream<Item = btleplug::api::ValueNotification> + Send + Unpin + use<>, Refusal> {
    peripheral.connect_with_timeout(CONNECT).await.map_err(|error| refusal(&error))?;
    peripheral.discover_services_with_timeout(OPERATION).await.map_err(|error| refusal(&error))?;
    peripheral.notifications().await.map_err(|error| refusal(&error))
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
