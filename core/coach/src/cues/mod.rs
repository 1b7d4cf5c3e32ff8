//! [`Cues`]: what is said, shown, sounded and felt, one thing at a time.
//!
//! In a set nobody looks at a phone: each [`Cue`] has words to speak, fewer words to show, a sound, and a pattern to feel
//! that means the same. A higher rank cuts a lower one; speech is cut by nothing but a stop. What must be said waits for
//! the end of what is being said ([`Cue::speak_at`]), so that a shell can schedule it; a tip does not wait, because a tip
//! about a repetition that is over helps nobody.

mod beats;
mod moment;

pub use beats::{Beat, Pacer, Zone, ZoneCrossed};
pub use moment::{Moment, Sound, Tip};

use crate::catalogue::CueRules;
use crate::text::Texts;
use talus_motion::Micros;

/// Speech begins this long after its sound, µs.
const AFTER_SOUND_US: i64 = 120_000;
/// About how long a spoken word takes, µs; calm speech is some 130 words a minute.
const WORD_US: i64 = 460_000;
/// Shown words stay at least this long, µs.
const STANDS_US: i64 = 4_000_000;
/// What must be said and would wait longer than this is shown and felt only, µs.
const WAITS_MOST_US: i64 = 6_000_000;

/// How much is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Voice {
    /// Nothing: sounds, patterns and words on screen.
    Off,
    /// What is needed.
    #[default]
    Needed,
    /// The numbers as well.
    Counts,
}

/// One cue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// When it happens: sound, pattern and screen.
    pub at: Micros,
    /// Text key below `cue`.
    pub key: &'static str,
    /// Words to speak; `None` where nothing is spoken.
    pub voice: Option<String>,
    /// When speech begins: after its sound and after what is being said.
    pub speak_at: Micros,
    /// Words to show; empty where the picture itself says it.
    pub short: String,
    /// Until when they are shown.
    pub until: Micros,
    /// The sound, which names its pattern to feel as well.
    pub sound: Sound,
    /// Whether it cuts the speech under way.
    pub cuts: bool,
    /// Whether its words are a number of a count, spoken only to whoever asks for numbers.
    pub number: bool,
    /// Whether its words in full stand to be read until the person goes on.
    pub stands: bool,
    /// Whether it ends the set.
    pub ends_set: bool,
}

impl Cue {
    /// Its words in full: those spoken, or those shown where nothing is spoken.
    pub fn text(&self) -> &str {
        self.voice.as_deref().unwrap_or(&self.short)
    }

    /// The pattern to feel: it goes by the name of its sound, so that one never means two things.
    pub fn haptic(&self) -> &'static str {
        self.sound.slug()
    }
}

/// What is said and when.
#[derive(Debug, Clone)]
pub struct Cues {
    voice: Voice,
    same_most: u8,
    apart_us: i64,
    /// Until when something is being spoken.
    speaking: Option<Micros>,
    /// Tips of this set and how often each was called for while it could be given.
    tips: Vec<(Tip, u8)>,
    last_tip: Option<Micros>,
    /// Words that are shown: until when, of what rank, and the words.
    shown: (Micros, u8, String),
}

impl Cues {
    /// Nothing said yet.
    pub fn new(voice: Voice, rules: &CueRules) -> Self {
        Self {
            voice,
            same_most: u8::try_from(rules.same_most.whole()).unwrap_or(u8::MAX),
            apart_us: (rules.apart_s.value * 1e6) as i64,
            speaking: None,
            tips: Vec::new(),
            last_tip: None,
            shown: (Micros(i64::MIN), 0, String::new()),
        }
    }

    /// How much is spoken from now on.
    pub fn speak(&mut self, voice: Voice) {
        self.voice = voice;
    }

    /// A set begins: tips may be given anew.
    pub fn begin_set(&mut self) {
        self.tips.clear();
        self.last_tip = None;
    }

    /// What a moment is told with; `None` where nothing is: a tip while something else is said, too soon after the last
    /// one, or given often enough. Time that runs backwards is taken as standing still.
    pub fn push(&mut self, at: Micros, moment: &Moment<'_>, texts: &Texts) -> Option<Cue> {
        let mut ends_set = moment.ends_set();
        let mut moment = *moment;
        if let Moment::Tip(tip) = moment {
            match self.tip(tip, at) {
                Asked::Give => {}
                Asked::Pass => return None,
                Asked::End => {
                    moment = Moment::FormStop;
                    ends_set = true;
                }
            }
        }
        let sound = moment.sound();
        let busy = self.speaking.filter(|until| at < *until);
        let stops = sound == Sound::Stop;
        let mut voice = match self.voice {
            Voice::Off => None,
            Voice::Needed if moment.is_count() => None,
            Voice::Needed | Voice::Counts => moment.voice(texts),
        };
        let cuts = stops && voice.is_some() && busy.is_some();
        let free = if cuts { at } else { busy.unwrap_or(at) };
        let wait = free.since(at);
        // A number while something is said is a tick; something long overdue is shown and felt.
        if wait > 0 && (moment.is_count() || wait > WAITS_MOST_US) {
            voice = None;
        }
        let speak_at = free.max(at).plus(AFTER_SOUND_US);
        let short = moment.short(texts);
        let mut until = at.plus(STANDS_US);
        if let Some(words) = &voice {
            let ends = speak_at.plus(takes_us(words));
            self.speaking = Some(ends);
            until = until.max(ends);
        }
        // Words of less weight do not take the place of others that are being read; on the way into a set it is how to
        // place oneself that is read.
        let read = !short.is_empty() && !moment.stands() && !matches!(moment, Moment::GetReady { .. });
        if read && (at >= self.shown.0 || sound.rank() >= self.shown.1) {
            self.shown = (until, sound.rank(), short.clone());
        }
        let (number, stands) = (moment.is_count(), moment.stands());
        Some(Cue { at, key: moment.key(), voice, speak_at, short, until, sound, cuts, number, stands, ends_set })
    }

    /// The words that are shown now.
    pub fn shown(&self, now: Micros) -> Option<&str> {
        (now < self.shown.0).then_some(self.shown.2.as_str())
    }

    /// Whether something is being said.
    pub fn speaking(&self, now: Micros) -> bool {
        self.speaking.is_some_and(|until| now < until)
    }

    /// Until when something is being said; a time that is over where nothing is.
    pub fn speaks_until(&self) -> Option<Micros> {
        self.speaking
    }

    fn tip(&mut self, tip: Tip, at: Micros) -> Asked {
        let close = self.last_tip.is_some_and(|last| at.since(last) < self.apart_us);
        if close || self.speaking(at) {
            return Asked::Pass;
        }
        self.last_tip = Some(at);
        let before = self.tips.iter_mut().find(|(known, _)| *known == tip);
        let times = if let Some((_, times)) = before {
            *times = times.saturating_add(1);
            *times
        } else {
            self.tips.push((tip, 1));
            1
        };
        if times <= self.same_most {
            Asked::Give
        } else if tip.is_about_form() {
            Asked::End
        } else {
            Asked::Pass
        }
    }
}

/// About how long some words take to say, µs.
fn takes_us(words: &str) -> i64 {
    let count = i64::try_from(words.split_whitespace().count()).unwrap_or(i64::MAX);
    count.saturating_mul(WORD_US)
}

enum Asked {
    Give,
    Pass,
    End,
}

#[cfg(test)]
mod tests;
