//! Whether a cuff keeps the Cuff Motion Profile: every clause of `docs/cuff-motion-profile.md` that can be seen from
//! outside, one verdict each.
//!
//! `examine` is the most important item. It talks to the cuff by itself, without the link machine or a driver's
//! conversation: those forgive what a cuff of this profile must not do. The cuff is left as it was found.

mod ring;

#[cfg(feature = "radio")]
use crate::clock;
use ring::Loss;
use serde::Serialize;
use talus_cuff::driver::cmp::{
    self, Beacon, Command, CuffInfo, Features, MotionFrame, Outcome, Response, Started, Status, StreamAnswer,
    StreamKind, StreamOffer, SyncReply, SyncRequest,
};
use talus_cuff::driver::recognise;
use talus_cuff::transport::{Advert, Ask, Heard, PeripheralId, Refusal, Transport};
use talus_motion::{Micros, Side};
use talus_sim::{Leg, SimTransport, VirtualCuff};
use uuid::Uuid;

/// How long a cuff is looked for, microseconds; cuffs advertise at least every 1.0225 s.
const LOOK_US: i64 = 15_000_000;
/// How long an operation may take, and a connection.
const OPERATION_US: i64 = 10_000_000;
const CONNECT_US: i64 = 35_000_000;
/// How long an answer of the control point may take after the write.
const ANSWER_US: i64 = 5_000_000;
/// How long the stream is looked at.
const STREAM_US: i64 = 6_000_000;
/// A stream that was stopped may still have this long of frames on their way.
const QUIET_US: i64 = 500_000;
/// How far a sensor's true rate may be off the one it states.
const RATE_OFF: f64 = 0.05;
/// How far the steps of device time may be off the measured rate.
const STEP_OFF: f64 = 0.1;
/// The stream every cuff must be able to give: rate in 0.1 Hz, ranges.
const RATE_DHZ: u16 = 1000;
const ACC_G: u8 = 16;
const GYR_DPS: u16 = 2000;
/// Samples of a frame that is asked for: a tenth of a second.
const SAMPLES: u8 = 10;

/// How a clause was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As the profile says.
    Pass,
    /// Not as the profile says.
    Fail,
    /// Not looked at: the cuff does not claim it, or what comes before failed.
    Skipped,
}

/// One clause, and how this cuff meets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Its number in the profile.
    pub id: &'static str,
    /// What it asks for.
    pub what: &'static str,
    /// How it was met.
    pub verdict: Verdict,
    /// What was seen, where it was not met or not looked at.
    pub seen: String,
}

/// The clauses looked at, by number.
pub const CLAUSES: [(&str, &str); 22] = [
    ("A1", "advertises the service and three bytes of service data"),
    ("A2", "is named CUF- and the last four digits of its number"),
    ("B1", "offers every characteristic that must be there"),
    ("B2", "refuses to be read where there is nothing to read"),
    ("C1", "says who it is in 20 bytes, version 1"),
    ("C2", "offers six axes at 100 Hz, ±16 g and ±2,000 °/s"),
    ("C3", "tells its battery in per cent"),
    ("D1", "refuses commands before its answers are subscribed to"),
    ("D2", "says of a command it does not know that it does not"),
    ("D3", "refuses wrong and missing parameters, and a start of nothing"),
    ("D4", "ignores bytes behind a command that it does not know"),
    ("E1", "sets a stream and states its true scale"),
    ("E2", "starts, and frames come"),
    ("E3", "numbers frames and samples without a gap"),
    ("E4", "stamps frames in microseconds that fit the index"),
    ("E5", "samples at the rate it states, within 5 %"),
    ("E6", "stops when told, and says when there is nothing to stop"),
    ("F1", "goes on with the same session after a short loss of the link"),
    ("G1", "answers questions about its time"),
    ("H1", "shows which one it is, for 30 seconds at most"),
    ("I1", "gives back what a short loss of the link missed, sample for sample"),
    ("I2", "refuses blocks of another session, none, and more than 64"),
];

/// Lets time pass: to this moment at the latest, or to the next thing known to happen.
type Pass<'a> = &'a mut dyn FnMut(Micros, Option<Micros>) -> Micros;

/// Lets virtual time jump.
fn virtually(until: Micros, due: Option<Micros>) -> Micros {
    due.map_or(until, |due| due.min(until))
}

