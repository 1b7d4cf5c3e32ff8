//! [`Nearby`]: the radio of this phone and the cuffs around it, without a session: found, connected, told apart, kept.

use crate::error::{Failure, Refusal, TalusError};
use crate::flow::Flow;
use crate::household::Talus;
use crate::picture::{NearbyCuff, PairedCuff};
use crate::pump::lock;
use crate::session::Session;
use crate::wish::SessionWish;
use crate::words::{LinkState, Side, cuff_id, cuff_text, narrow};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use talus_app::clock;
use talus_app::coach::Texts;
use talus_app::cuffs::{Cuffs, LiveLine};

/// Between two looks at the radio: samples come every tenth of a second.
const BEAT: Duration = Duration::from_millis(20);
/// How long links may take to end, microseconds.
const CLOSE_US: i64 = 3_000_000;

/// What is around now.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Around {
    /// What keeps the radio from seeing anything; absent while it can. Ask for the permission, or to switch it on.
    pub hindered: Option<LinkState>,
    /// Cuffs seen within the last ten seconds, strongest first.
    pub found: Vec<NearbyCuff>,
    /// Cuffs that were chosen, in their order.
    pub chosen: Vec<ChosenCuff>,
    /// Id of the chosen cuff that is being shaken, once it is clear which.
    pub shaken: Option<String>,
}

/// A cuff that was chosen, and what its stream is like.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ChosenCuff {
    /// Its id; it changes once, where the cuff says who it is and the household knows it.
    pub cuff: String,
    /// Its name.
    pub name: String,
    /// The leg it says it is meant for.
    pub side: Option<Side>,
    /// Weight it says it carries, grams.
    pub mass_g: Option<u32>,
    /// The way to it.
    pub link: LinkState,
    /// Samples a second, measured; absent where there are not enough.
    pub rate_hz: Option<f32>,
    /// Share of samples lost since it was chosen, 0 to 1.
    pub lost_share: f32,
    /// Battery, per cent.
    pub battery_percent: Option<u8>,
    /// Which way is up in its own axes, a unit vector of three; absent where not known.
    pub up: Option<Vec<f32>>,
    /// Whether it lies still.
    pub still: bool,
}

impl ChosenCuff {
    fn of(line: LiveLine, (side, mass_g): (Option<talus_app::motion::Side>, Option<u32>)) -> Self {
        Self {
            cuff: cuff_text(line.cuff),
            name: line.name,
            side: side.map(Side::from),
            mass_g,
            link: line.state.into(),
            rate_hz: narrow(line.rate_hz),
            lost_share: line.lost_share as f32,
            battery_percent: line.battery_percent,
            up: line.up.map(|three| three.map(|part| part as f32).to_vec()),
            still: line.still,
        }
    }
}

/// What is changed about a cuff of the household.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum CuffChange {
    /// It is called otherwise.
    Name {
        /// Its name, made safe to show; at most 24 characters are kept.
        name: String,
    },
    /// The chosen person wears it on this leg from now on; another cuff that was there is on none then. It need not be near.
    Worn {
        /// Which leg.
        side: Side,
        /// Weight on that leg with everything that hangs on it, grams; at most 5,000.
        mass_g: u32,
    },
    /// The cuffs of both legs change places at once, each with its weight.
    Swap,
    /// It is nobody's any more. Sessions that were done with it stay.
    Forget,
}

/// How a session with real cuffs begins.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Training {
    /// A new one. How much, and why, follows from everything known of the person.
    Begin {
        /// What it is to be.
        wish: SessionWish,
    },
    /// One that was left or killed.
    Resume {
        /// `last`, or the beginning of its id.
        asked: String,
    },
}

/// What the thread and everybody else look at.
struct Room {
    texts: Texts,
    /// Gone once it was closed.
    cuffs: Mutex<Option<Cuffs>>,
    /// Why it does not go on.
    failure: Mutex<Option<TalusError>>,
    closing: AtomicBool,
}

