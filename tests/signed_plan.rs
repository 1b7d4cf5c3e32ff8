//! A plan that somebody trusted signed today, for the journeys: in Rust it is signed where it is needed, for Kotlin and Swift
//! beforehand.

use std::time::SystemTime;
use talus_app::coach::Catalogue;
use talus_app::coach::trusted::{Day, author_of, blank, sign};

/// The author's, known to everybody: nothing but journeys is signed with it.
const SECRET: [u8; 32] = [7; 32];

/// The text of a plan for one exercise, in force from yesterday to a month from now, and the six words of its author.
pub(crate) fn signed_plan(exercise: &str, mass_most_g: u32, (from, to): (f64, f64)) -> (String, String) {
    let days = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs() / 86_400;
    let days = i64::try_from(days).unwrap();
    let day = |number: i64| {
        // Howard Hinnant's civil-from-days would be shorter than a search, and this is a test.
        let year = 1970 + number / 366;
        let all = (year..year + 3).flat_map(|y| (1..=12).flat_map(move |m| (1..=31).map(move |d| (y, m, d))));
        all.filter_map(|(y, m, d)| Day::new(y, m, d)).find(|day| day.number() == number).unwrap()
    };
    let text = blank("A. Physio", day(days - 1), day(days + 30));
    let head = text.split("[[exercise]]").next().unwrap();
    let line =
        format!("[[exercise]]\nid = \"{exercise}\"\nmass_most_g = {mass_most_g}\nrange_deg = [{from:.1}, {to:.1}]\n");
    let text = sign(&format!("{head}{line}"), &SECRET, &Catalogue::embedded().unwrap()).unwrap();
    (text, author_of(&SECRET).words())
}