/// Looks at the cuff that is advertised under this name, or at the first of our profile that is heard.
///
/// `None`: no such cuff was heard within 15 seconds.
fn examine(radio: &mut dyn Transport, name: Option<&str>, now: Micros, pass: Pass<'_>) -> Option<Vec<Clause>> {
    let mut exam = Exam { radio, pass, now, news: Vec::new(), clauses: Vec::new() };
    let advert = exam.look(name)?;
    exam.advertised(&advert);
    let info = exam.all(&advert);
    exam.named(&advert, info);
    exam.ask(Ask::Disconnect(advert.id.clone()));
    exam.hear(OPERATION_US, |heard| matches!(heard, Heard::Disconnected(_)).then_some(()));
    // What was not reached because of something before it.
    for (id, what) in CLAUSES {
        if !exam.clauses.iter().any(|clause| clause.id == id) {
            let seen = "not reached".to_owned();
            exam.clauses.push(Clause { id, what, verdict: Verdict::Skipped, seen });
        }
    }
    exam.clauses.sort_by_key(|clause| clause.id);
    Some(exam.clauses)
}

/// Examines a simulated cuff, as `examine` does.
pub fn of_simulated(name: Option<&str>) -> Option<Vec<Clause>> {
    let mut room = SimTransport::new(1);
    for side in [Side::Left, Side::Right] {
        room.add(VirtualCuff::worn_by(Leg::new(side, 1), 1).with_ring());
    }
    examine(&mut room, name, Micros(0), &mut virtually)
}

/// Examines a cuff by real Bluetooth, as `examine` does. Takes half a minute; `wait` waits until a moment of the app's
/// clock, as only a shell may.
///
/// # Errors
/// [`AppError::Radio`](crate::AppError::Radio) where there is no Bluetooth, or it may not be used.
#[cfg(feature = "radio")]
pub fn of_real(name: Option<&str>, wait: &mut dyn FnMut(Micros)) -> Result<Option<Vec<Clause>>, crate::AppError> {
    let mut radio = talus_cuff::transport::radio::RadioTransport::open(std::sync::Arc::new(clock::now))?;
    let mut pass = |until: Micros, _| {
        // Looked after every 5 ms: an answer's moment is stamped by the radio, not here.
        wait(until.min(clock::now().plus(5_000)));
        clock::now()
    };
    Ok(examine(&mut radio, name, clock::now(), &mut pass))
}

/// What an answer said, with its own bytes.
type Answered = (Outcome, Vec<u8>);

struct Exam<'a> {
    radio: &'a mut dyn Transport,
    pass: Pass<'a>,
    now: Micros,
    /// Notifications not looked at yet.
    news: Vec<(Micros, Uuid, Vec<u8>)>,
    clauses: Vec<Clause>,
}

