//! What a shell shows: one scene at a time, from looking for cuffs to the summary.

use talus_coach::catalogue::{Protocol, Support};
use talus_coach::walk::Walk;
use talus_coach::{Frame, Stage, TestAsked, Texts};
use talus_cuff::nearby::Near;
use talus_motion::Side;

/// The picture a shell draws now. Everything in it is plain values; drawing decides nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Scene {
    /// Looking for cuffs.
    Nearby(Vec<NearbyLine>),
    /// Connecting and reading what a cuff says about itself.
    Pairing {
        /// Cuffs chosen so far, in the order of pairing.
        cuffs: Vec<PairedLine>,
    },
    /// Teaching a cuff where it sits.
    Calibrate(CalibrateScene),
    /// A session.
    Session(Box<SessionScene>),
}

/// At and below this a cuff's battery is said to be low, per cent: a word for the eye, nothing is decided by it. A cuff
/// that will not stream any more says so itself ([`LinkState::BatteryLow`](talus_motion::LinkState::BatteryLow)).
pub const BATTERY_LOW_PERCENT: u8 = 15;

/// One cuff nearby.
#[derive(Debug, Clone, PartialEq)]
pub struct NearbyLine {
    /// Name as advertised, made safe to show.
    pub name: String,
    /// Signal strength, dBm.
    pub rssi_dbm: Option<i16>,
    /// Battery, per cent.
    pub battery_percent: Option<u8>,
    /// The leg the cuff says it is meant for.
    pub side: Option<Side>,
    /// Weight the cuff says it carries, grams.
    pub mass_g: Option<u32>,
}

impl NearbyLine {
    /// The line of a cuff that was seen.
    pub(crate) fn of(near: &Near) -> Self {
        let seen = &near.sighting;
        Self {
            name: seen.name.clone(),
            rssi_dbm: near.rssi_dbm,
            battery_percent: seen.battery_percent,
            side: seen.side,
            mass_g: seen.mass_g,
        }
    }
}

/// One cuff that is being or was paired.
#[derive(Debug, Clone, PartialEq)]
pub struct PairedLine {
    /// Name.
    pub name: String,
    /// Leg.
    pub side: Side,
    /// Weight on that leg, grams.
    pub mass_g: u32,
    /// Battery, per cent.
    pub battery_percent: Option<u8>,
    /// Firmware.
    pub firmware: String,
    /// Whether samples arrive.
    pub streaming: bool,
}

/// Teaching a cuff: hold still, then move three times.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrateScene {
    /// Which leg.
    pub side: Side,
    /// What to do, rendered.
    pub instruction: String,
    /// How far this step is, 0 to 1.
    pub progress: f64,
    /// Angle now, degrees.
    pub angle_deg: Option<f64>,
    /// Own range once known, degrees.
    pub range_deg: Option<f64>,
}

/// A session and what only the shell side of it knows.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionScene {
    /// The session's picture.
    pub frame: Frame,
    /// Battery per worn cuff in the order of `frame.cuffs`, per cent.
    pub batteries: Vec<Option<u8>>,
    /// Angles of the last ten seconds for the trace: seconds before now (negative) and degrees.
    pub trace: Vec<(f64, f64)>,
    /// Next block, rendered; empty when this is the last.
    pub up_next: String,
    /// Session time that is safely on disk, seconds.
    pub safe_s: f64,
    /// What keeps the session from being written, if anything; it goes on in memory.
    pub trouble: Option<String>,
    /// The test that is on or comes next; `None` outside one.
    pub trial: Option<TrialScene>,
    /// The walk that is led; `None` outside one.
    pub walk: Option<WalkScene>,
}