/// The radio and the cuffs around. It looks until it is closed or dropped; every call may come from any thread.
#[derive(uniffi::Object)]
pub struct Nearby {
    room: Arc<Room>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Nearby {
    fn open(cuffs: Cuffs, texts: &Texts) -> Result<Arc<Self>, TalusError> {
        let room = Arc::new(Room {
            texts: texts.clone(),
            cuffs: Mutex::new(Some(cuffs)),
            failure: Mutex::new(None),
            closing: AtomicBool::new(false),
        });
        let inside = Arc::clone(&room);
        let thread = Builder::new()
            .name("talus-nearby".to_owned())
            .spawn(move || inside.work())
            .map_err(|error| Refusal::Defect(error.to_string()).told(texts.language()))?;
        Ok(Arc::new(Self { room, thread: Mutex::new(Some(thread)) }))
    }

    fn with<T>(&self, what: impl FnOnce(&mut Cuffs) -> Result<T, Failure>) -> Result<T, TalusError> {
        if let Some(failure) = lock(&self.room.failure).clone() {
            return Err(failure);
        }
        let done = lock(&self.room.cuffs).as_mut().map_or_else(|| Err(Refusal::NearbyClosed.into()), what);
        done.map_err(|why| self.room.told(why))
    }
}

impl Room {
    fn told(&self, why: impl Into<Failure>) -> TalusError {
        why.into().told(self.texts.language())
    }

    fn work(&self) {
        while !self.closing.load(Ordering::Acquire) {
            // Taken and given back in turns: whoever waits for the lock gets it while this sleeps.
            let went = lock(&self.cuffs).as_mut().map(Cuffs::go_on);
            if let Some(Err(error)) = went {
                *lock(&self.failure) = Some(self.told(error));
                break;
            }
            std::thread::park_timeout(BEAT);
        }
        // Links are ended and not only dropped: a cuff that is still connected is seen by nobody.
        let Some(mut cuffs) = lock(&self.cuffs).take() else { return };
        cuffs.close();
        let end = clock::now().plus(CLOSE_US);
        while !cuffs.closed() && clock::now() < end && cuffs.go_on().is_ok() {
            std::thread::park_timeout(BEAT / 2);
        }
    }
}

#[uniffi::export]
impl Talus {
    /// Starts looking for cuffs with this phone's Bluetooth; with a `seed`, for two simulated ones. May show the system's
    /// question for permission and takes up to six seconds where Bluetooth does not answer. On Android, the app hands
    /// over its virtual machine before (`app.talus.kit.Bluetooth`).
    ///
    /// # Errors
    /// [`TalusError::NoRadio`] where there is no Bluetooth or it may not be used.
    pub fn nearby(&self, seed: Option<u64>) -> Result<Arc<Nearby>, TalusError> {
        let cuffs = match seed {
            Some(seed) => Cuffs::simulated(&self.app, seed),
            None => self.told(around(&self.app))?,
        };
        Nearby::open(cuffs, self.app.texts())
    }

    /// Changes something about a cuff of the household.
    ///
    /// # Errors
    /// [`TalusError::NotFound`], [`TalusError::Invalid`] for a name that is taken or empty, for more than 5 kg and where
    /// the chosen person wears nothing that could swap, [`TalusError::Storage`].
    // The bridge hands over what it made.
    #[allow(clippy::needless_pass_by_value)]
    pub fn change_cuff(&self, cuff: &str, change: CuffChange) -> Result<(), TalusError> {
        let id = cuff_id(cuff);
        // By its number the app knows it.
        let known = self.told(self.app.cuffs())?.into_iter().find(|row| Some(row.id) == id);
        let known = self.told(known.ok_or_else(|| Refusal::NoCuff(cuff.to_owned())))?;
        match change {
            CuffChange::Name { name } => self.told(self.app.rename_cuff(&known.serial, &name)).map(|_| ()),
            CuffChange::Worn { side, mass_g } => self.told(self.app.wear_cuff(&known.serial, side.into(), mass_g)),
            CuffChange::Swap => self.told(self.app.swap_legs()),
            CuffChange::Forget => self.told(self.app.forget_cuff(&known.serial)).map(|_| ()),
        }
    }
}

#[cfg(feature = "radio")]
fn around(app: &talus_app::Talus) -> Result<Cuffs, Failure> {
    Ok(Cuffs::around(app)?)
}

#[cfg(not(feature = "radio"))]
fn around(_: &talus_app::Talus) -> Result<Cuffs, Failure> {
    Err(Refusal::NoRadio.into())
}

#[uniffi::export]
impl Nearby {
    /// What is around now: pull it as often as it is drawn.
    ///
    /// # Errors
    /// [`TalusError::Closed`], [`TalusError::Storage`] where the household cannot be read.
    pub fn now(&self) -> Result<Around, TalusError> {
        self.with(|cuffs| {
            let live = cuffs.live();
            Ok(Around {
                hindered: cuffs.hindered().map(LinkState::from),
                found: cuffs.nearby().into_iter().map(NearbyCuff::from).collect(),
                chosen: live
                    .into_iter()
                    .map(|line| {
                        let said = cuffs.said(line.cuff);
                        ChosenCuff::of(line, said)
                    })
                    .collect(),
                shaken: cuffs.shaken().map(cuff_text),
            })
        })
    }