impl Exam<'_> {
    /// Gives a verdict.
    fn judge(&mut self, id: &'static str, met: Result<(), String>) -> bool {
        let what = CLAUSES.iter().find(|(known, _)| *known == id).map_or("", |(_, what)| what);
        let (verdict, seen) = match met {
            Ok(()) => (Verdict::Pass, String::new()),
            Err(seen) => (Verdict::Fail, seen),
        };
        self.clauses.push(Clause { id, what, verdict, seen });
        verdict == Verdict::Pass
    }

    fn skip(&mut self, id: &'static str, seen: &str) {
        let what = CLAUSES.iter().find(|(known, _)| *known == id).map_or("", |(_, what)| what);
        self.clauses.push(Clause { id, what, verdict: Verdict::Skipped, seen: seen.to_owned() });
    }

    fn ask(&mut self, ask: Ask) {
        self.radio.ask(self.now, ask);
    }

    /// Listens until `found` finds what is waited for; notifications are kept.
    fn hear<T>(&mut self, us: i64, mut found: impl FnMut(&Heard) -> Option<T>) -> Option<T> {
        let until = self.now.plus(us);
        loop {
            while let Some((at, heard)) = self.radio.hear(self.now) {
                if let Heard::Notified(_, uuid, bytes) = &heard {
                    self.news.push((at, *uuid, bytes.clone()));
                }
                if let Some(found) = found(&heard) {
                    return Some(found);
                }
            }
            if self.now >= until {
                return None;
            }
            self.now = (self.pass)(until, self.radio.due()).max(self.now.plus(1));
        }
    }

    fn look(&mut self, name: Option<&str>) -> Option<Advert> {
        self.ask(Ask::Scan { services: Vec::new() });
        // The scan response may come by itself: the fullest of what is heard within a second and a half.
        let found = self.hear(LOOK_US, |heard| match heard {
            Heard::Advert(advert) if recognise(advert).is_some_and(|seen| seen.family.name() == "cmp") => {
                name.is_none_or(|name| advert.name.eq_ignore_ascii_case(name)).then(|| advert.clone())
            }
            _ => None,
        })?;
        let mut best = Some(found);
        self.hear(1_500_000, |heard| -> Option<()> {
            if let (Heard::Advert(advert), Some(best)) = (heard, &mut best)
                && advert.id == best.id
                && advert.service_data.len() + advert.services.len() >= best.service_data.len() + best.services.len()
            {
                *best = advert.clone();
            }
            None
        });
        self.ask(Ask::StopScan);
        best
    }

    fn advertised(&mut self, advert: &Advert) {
        let data = advert.service_data.iter().find(|(uuid, _)| *uuid == cmp::SERVICE);
        let beacon = data.map(|(_, bytes)| Beacon::decode(bytes));
        self.judge(
            "A1",
            match beacon {
                _ if !advert.services.contains(&cmp::SERVICE) => Err("the service is not in the list".into()),
                None => Err("no service data".into()),
                Some(Err(error)) => Err(error.to_string()),
                Some(Ok(beacon)) if beacon.version != 1 => {
                    Err(format!("version {} in the service data", beacon.version))
                }
                Some(Ok(_)) => Ok(()),
            },
        );
    }

    fn named(&mut self, advert: &Advert, info: Option<CuffInfo>) {
        let Some(info) = info else { return };
        let expected = format!("CUF-{:04X}", info.device_id & 0xFFFF);
        let met = advert.name.eq_ignore_ascii_case(&expected);
        self.judge("A2", if met { Ok(()) } else { Err(format!("expected {expected}")) });
    }

    fn connect(&mut self, id: &PeripheralId) -> Option<Vec<Uuid>> {
        self.ask(Ask::Connect(id.clone()));
        self.hear(CONNECT_US, |heard| match heard {
            Heard::Connected { characteristics, .. } => Some(Some(characteristics.clone())),
            Heard::Failed { characteristic: None, .. } => Some(None),
            _ => None,
        })?
    }

    /// What an operation on this characteristic came to; `None` where it came to nothing.
    fn operate(&mut self, ask: Ask, about: Uuid) -> Option<Result<Vec<u8>, Refusal>> {
        self.ask(ask);
        self.hear(OPERATION_US, |heard| match heard {
            Heard::Read(_, uuid, bytes) if *uuid == about => Some(Ok(bytes.clone())),
            Heard::Written(_, uuid) | Heard::Subscribed(_, uuid) if *uuid == about => Some(Ok(Vec::new())),
            Heard::Failed { characteristic: Some(uuid), refusal, .. } if *uuid == about => Some(Err(*refusal)),
            _ => None,
        })
    }

    fn read(&mut self, id: &PeripheralId, uuid: Uuid) -> Result<Vec<u8>, String> {
        match self.operate(Ask::Read(id.clone(), uuid), uuid) {
            Some(Ok(bytes)) => Ok(bytes),
            Some(Err(refusal)) => Err(refusal.to_string()),
            None => Err("no answer".into()),
        }
    }

    fn subscribe(&mut self, id: &PeripheralId, uuid: Uuid) -> Result<(), String> {
        match self.operate(Ask::Subscribe(id.clone(), uuid), uuid) {
            Some(Ok(_)) => Ok(()),
            Some(Err(refusal)) => Err(refusal.to_string()),
            None => Err("no answer".into()),
        }
    }

    fn write(&mut self, id: &PeripheralId, bytes: Vec<u8>) -> Option<Result<Vec<u8>, Refusal>> {
        let characteristic = cmp::CONTROL_POINT;
        self.operate(Ask::Write { id: id.clone(), characteristic, bytes, with_response: true }, characteristic)
    }

    /// Writes a command as bytes and waits for its answer.
    fn command(&mut self, id: &PeripheralId, bytes: Vec<u8>) -> Result<Answered, String> {
        let op = bytes[0];
        self.news.retain(|(_, uuid, _)| *uuid != cmp::CONTROL_POINT);
        match self.write(id, bytes) {
            Some(Ok(_)) => {}
            Some(Err(refusal)) => return Err(refusal.to_string()),
            None => return Err("the write is not confirmed".into()),
        }
        let until = self.now.plus(ANSWER_US);
        loop {
            let answer = self.news.iter().position(|(_, uuid, _)| *uuid == cmp::CONTROL_POINT);
            if let Some(at) = answer {
                let (_, _, bytes) = self.news.remove(at);
                let response = Response::decode(&bytes).map_err(|error| error.to_string())?;
                if response.op != op {
                    return Err(format!("the answer is to {:#04x}", response.op));
                }
                return Ok((response.outcome, response.params.to_vec()));
            }
            if self.now >= until {
                return Err("no answer".into());
            }
            let left = until.since(self.now);
            self.hear(left, |heard| {
                matches!(heard, Heard::Notified(_, uuid, _) if *uuid == cmp::CONTROL_POINT).then_some(())
            });
        }
    }

    /// A command, and the outcome it must have.
    fn expect(&mut self, id: &PeripheralId, bytes: Vec<u8>, outcome: Outcome) -> Result<Vec<u8>, String> {
        let op = bytes[0];
        let (found, params) = self.command(id, bytes).map_err(|error| format!("command {op:#04x}: {error}"))?;
        if found == outcome { Ok(params) } else { Err(format!("command {op:#04x}: {found:?} instead of {outcome:?}")) }
    }

    /// Everything behind the advertisement.
    fn all(&mut self, advert: &Advert) -> Option<CuffInfo> {
        let id = &advert.id;
        let offered = self.connect(id)?;
        let must = [
            cmp::CUFF_INFO,
            cmp::STREAMS,
            cmp::MOTION_DATA,
            cmp::CONTROL_POINT,
            cmp::EVENTS,
            cmp::STATUS,
            cmp::BATTERY_LEVEL,
            cmp::FIRMWARE_REVISION,
        ];
        let missing: Vec<_> = must.iter().filter(|uuid| !offered.contains(uuid)).map(Uuid::to_string).collect();
        let met = if missing.is_empty() { Ok(()) } else { Err(format!("missing: {}", missing.join(", "))) };
        if !self.judge("B1", met) {
            return None;
        }
        let refused = self.operate(Ask::Read(id.clone(), cmp::MOTION_DATA), cmp::MOTION_DATA);
        let met = if matches!(refused, Some(Err(_))) { Ok(()) } else { Err("Motion Data was read".into()) };
        self.judge("B2", met);

        let info = self.read(id, cmp::CUFF_INFO).and_then(|bytes| CuffInfo::decode(&bytes).map_err(|e| e.to_string()));
        let met = match &info {
            Ok(info) if info.version.0 != 1 => Err(format!("version {}", info.version.0)),
            Ok(info) if info.device_id == 0 => Err("its number is 0".into()),
            Ok(_) => Ok(()),
            Err(error) => Err(error.clone()),
        };
        let known = self.judge("C1", met);
        let info = info.ok()?;
        let battery = self.read(id, cmp::BATTERY_LEVEL);
        self.judge(
            "C3",
            match battery.as_deref() {
                Ok([0..=100]) => Ok(()),
                Ok(bytes) => Err(format!("{bytes:?}")),
                Err(error) => Err(error.to_owned()),
            },
        );
        let offers = self.read(id, cmp::STREAMS).and_then(|b| cmp::decode_streams(&b).map_err(|e| e.to_string()));
        let usable = |offer: &&StreamOffer| {
            offer.kind == StreamKind::Imu6
                && offer.rate_dhz(100.0) == Some(RATE_DHZ)
                && offer.acc_g(ACC_G) == Some(ACC_G)
                && offer.gyr_dps(GYR_DPS) == Some(GYR_DPS)
        };
        let offer = offers.as_ref().ok().and_then(|offers| offers.iter().find(usable)).copied();
        let met = match (&offers, offer) {
            (Err(error), _) => Err(error.clone()),
            (Ok(offers), None) => Err(format!("{} streams, none of them", offers.len())),
            _ => Ok(()),
        };
        if self.judge("C2", met)
            && known
            && let Some(offer) = offer
        {
            self.commands(id, offer.id, info.features);
        }
        Some(info)
    }

    fn commands(&mut self, id: &PeripheralId, stream: u8, features: Features) {
        let early = self.write(id, Command::Status.encode());
        let met = match early {
            Some(Err(Refusal::Att(0xFD) | Refusal::Other)) => Ok(()),
            Some(Err(refusal)) => Err(refusal.to_string()),
            _ => Err("a command was taken".to_owned()),
        };
        self.judge("D1", met);
        if let Err(error) = self.subscribe(id, cmp::CONTROL_POINT).and_then(|()| self.subscribe(id, cmp::MOTION_DATA)) {
            self.judge("D2", Err(error));
            return;
        }
        let unknown = self.expect(id, vec![0x6E, 1, 2, 3], Outcome::Unsupported);
        self.judge("D2", unknown.map(drop));
        let mask = 1 << stream;
        let set = |rate_dhz| {
            Command::SetStream { stream, rate_dhz, acc_g: ACC_G, gyr_dps: GYR_DPS, samples: SAMPLES }.encode()
        };
        // Whatever was going on before: a stop, whose outcome says which.
        let _ = self.command(id, Command::Stop { mask }.encode());
        let met = self
            .expect(id, set(1234), Outcome::InvalidParameter)
            .and_then(|_| self.expect(id, vec![0x01, stream], Outcome::InvalidParameter))
            .and_then(|_| match self.command(id, Command::Start { mask: 0 }.encode())? {
                (Outcome::InvalidParameter | Outcome::WrongState, _) => Ok(()),
                (outcome, _) => Err(format!("a start of nothing: {outcome:?}")),
            });
        self.judge("D3", met);
        let longer = [Command::Status.encode(), vec![0xAA; 3]].concat();
        let status = self.expect(id, longer, Outcome::Ok);
        let status = status.and_then(|params| Status::decode(&params).map_err(|error| error.to_string()));
        self.judge("D4", status.map(drop));
        let answer = self.expect(id, set(RATE_DHZ), Outcome::Ok);
        let answer = answer.and_then(|params| StreamAnswer::decode(&params).map_err(|error| error.to_string()));
        let scaled = answer.as_ref().map_err(Clone::clone).and_then(|answer| {
            let reaches = |per_count: f32, range: f64| {
                let full = f64::from(per_count) * 32_768.0 / range;
                (0.95..=1.3).contains(&full)
            };
            if answer.stream != stream {
                Err(format!("the answer is about stream {}", answer.stream))
            } else if !reaches(answer.acc_g_per_count, f64::from(ACC_G)) {
                Err(format!("±{ACC_G} g cannot be {} g a count", answer.acc_g_per_count))
            } else if !reaches(answer.gyr_dps_per_count, f64::from(GYR_DPS)) {
                Err(format!("±{GYR_DPS} °/s cannot be {} °/s a count", answer.gyr_dps_per_count))
            } else if answer.samples == 0 || answer.samples > SAMPLES {
                Err(format!("{} samples a frame", answer.samples))
            } else {
                Ok(())
            }
        });
        if self.judge("E1", scaled)
            && let Ok(answer) = answer
        {
            self.stream(id, mask, answer, features);
        }
        self.identify(id, features);
    }

    /// Frames that came since the last call, each with when it was heard.
    fn frames(&mut self) -> Vec<(Micros, Result<MotionFrame, String>)> {
        let frames = self.news.iter().filter(|(_, uuid, _)| *uuid == cmp::MOTION_DATA);
        let frames =
            frames.map(|(at, _, bytes)| (*at, MotionFrame::decode(bytes).map_err(|e| e.to_string()))).collect();
        self.news.retain(|(_, uuid, _)| *uuid != cmp::MOTION_DATA);
        frames
    }

    fn stream(&mut self, id: &PeripheralId, mask: u16, answer: StreamAnswer, features: Features) {
        self.frames();
        let started = self.expect(id, Command::Start { mask }.encode(), Outcome::Ok);
        let started = started.and_then(|params| Started::decode(&params).map_err(|error| error.to_string()));
        self.hear(STREAM_US, |_| None::<()>);
        let heard = self.frames();
        let frames: Result<Vec<_>, _> = heard.into_iter().map(|(at, frame)| frame.map(|frame| (at, frame))).collect();
        let rate_hz = f64::from(answer.rate_dhz) / 10.0;
        let enough = (STREAM_US as f64 * 1e-6 * rate_hz / f64::from(answer.samples) * 0.5) as usize;
        let met = match (&started, &frames) {
            (Err(error), _) | (_, Err(error)) => Err(error.clone()),
            (_, Ok(frames)) if frames.len() < enough => Err(format!("{} frames in 6 s", frames.len())),
            (_, Ok(frames)) if frames[0].1.first_index > 2 * u32::from(answer.samples) => {
                Err(format!("the first sample has number {}", frames[0].1.first_index))
            }
            _ => Ok(()),
        };
        if !self.judge("E2", met) {
            return;
        }
        let (Ok(started), Ok(frames)) = (started, frames) else { return };
        self.judge("E3", numbered(&frames));
        let (stamped, measured_hz) = stamped(&frames);
        self.judge("E4", stamped);
        let off = measured_hz / rate_hz - 1.0;
        let met = if off.abs() <= RATE_OFF { Ok(()) } else { Err(format!("{measured_hz:.1} instead of {rate_hz} Hz")) };
        self.judge("E5", met);
        if features.has(Features::TIME_SYNC) {
            let met = self.time(id, frames.last().map_or(0, |(_, frame)| frame.device_us));
            self.judge("G1", met);
        } else {
            self.skip("G1", "not claimed");
        }
        let loss = self.short_loss(id, mask, answer, started);
        self.judge("F1", loss.as_ref().map(|_| ()).map_err(Clone::clone));
        if !features.has(Features::LOG) {
            self.skip("I1", "not claimed");
            self.skip("I2", "not claimed");
        } else if let Ok(loss) = loss {
            let met = self.ring(id, answer.samples, &loss);
            self.judge("I1", met);
            let met = self.other_logs(id, loss.session);
            self.judge("I2", met);
        }
        let met = self.stop(id, mask);
        self.judge("E6", met);
    }

    /// A link that is lost for a second and a half: the sensor runs on, and so does its count.
    fn short_loss(
        &mut self,
        id: &PeripheralId,
        mask: u16,
        answer: StreamAnswer,
        before: Started,
    ) -> Result<Loss, String> {
        // The newest frames before it: what was asked meanwhile may have taken no time.
        self.hear(QUIET_US, |_| None::<()>);
        self.ask(Ask::Disconnect(id.clone()));
        self.hear(OPERATION_US, |heard| matches!(heard, Heard::Disconnected(_)).then_some(()));
        let last = self.frames().into_iter().rev().find_map(|(_, frame)| frame.ok()).ok_or("the frames ended early")?;
        self.hear(1_500_000, |_| None::<()>);
        self.connect(id).ok_or("it cannot be connected again")?;
        self.subscribe(id, cmp::CONTROL_POINT)?;
        self.subscribe(id, cmp::MOTION_DATA)?;
        let set = Command::SetStream {
            stream: answer.stream,
            rate_dhz: RATE_DHZ,
            acc_g: ACC_G,
            gyr_dps: GYR_DPS,
            samples: answer.samples,
        };
        self.expect(id, set.encode(), Outcome::Ok)?;
        self.frames();
        let params = self.expect(id, Command::Start { mask }.encode(), Outcome::Ok)?;
        let after = Started::decode(&params).map_err(|error| error.to_string())?;
        if after.session != before.session {
            return Err(format!("session {} after session {}", after.session, before.session));
        }
        self.hear(1_000_000, |_| None::<()>);
        match self.frames().into_iter().next() {
            Some((_, Ok(frame))) if frame.first_index > 600 => {
                Ok(Loss { session: after.session, before: last, again: frame.first_index })
            }
            Some((_, Ok(frame))) => Err(format!("the count went on with {}", frame.first_index)),
            Some((_, Err(error))) => Err(error),
            None => Err("no frames".into()),
        }
    }

    fn stop(&mut self, id: &PeripheralId, mask: u16) -> Result<(), String> {
        self.expect(id, Command::Stop { mask }.encode(), Outcome::Ok)?;
        self.hear(QUIET_US, |_| None::<()>);
        self.frames();
        self.hear(1_000_000, |_| None::<()>);
        let late = self.frames().len();
        if late > 0 {
            return Err(format!("{late} frames after the stop"));
        }
        self.expect(id, Command::Stop { mask }.encode(), Outcome::WrongState).map(drop)
    }

    fn time(&mut self, id: &PeripheralId, frame_us: u32) -> Result<(), String> {
        self.subscribe(id, cmp::TIME_SYNC)?;
        let mut last = 0;
        for seq in [7u16, 8, 9] {
            let request = SyncRequest { seq, t1_us: self.now.0.max(0).unsigned_abs() };
            let ask = Ask::Write {
                id: id.clone(),
                characteristic: cmp::TIME_SYNC,
                bytes: request.encode(),
                with_response: false,
            };
            self.ask(ask);
            let heard = self.hear(1_000_000, |heard| match heard {
                Heard::Notified(_, uuid, bytes) if *uuid == cmp::TIME_SYNC => Some(SyncReply::decode(bytes)),
                _ => None,
            });
            let reply = heard.ok_or("no answer")?.map_err(|error| error.to_string())?;
            if reply.request != request {
                return Err("it does not repeat the question".into());
            }
            if reply.t3_us < reply.t2_us || reply.t2_us <= last {
                return Err("its times run back".into());
            }
            last = reply.t3_us;
        }
        // The clock of frames is the low half of the same clock.
        let apart_us = (last as u32).wrapping_sub(frame_us);
        if apart_us > 30_000_000 {
            return Err(format!("it is {apart_us} µs off the clock of its frames"));
        }
        Ok(())
    }

    fn identify(&mut self, id: &PeripheralId, features: Features) {
        let pattern = u8::from(features.has(Features::LED)) | u8::from(features.has(Features::HAPTIC)) << 1;
        if pattern == 0 {
            return self.skip("H1", "not claimed");
        }
        let met = self.expect(id, Command::Identify { pattern, seconds: 1 }.encode(), Outcome::Ok).and_then(|_| {
            self.expect(id, Command::Identify { pattern, seconds: 31 }.encode(), Outcome::InvalidParameter).map(drop)
        });
        self.judge("H1", met);
    }
}

