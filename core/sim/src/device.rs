//! [`Device`]: what the simulated radio needs of whatever is at the other end of a link.

use crate::leg::Act;
use talus_cuff::driver::cmp::LinkPreference;
use talus_cuff::transport::Advert;
use uuid::Uuid;

/// Why a device refused an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There is no such characteristic.
    Missing,
    /// An ATT error.
    Att(u8),
}

/// A notification or indication: where, and what.
pub(crate) type News = (Uuid, Vec<u8>);

/// The other end of a link. Times are true time, µs.
pub(crate) trait Device: std::fmt::Debug {
    /// Fills in what it advertises; who sends it and how strong is the radio's.
    fn advertise(&self, now_us: i64, advert: &mut Advert);
    /// The last two bytes of its own number.
    fn number(&self) -> [u8; 2];
    /// Everything it offers.
    fn characteristics(&self) -> Vec<Uuid>;
    /// A link came up; gives the packet size.
    fn connect(&mut self, now_us: i64) -> u16;
    /// The link went down.
    fn disconnect(&mut self, now_us: i64);
    /// A read.
    fn read(&self, now_us: i64, characteristic: Uuid) -> Result<Vec<u8>, Refused>;
    /// A subscription.
    fn subscribe(&mut self, characteristic: Uuid) -> Result<(), Refused>;
    /// A write; gives what is sent back, if anything.
    fn write(&mut self, now_us: i64, characteristic: Uuid, bytes: &[u8]) -> Result<Vec<News>, Refused>;
    /// An answer from this characteristic reached the app.
    fn answered(&mut self, _characteristic: Uuid) {}
    /// When the next data is complete; `None` while nothing is sent.
    fn frame_due(&self) -> Option<i64>;
    /// The data that is complete.
    fn frames(&mut self) -> Vec<News>;
    /// What was measured before now and not sent is lost.
    fn skip_to(&mut self, now_us: i64);
    /// Battery, whole per cent.
    fn battery(&self, now_us: i64) -> u8;
    /// Which connection it asks for.
    fn preference(&self) -> LinkPreference {
        LinkPreference::Balanced
    }
    /// Gives the leg that wears it something to do.
    fn act(&mut self, now_us: i64, act: Act) -> bool;
    /// Whether all that was asked of the leg is done and was sent.
    fn idle(&self, now_us: i64) -> bool;
    /// It starts anew.
    #[cfg(feature = "lab")]
    fn reboot(&mut self, now_us: i64);
}
