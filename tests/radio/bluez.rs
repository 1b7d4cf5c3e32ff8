//! Our own `org.bluez` on a private bus: everything btleplug asks of BlueZ, answered by a table of objects, so that the
//! real adapter runs without a radio, a kernel or a daemon.
//!
//! [`Room`] is the most important item: an adapter and cuffs around it, on a bus of their own, with a remote control.
//! What it answers was measured against BlueZ 5.66: names of errors, the order of signals, objects that vanish with the
//! link. Included by path from the tests that need it.

use super::cuff::{Char, Cuff};
use dbus::arg::{PropMap, RefArg, Variant};
use dbus::channel::Channel;
use dbus::message::MessageType;
use dbus::strings::ErrorName;
use dbus::{Message, Path};
use std::collections::{BTreeSet, HashMap};
use std::ffi::CString;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const ADAPTER: &str = "/org/bluez/hci0";
/// Between two advertisements of a cuff, and from a scan to the first.
const ADVERT: Duration = Duration::from_millis(100);

/// A bus for one test: gone with it.
pub struct Bus {
    daemon: Child,
    /// Where programs find it.
    pub address: String,
}

impl Bus {
    /// Starts one; `None` where there is no dbus-daemon.
    pub fn start() -> Option<Self> {
        let folder = std::env::temp_dir();
        let rules = r#"<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>"#;
        let config = format!(
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
             \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\"><busconfig><type>session</type>\
             <listen>unix:tmpdir={}</listen><auth>EXTERNAL</auth>{rules}</busconfig>",
            folder.display()
        );
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), config).unwrap();
        let mut daemon = Command::new("dbus-daemon")
            .args(["--nofork", "--print-address=1", &format!("--config-file={}", file.path().display())])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        assert!(address.starts_with("unix:"), "the bus did not start: {address:?}");
        Some(Self { daemon, address })
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// How the next connections end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connecting {
    /// They succeed.
    #[default]
    Works,
    /// They are refused at once.
    Refused,
}

/// A cuff in the room and how BlueZ sees it.
pub struct Device {
    /// What is at the other end.
    pub cuff: Cuff,
    /// It is in range and advertises.
    pub here: bool,
    /// How the next connections end.
    pub connecting: Connecting,
    /// How long they take.
    pub takes: Duration,
    /// One that is being made cannot be called off, as on Android.
    pub stubborn: bool,
    /// Its advertisements are not told until a scan begins anew.
    pub silent: bool,
    path: String,
    known: bool,
    connected: bool,
    resolved_at: Option<Instant>,
    resolved: bool,
    notifying: BTreeSet<usize>,
    /// The answer to a `Connect` that is owed, and when.
    owed: Option<(Message, Instant)>,
    advert_at: Instant,
}

/// What the adapter and its cuffs are like now.
pub struct State {
    /// There is an adapter.
    pub adapter: bool,
    powered: bool,
    discovering: bool,
    /// Cuffs, in the order given.
    pub devices: Vec<Device>,
    /// Signals to be sent before anything else.
    signals: Vec<Message>,
    /// What programs asked for, in order: `connect 1`, `write 0014 02 01 00`, …
    pub log: Vec<String>,
    /// Bus names that asked for anything.
    pub clients: BTreeSet<String>,
    over: bool,
}