/// A test in the picture. Which try it is, and what is left of it, stands in [`SessionScene::frame`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialScene {
    /// The stance or way of walking that is tried, rendered; `None` where a test has none.
    pub stance: Option<String>,
    /// Seconds of the try that is on; `None` where none is, of a test that counts, and of a rung that is walked.
    pub seconds: Option<u32>,
    /// What was seen in the try that is on, one by one; `None` where none is, and of a test that takes the time.
    pub counted: Option<u32>,
    /// Whether a hand stays on the counter.
    pub hand_on_counter: bool,
}

impl TrialScene {
    pub(crate) fn of(protocol: &Protocol, asked: &TestAsked, frame: &Frame, texts: &Texts) -> Self {
        let (on, counts) = (frame.stage == Stage::Set, protocol.counts());
        // Whoever walks a rung says when it is done.
        let walked = protocol.test.is_none() && asked.rung.walked();
        Self {
            stance: protocol.stance(asked, frame.set.0).map(|rung| rung.say(texts)),
            seconds: (on && !counts && !walked).then_some(frame.count),
            counted: (on && counts).then_some(frame.count),
            hand_on_counter: protocol.support_of(asked) == Support::HandOnCounter,
        }
    }
}

/// A walk in the picture. Its part, and what is left of that, stands in [`SessionScene::frame`].
#[derive(Debug, Clone, PartialEq)]
pub struct WalkScene {
    /// How often the weight is put on; 0 is a walk without.
    pub times: u32,
    /// Weight on each leg that is put on and off on the way, grams.
    pub planned_g: u32,
    /// Seconds with it so far.
    pub loaded_s: f64,
    /// Times the person was asked to ease off.
    pub eased: u32,
    /// What changed of the own walk while the weight was worn, rendered.
    pub signs: Vec<String>,
}

impl WalkScene {
    pub(crate) fn of(walk: &Walk, texts: &Texts) -> Self {
        let walked = walk.walked();
        let said = |sign: &talus_coach::walk::Sign| texts.say(&format!("session.walk.sign.{}", sign.slug()), &[]);
        Self {
            times: walk.times(),
            planned_g: walk.planned_g(),
            loaded_s: walked.loaded_s,
            eased: walked.eased,
            signs: walked.signs.iter().map(said).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use talus_coach::ladder::Rung;
    use talus_coach::{Catalogue, Pace, Prescription, Session, SessionPlan, Worn};
    use talus_motion::CuffId;

    #[test]
    fn a_rung_that_is_walked_takes_no_time_and_one_that_is_held_does() {
        let catalogue = Catalogue::embedded().unwrap();
        let protocol = catalogue.protocols().find(|protocol| protocol.is_ladder()).unwrap();
        let texts = Texts::of("en");
        // Any picture: what matters of it is whether a try is on.
        let block = Prescription {
            exercise: "knee_ext_seated".to_owned(),
            side: Side::Left,
            mass_g: 0,
            sets: 1,
            reps: Some(1),
            rest_s: 0,
            own_range_deg: None,
            why: String::new(),
        };
        let plan = SessionPlan {
            blocks: vec![block],
            worn: vec![Worn { cuff: CuffId([1; 16]), side: Side::Left, mass_g: 0 }],
            pace: Pace::Guided,
            language: "en".to_owned(),
            known: None,
        };
        let mut frame = Session::new(plan, &catalogue).unwrap().frame().clone();
        for (rung, seconds) in
            [(Rung::OneLegReach, Some(0)), (Rung::TandemWalk, None), (Rung::BackwardWalk, None), (Rung::StepOver, None)]
        {
            let asked = TestAsked {
                protocol: protocol.id.clone(),
                side: Side::Left,
                rung,
                hold_on: false,
                usually: BTreeMap::new(),
            };
            frame.stage = Stage::Instruct;
            assert_eq!(TrialScene::of(protocol, &asked, &frame, &texts).seconds, None, "nothing is on");
            frame.stage = Stage::Set;
            let scene = TrialScene::of(protocol, &asked, &frame, &texts);
            assert_eq!((scene.seconds, scene.counted), (seconds, None), "{rung:?}");
        }
    }
}
