//! [`Reminder`]s as data: what the calendar would propose on the days ahead, for a shell to schedule.
//!
//! They are made anew whenever something was done; none of them says that something was missed.

use super::{Course, DAY_MIN, Done, History, Now, Today, Worked, today};
use crate::catalogue::When;
use crate::text::{Arg, Texts};

/// When somebody wants to be reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemindAt {
    /// Days of the week, Monday first.
    pub weekdays: [bool; 7],
    /// Minute of the day for a session, 0 to 1439.
    pub minute: u16,
    /// Minute of the day for the check-in the morning after; `None` for no such reminder.
    pub morning: Option<u16>,
}

/// Something to remind of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Local calendar day, days since 1 January 1970.
    pub day: i64,
    /// Minute of that day.
    pub minute: u16,
    /// Of what.
    pub of: RemindOf,
}

/// What a reminder is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemindOf {
    /// A session.
    Session {
        /// As [`Proposal::title`](super::Proposal::title) would name it.
        programme: String,
        /// Part id.
        part: String,
        /// About how long it takes, minutes.
        minutes: u32,
    },
    /// A rest day with something to do on it: a walk without a weight.
    Beside {
        /// Protocol id.
        protocol: String,
        /// Minutes.
        minutes: u32,
    },
    /// How it feels the morning after.
    CheckIn,
}

impl Reminder {
    /// In the words of a language; `own` is the name of a shared programme.
    pub fn say(&self, texts: &Texts, own: Option<&str>) -> String {
        match &self.of {
            RemindOf::CheckIn => texts.say("today.remind_check_in", &[]),
            RemindOf::Beside { protocol, minutes } => {
                let name = texts.say(&format!("protocol.{protocol}.name"), &[]);
                texts.say("today.remind_beside", &[("protocol", Arg::Text(&name)), ("count", Arg::Count(*minutes))])
            }
            RemindOf::Session { programme, minutes, .. } => {
                let name = match own {
                    Some(name) => name.to_owned(),
                    None => texts.say(&format!("programme.{programme}.name"), &[]),
                };
                texts.say("today.remind", &[("programme", Arg::Text(&name)), ("count", Arg::Count(*minutes))])
            }
        }
    }
}

/// The reminders of today and the `days` after it, in their order: at most one of training a day, and only where the
/// calendar would have a session if everything before it is done.
pub fn reminders(course: &Course<'_>, history: &History<'_>, now: Now, at: &RemindAt, days: u32) -> Vec<Reminder> {
    let mut reminders = Vec::new();
    let last = history.done.iter().filter(|done| !done.snack).max_by_key(|done| done.at_min);
    if let (Some(minute), Some(last)) = (at.morning, last)
        && last.morning_rise.is_none()
        && (last.day.saturating_add(1), minute) > (now.day, now.minute)
        && last.day <= now.day
    {
        reminders.push(Reminder { day: last.day + 1, minute, of: RemindOf::CheckIn });
    }
    let mut done = history.done.to_vec();
    for ahead in 0..=i64::from(days) {
        let day = now.day.saturating_add(ahead);
        let weekday = day.saturating_add(3).rem_euclid(7) as usize;
        if !at.weekdays[weekday] || (day, at.minute) <= (now.day, now.minute) {
            continue;
        }
        let at_min = now.at_min.saturating_add(ahead * DAY_MIN + i64::from(at.minute) - i64::from(now.minute));
        let then = Now { day, minute: at.minute, at_min };
        let of = match today(course, &History { done: &done, ..*history }, then) {
            Today::Train(proposal) => {
                let worked = |planned: &super::Planned| Worked { exercise: planned.exercise.clone(), pain: Some(0) };
                done.push(Done {
                    day,
                    at_min,
                    programme: proposal.programme.clone(),
                    part: proposal.part.clone(),
                    snack: course.programme.snacks,
                    worked: proposal.work.iter().map(worked).collect(),
                    morning_rise: Some(0),
                    checked_in: true,
                });
                RemindOf::Session { programme: proposal.programme, part: proposal.part, minutes: proposal.minutes }
            }
            Today::Rest { beside, .. } if course.programme.beside.iter().any(|b| b.when == When::BetweenDays) => {
                let Some((protocol, minutes)) = beside.into_iter().next() else { continue };
                RemindOf::Beside { protocol, minutes }
            }
            Today::Rest { .. } | Today::Closed(_) | Today::Finished(_) => continue,
        };
        reminders.push(Reminder { day, minute: at.minute, of });
    }
    reminders.sort_by_key(|reminder| (reminder.day, reminder.minute));
    reminders
}
