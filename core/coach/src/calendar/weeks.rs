//! Weeks as people count them, Monday to Sunday: what was done, rest that counts, and weeks in a row.

use super::History;

/// Single sets that count as one session.
const SNACKS_A_SESSION: u32 = 3;

/// One week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seven {
    /// Its Monday, days since 1 January 1970.
    pub monday: i64,
    /// Sessions done.
    pub sessions: u32,
    /// Single sets done between sessions.
    pub snacks: u32,
    /// Main lifts logged.
    pub lifts: u32,
    /// Days until today without session or lift: rest is part of it.
    pub rest_days: u32,
    /// Whether it counts: one session less than asked for is enough.
    pub kept: bool,
}

/// The week that holds `day`, as seen on `today`, where `asked` sessions are asked for.
pub fn seven_days(history: &History<'_>, asked: u32, day: i64, today: i64) -> Seven {
    // 1 January 1970 was a Thursday.
    let monday = day.saturating_sub(day.saturating_add(3).rem_euclid(7));
    let within = |day: i64| (monday..monday.saturating_add(7)).contains(&day);
    let of = |snack: bool| super::whole(history.done.iter().filter(|d| d.snack == snack && within(d.day)).count());
    let (sessions, snacks) = (of(false), of(true));
    let busy = |day: i64| {
        history.done.iter().any(|done| !done.snack && done.day == day) || history.lifts.iter().any(|l| l.day == day)
    };
    let so_far = (monday..monday.saturating_add(7)).filter(|day| *day <= today);
    Seven {
        monday,
        sessions,
        snacks,
        lifts: super::whole(history.lifts.iter().filter(|lift| within(lift.day)).count()),
        rest_days: super::whole(so_far.filter(|day| !busy(*day)).count()),
        kept: sessions + snacks / SNACKS_A_SESSION >= asked.saturating_sub(1).max(1),
    }
}

/// Weeks in a row that count, up to `today`. The running week adds to them and never breaks them.
pub fn weeks_in_a_row(history: &History<'_>, asked: u32, today: i64) -> u32 {
    let mut row = u32::from(seven_days(history, asked, today, today).kept);
    let mut day = today.saturating_sub(7);
    while seven_days(history, asked, day, today).kept {
        row += 1;
        day = day.saturating_sub(7);
    }
    row
}

#[cfg(test)]
mod tests {
    use super::super::{Done, History};
    use super::*;

    fn done(day: i64, snack: bool) -> Done {
        let (programme, part) = (String::new(), String::new());
        Done { day, at_min: day * 1440, programme, part, snack, worked: vec![], morning_rise: None, checked_in: true }
    }

    #[test]
    fn a_week_counts_with_one_session_less_and_rest_is_counted() {
        // 5 January 1970 was a Monday.
        let done: Vec<Done> = [4, 6, 11, 13, 15].into_iter().map(|day| done(day, false)).collect();
        let history = History { done: &done, ..History::default() };
        let first = seven_days(&history, 3, 7, 30);
        assert_eq!((first.monday, first.sessions, first.rest_days, first.kept), (4, 2, 5, true));
        // On Tuesday of a week only Monday and Tuesday can have been rest.
        let running = seven_days(&history, 3, 19, 19);
        assert_eq!((running.monday, running.rest_days, running.kept), (18, 2, false));
        assert_eq!(weeks_in_a_row(&history, 3, 19), 2);
        assert_eq!(weeks_in_a_row(&history, 3, 33), 0);
        assert_eq!(weeks_in_a_row(&history, 4, 16), 1, "of four, two are too few and three are enough");
    }

    #[test]
    fn three_single_sets_are_a_session() {
        let done: Vec<Done> = [4, 4, 5].into_iter().map(|day| done(day, true)).collect();
        let history = History { done: &done, ..History::default() };
        let week = seven_days(&history, 2, 4, 10);
        assert_eq!((week.sessions, week.snacks, week.kept, week.rest_days), (0, 3, true, 7));
        assert!(!seven_days(&history, 3, 4, 10).kept);
    }

    #[test]
    fn days_at_the_end_of_time_are_only_days() {
        for day in [i64::MIN, i64::MAX] {
            assert!(!seven_days(&History::default(), 3, day, 0).kept);
        }
    }
}