/// Frames follow each other by number and index; what the cuff itself dropped is said in its flag.
fn numbered(frames: &[(Micros, MotionFrame)]) -> Result<(), String> {
    let mut radio = 0;
    for pair in frames.windows(2) {
        let (before, after) = (&pair[0].1, &pair[1].1);
        let seq = after.seq.wrapping_sub(before.seq);
        let steps = after.first_index.wrapping_sub(before.first_index);
        let len = before.counts.len() as u32;
        // A frame may be lost on its way: then number and index both show it.
        if seq == 1 && steps != len && !after.flags.has(talus_motion::BlockFlags::OVERRUN) {
            return Err(format!("{len} samples from {}, and {} next", before.first_index, after.first_index));
        }
        if seq == 0 || seq > 20 || steps < len {
            return Err(format!("frame {} after {}", after.seq, before.seq));
        }
        radio += usize::from(seq > 1);
    }
    if radio * 5 > frames.len() { Err(format!("{radio} of {} frames are missing", frames.len())) } else { Ok(()) }
}

/// Stamps grow with the index as evenly as a sensor samples. Also gives the measured rate, Hz.
fn stamped(frames: &[(Micros, MotionFrame)]) -> (Result<(), String>, f64) {
    let (Some((first_at, first)), Some((last_at, last))) = (frames.first(), frames.last()) else {
        return (Err("no frames".into()), 0.0);
    };
    let samples = f64::from(last.first_index.wrapping_sub(first.first_index));
    let own_us = f64::from(last.device_us.wrapping_sub(first.device_us));
    let ours_us = last_at.since(*first_at) as f64;
    // By our clock: a stamp in another unit must not make the rate look wrong.
    let measured_hz = samples / ours_us * 1e6;
    if (own_us / ours_us - 1.0).abs() > 0.1 {
        return (Err(format!("{own_us:.0} by its clock were {ours_us:.0} µs")), measured_hz);
    }
    let period_us = own_us / samples;
    for pair in frames.windows(2) {
        let steps = f64::from(pair[1].1.first_index.wrapping_sub(pair[0].1.first_index));
        let span_us = f64::from(pair[1].1.device_us.wrapping_sub(pair[0].1.device_us));
        if (span_us / (steps * period_us) - 1.0).abs() > STEP_OFF {
            let met = format!("{span_us} µs for {steps} samples of {period_us:.0} µs");
            return (Err(met), measured_hz);
        }
    }
    (Ok(()), measured_hz)
}

#[cfg(test)]
mod tests;