    /// Chooses the cuff of this name, as it is found or as the household calls it; without a name, the nearest. Gives its
    /// id; absent where there is none such now, or it is chosen already.
    ///
    /// # Errors
    /// [`TalusError::Closed`], [`TalusError::Storage`].
    // The bridge hands over what it made.
    #[allow(clippy::needless_pass_by_value)]
    pub fn choose(&self, name: Option<String>) -> Result<Option<String>, TalusError> {
        self.with(|cuffs| Ok(cuffs.open(name.as_deref())?.map(cuff_text)))
    }

    /// Lets a chosen cuff show which one it is, with light or motor, where it has one.
    ///
    /// # Errors
    /// [`TalusError::NotFound`] for something that is no id, [`TalusError::Closed`].
    pub fn identify(&self, cuff: &str) -> Result<(), TalusError> {
        let id = cuff_id(cuff).ok_or_else(|| self.room.told(Refusal::NoCuff(cuff.to_owned())))?;
        self.with(|cuffs| {
            cuffs.identify(id);
            Ok(())
        })
    }

    /// The chosen cuff is the household's from now on, and worn by the chosen person: on this leg, with `mass_g` grams on
    /// it. One that was known keeps its name and its history.
    ///
    /// # Errors
    /// [`TalusError::PairingFailed`] before it said who it is, and for more than 5 kg; [`TalusError::NotFound`],
    /// [`TalusError::Closed`], [`TalusError::Storage`].
    pub fn keep(&self, cuff: &str, side: Side, mass_g: u32) -> Result<PairedCuff, TalusError> {
        let id = cuff_id(cuff).ok_or_else(|| self.room.told(Refusal::NoCuff(cuff.to_owned())))?;
        self.with(|cuffs| Ok(cuffs.keep(id, side.into(), mass_g)?.into()))
    }

    /// What was counted between radio and samples so far, as text to look at and to give to whoever helps: no names, no
    /// addresses.
    ///
    /// # Errors
    /// [`TalusError::Closed`].
    pub fn diagnostics(&self) -> Result<String, TalusError> {
        self.with(|cuffs| Ok(cuffs.report().text()))
    }

    /// A session with the cuffs the chosen person wears, in real time: they are looked for whenever one is missing. The radio
    /// goes over to the session: this one is stopped then, whatever came of it.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] where nobody is described or has answered, the day is locked, something is not open or no
    /// cuff is worn; [`TalusError::NotFound`], [`TalusError::Busy`], [`TalusError::Closed`], [`TalusError::Storage`].
    // The bridge hands over what it made.
    #[allow(clippy::needless_pass_by_value)]
    pub fn train(&self, how: Training) -> Result<Arc<Session>, TalusError> {
        if let Some(failure) = lock(&self.room.failure).clone() {
            return Err(failure);
        }
        let cuffs = lock(&self.room.cuffs).take().ok_or_else(|| self.room.told(Refusal::NearbyClosed))?;
        self.stop();
        let training = match how {
            Training::Resume { asked } => cuffs.resume_training(&asked),
            Training::Begin { wish } => cuffs.begin(&wish.into()),
        };
        let training = training.map_err(|error| self.room.told(error))?;
        Session::start(Flow::Training(Box::new(training)), &self.room.texts)
    }

    /// Ends every link and stops looking; waits for it, at most some seconds. Dropping does the same.
    pub fn stop(&self) {
        self.room.closing.store(true, Ordering::Release);
        let thread = lock(&self.thread).take();
        if let Some(thread) = thread {
            thread.thread().unpark();
            // One that panicked has let go of its radio.
            let _ = thread.join();
        }
    }
}

impl Drop for Nearby {
    fn drop(&mut self) {
        self.stop();
    }
}