/// An adapter with cuffs around it.
pub struct Room {
    state: Arc<Mutex<State>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Room {
    /// Takes the name `org.bluez` on the bus at `address` and answers until it is dropped.
    pub fn open(address: &str, cuffs: Vec<Cuff>) -> Self {
        let now = Instant::now();
        let devices = cuffs
            .into_iter()
            .enumerate()
            .map(|(index, cuff)| Device {
                cuff,
                here: true,
                connecting: Connecting::Works,
                takes: Duration::from_millis(60),
                stubborn: false,
                silent: false,
                path: format!("{ADAPTER}/dev_C0_FF_EE_00_00_{:02X}", index + 1),
                known: false,
                connected: false,
                resolved_at: None,
                resolved: false,
                notifying: BTreeSet::new(),
                owed: None,
                advert_at: now,
            })
            .collect();
        let state = Arc::new(Mutex::new(State {
            adapter: true,
            powered: true,
            discovering: false,
            devices,
            signals: Vec::new(),
            log: Vec::new(),
            clients: BTreeSet::new(),
            over: false,
        }));
        let mut channel = Channel::open_private(address).unwrap();
        channel.register().unwrap();
        let name = Message::call_with_args(
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus",
            "RequestName",
            ("org.bluez", 4u32),
        );
        let answer = channel.send_with_reply_and_block(name, Duration::from_secs(5)).unwrap();
        assert_eq!(answer.get1::<u32>(), Some(1), "org.bluez belongs to somebody else on this bus");
        let shared = state.clone();
        let thread = std::thread::spawn(move || serve(&channel, &shared));
        Self { state, thread: Some(thread) }
    }

    /// The room as it is now, to look at and to change.
    pub fn now(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.now().over = true;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(channel: &Channel, state: &Mutex<State>) {
    loop {
        if channel.read_write(Some(Duration::from_millis(2))).is_err() {
            return;
        }
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.over {
            return;
        }
        while let Some(message) = channel.pop_message() {
            if message.msg_type() == MessageType::MethodCall
                && let Some(answer) = state.answer(message)
            {
                let _ = channel.send(answer);
            }
        }
        state.pass(Instant::now());
        for signal in state.signals.drain(..) {
            let _ = channel.send(signal);
        }
        channel.flush();
    }
}

fn value<T: RefArg + 'static>(value: T) -> Variant<Box<dyn RefArg>> {
    Variant(Box::new(value))
}

fn properties<const N: usize>(pairs: [(&str, Variant<Box<dyn RefArg>>); N]) -> PropMap {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn error(message: &Message, name: &str, text: &str) -> Message {
    let name = ErrorName::new(format!("org.bluez.Error.{name}")).unwrap();
    message.error(&name, &CString::new(text).unwrap())
}

fn changed(path: &str, interface: &str, what: PropMap) -> Message {
    Message::new_signal(path, "org.freedesktop.DBus.Properties", "PropertiesChanged").unwrap().append3(
        interface,
        what,
        Vec::<String>::new(),
    )
}

const ADAPTER_1: &str = "org.bluez.Adapter1";
const DEVICE_1: &str = "org.bluez.Device1";
const SERVICE_1: &str = "org.bluez.GattService1";
const CHARACTERISTIC_1: &str = "org.bluez.GattCharacteristic1";

impl Device {
    fn properties(&self) -> PropMap {
        let address = self.path.rsplit("dev_").next().unwrap().replace('_', ":");
        let mut data = PropMap::new();
        data.insert(super::cuff::SERVICE.to_owned(), value(self.cuff.beacon()));
        properties([
            ("Address", value(address)),
            ("AddressType", value("random".to_owned())),
            ("Name", value(self.cuff.name.clone())),
            ("Alias", value(self.cuff.name.clone())),
            ("Adapter", value(Path::from(ADAPTER.to_owned()))),
            ("UUIDs", value(vec![super::cuff::SERVICE.to_owned()])),
            ("ServiceData", value(data)),
            ("RSSI", value(self.cuff.rssi_dbm)),
            ("Paired", value(false)),
            ("Bonded", value(false)),
            ("Trusted", value(false)),
            ("Blocked", value(false)),
            ("LegacyPairing", value(false)),
            ("Connected", value(self.connected)),
            ("ServicesResolved", value(self.resolved)),
        ])
    }

    fn characteristic(&self, index: usize) -> PropMap {
        let one: &Char = &super::cuff::CHARACTERISTICS[index];
        properties([
            ("UUID", value(one.uuid.to_owned())),
            ("Service", value(Path::from(format!("{}/{}", self.path, one.service)))),
            ("Flags", value(one.flags.iter().map(|flag| (*flag).to_owned()).collect::<Vec<_>>())),
            ("Notifying", value(self.notifying.contains(&index))),
            ("MTU", value(self.cuff.mtu)),
        ])
    }

    fn characteristic_path(&self, index: usize) -> String {
        format!("{}/{}/char{index:04}", self.path, super::cuff::CHARACTERISTICS[index].service)
    }
}

impl State {
    /// Objects with their interfaces, as they are now.
    fn objects(&self) -> HashMap<Path<'static>, HashMap<String, PropMap>> {
        let mut all = HashMap::new();
        let mut add = |path: String, interface: &str, what: PropMap| {
            all.insert(Path::from(path), HashMap::from([(interface.to_owned(), what)]));
        };
        if !self.adapter {
            return all;
        }
        add(ADAPTER.to_owned(), ADAPTER_1, self.adapter_properties());
        for device in self.devices.iter().filter(|device| device.known) {
            add(device.path.clone(), DEVICE_1, device.properties());
            if !device.resolved {
                continue;
            }
            for (service, uuid) in super::cuff::SERVICES {
                let what = properties([("UUID", value(uuid.to_owned())), ("Primary", value(true))]);
                add(format!("{}/{service}", device.path), SERVICE_1, what);
            }
            for index in 0..super::cuff::CHARACTERISTICS.len() {
                add(device.characteristic_path(index), CHARACTERISTIC_1, device.characteristic(index));
            }
        }
        all
    }

    fn adapter_properties(&self) -> PropMap {
        properties([
            ("Address", value("00:1A:7D:DA:71:11".to_owned())),
            ("AddressType", value("public".to_owned())),
            ("Name", value("room".to_owned())),
            ("Alias", value("room".to_owned())),
            ("Modalias", value("usb:v1D6Bp0246d0542".to_owned())),
            ("Powered", value(self.powered)),
            ("Discovering", value(self.discovering)),
        ])
    }

    /// Answers a call, now; `None` where the answer is owed.
    fn answer(&mut self, call: Message) -> Option<Message> {
        let connect = call.member().is_some_and(|member| &*member == "Connect");
        match call.path().map(|path| path.to_string()) {
            Some(path) if connect => self.connect(&path, call),
            _ => self.answer_now(&call),
        }
    }

    fn answer_now(&mut self, call: &Message) -> Option<Message> {
        let (path, interface, member) = (call.path()?, call.interface()?, call.member()?);
        let (path, interface, member) = (path.to_string(), interface.to_string(), member.to_string());
        if let Some(sender) = call.sender() {
            self.clients.insert(sender.to_string());
        }
        let unknown = || {
            let name = ErrorName::new("org.freedesktop.DBus.Error.UnknownObject").unwrap();
            call.error(&name, &CString::new(format!("no {interface}.{member} at {path}")).unwrap())
        };
        let answer = match (interface.as_str(), member.as_str()) {
            ("org.freedesktop.DBus.ObjectManager", "GetManagedObjects") => call.return_with_args((self.objects(),)),
            ("org.freedesktop.DBus.Introspectable", "Introspect") => call.return_with_args((self.introspect(&path),)),
            ("org.freedesktop.DBus.Properties", "GetAll" | "Get") => {
                let mut objects = self.objects();
                let asked: Option<String> = call.get1();
                let mut found = objects.remove(&Path::from(path.clone())).unwrap_or_default();
                match (asked.and_then(|name| found.remove(&name)), member.as_str()) {
                    (Some(all), "GetAll") => call.return_with_args((all,)),
                    (Some(mut all), _) => match call.get2::<String, String>().1.and_then(|name| all.remove(&name)) {
                        Some(one) => call.return_with_args((one,)),
                        None => unknown(),
                    },
                    (None, _) => unknown(),
                }
            }
            ("org.freedesktop.DBus.Properties", "Set") => {
                // The only property anybody sets here.
                if !self.powered {
                    self.log.push("switch on".to_owned());
                }
                self.power(true);
                call.method_return()
            }
            (ADAPTER_1, _) if !self.adapter => unknown(),
            (ADAPTER_1, "SetDiscoveryFilter") => call.method_return(),
            (ADAPTER_1, "StartDiscovery") => {
                self.log.push("scan".to_owned());
                if !self.powered {
                    return Some(error(call, "NotReady", "Resource Not Ready"));
                }
                self.discovering = true;
                let at = Instant::now() + ADVERT;
                self.devices.iter_mut().for_each(|device| (device.advert_at, device.silent) = (at, false));
                call.method_return()
            }
            (ADAPTER_1, "StopDiscovery") => {
                self.log.push("stop scan".to_owned());
                if !std::mem::take(&mut self.discovering) {
                    return Some(error(call, "Failed", "No discovery started"));
                }
                call.method_return()
            }
            (DEVICE_1, "Disconnect") => {
                let Some(index) = self.device(&path) else { return Some(unknown()) };
                self.log.push(format!("disconnect {}", index + 1));
                // As BlueZ does: it also ends a connection that is being made.
                if !self.devices[index].stubborn
                    && let Some((owed, _)) = self.devices[index].owed.take()
                {
                    self.signals.push(error(&owed, "Failed", "le-connection-abort-by-local"));
                    return Some(call.method_return());
                }
                if !self.devices[index].connected {
                    return Some(error(call, "NotConnected", "Not Connected"));
                }
                self.link_down(index);
                call.method_return()
            }
            (CHARACTERISTIC_1, _) => return Some(self.characteristic(&path, &member, call).unwrap_or_else(unknown)),
            _ => unknown(),
        };
        Some(answer)
    }

    fn device(&self, path: &str) -> Option<usize> {
        self.devices.iter().position(|device| device.known && path.starts_with(&device.path))
    }

    fn introspect(&self, path: &str) -> String {
        let below = format!("{path}/");
        let children: BTreeSet<String> = self
            .objects()
            .into_keys()
            .filter_map(|object| Some(object.strip_prefix(&below)?.split('/').next()?.to_owned()))
            .collect();
        let nodes: Vec<_> = children.iter().map(|child| format!("<node name=\"{child}\"/>")).collect();
        format!("<node>{}</node>", nodes.concat())
    }

    fn connect(&mut self, path: &str, call: Message) -> Option<Message> {
        let Some(index) = self.device(path) else { return Some(error(&call, "DoesNotExist", "no such device")) };
        self.log.push(format!("connect {}", index + 1));
        if !self.powered {
            return Some(error(&call, "NotReady", "Resource Not Ready"));
        }
        if self.devices.iter().any(|device| device.owed.is_some()) {
            return Some(error(&call, "InProgress", "Operation already in progress"));
        }
        let device = &mut self.devices[index];
        if device.connected {
            return Some(call.method_return());
        }
        device.owed = Some((call, Instant::now() + device.takes));
        None
    }

    fn characteristic(&mut self, path: &str, member: &str, call: &Message) -> Option<Message> {
        let at = self.device(path)?;
        let device = &mut self.devices[at];
        let index = (0..super::cuff::CHARACTERISTICS.len()).find(|i| device.characteristic_path(*i) == path)?;
        if !device.resolved {
            return None;
        }
        let one = &super::cuff::CHARACTERISTICS[index];
        let short = &one.uuid[4..8];
        Some(match member {
            "ReadValue" => {
                self.log.push(format!("read {short}"));
                match device.cuff.read(one.uuid) {
                    Some(bytes) => call.return_with_args((bytes,)),
                    None => error(call, "Failed", "Operation failed with ATT error: 0x02"),
                }
            }
            "WriteValue" => {
                let bytes: Vec<u8> = call.get1()?;
                let hex: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                self.log.push(format!("write {short} {}", hex.join(" ")));
                match device.cuff.write(one.uuid, &bytes, device.notifying.contains(&index)) {
                    Ok(()) => call.method_return(),
                    Err(code) => error(call, "Failed", &format!("Operation failed with ATT error: {code:#04x}")),
                }
            }
            "StartNotify" => {
                self.log.push(format!("subscribe {short}"));
                if device.cuff.bond_lost && one.uuid == super::cuff::MOTION {
                    // The link cannot be encrypted with a key that only one side has: the kernel ends it.
                    self.link_down(at);
                    return Some(error(call, "NotConnected", "Not Connected"));
                }
                device.notifying.insert(index);
                call.method_return()
            }
            "StopNotify" => {
                device.notifying.remove(&index);
                call.method_return()
            }
            _ => return None,
        })
    }

    /// Switches the adapter on or off: links and scans end with it.
    pub fn power(&mut self, on: bool) {
        if self.powered == on {
            return;
        }
        self.powered = on;
        self.signals.push(changed(ADAPTER, ADAPTER_1, properties([("Powered", value(on))])));
        if on {
            return;
        }
        self.discovering = false;
        for index in 0..self.devices.len() {
            if let Some((owed, _)) = self.devices[index].owed.take() {
                self.signals.push(error(&owed, "NotReady", "Resource Not Ready"));
            }
            self.link_down(index);
        }
    }

    /// The link of a cuff goes down, asked for or not.
    pub fn link_down(&mut self, index: usize) {
        let device = &mut self.devices[index];
        if !std::mem::take(&mut device.connected) {
            return;
        }
        (device.resolved, device.resolved_at) = (false, None);
        device.notifying.clear();
        device.cuff.disconnected();
        let what = properties([("ServicesResolved", value(false)), ("Connected", value(false))]);
        self.signals.push(changed(&device.path, DEVICE_1, what));
    }

    /// Whether a link stands.
    pub fn connected(&self, index: usize) -> bool {
        self.devices[index].connected
    }

    /// Lets everything happen that is due.
    fn pass(&mut self, now: Instant) {
        for device in &mut self.devices {
            if device.owed.as_ref().is_some_and(|(_, due)| *due <= now)
                && let Some((call, _)) = device.owed.take()
            {
                if device.connecting == Connecting::Refused || !device.here {
                    self.signals.push(error(&call, "Failed", "le-connection-abort-by-local"));
                } else {
                    device.connected = true;
                    device.resolved_at = Some(now + Duration::from_millis(40));
                    let what = properties([("Connected", value(true))]);
                    self.signals.push(changed(&device.path, DEVICE_1, what));
                    self.signals.push(call.method_return());
                }
            }
            if device.resolved_at.is_some_and(|due| due <= now) {
                (device.resolved, device.resolved_at) = (true, None);
                let what = properties([("ServicesResolved", value(true))]);
                self.signals.push(changed(&device.path, DEVICE_1, what));
            }
            if self.discovering && device.here && !device.silent && !device.connected && device.advert_at <= now {
                device.advert_at = now + ADVERT;
                if std::mem::replace(&mut device.known, true) {
                    let what = properties([("RSSI", value(device.cuff.rssi_dbm))]);
                    self.signals.push(changed(&device.path, DEVICE_1, what));
                } else {
                    let interfaces = HashMap::from([(DEVICE_1.to_owned(), device.properties())]);
                    let signal =
                        Message::new_signal("/", "org.freedesktop.DBus.ObjectManager", "InterfacesAdded").unwrap();
                    self.signals.push(signal.append2(Path::from(device.path.clone()), interfaces));
                }
            }
            if device.resolved {
                for (uuid, bytes) in device.cuff.due(now) {
                    let index = super::cuff::CHARACTERISTICS.iter().position(|one| one.uuid == uuid).unwrap();
                    if device.notifying.contains(&index) {
                        let what = properties([("Value", value(bytes))]);
                        let path = device.characteristic_path(index);
                        self.signals.push(changed(&path, CHARACTERISTIC_1, what));
                    }
                }
            }
        }
    }
}
