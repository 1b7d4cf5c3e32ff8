//! `talus retention`: what of the recordings is older or more than is to be kept; with --yes it goes. Results stay.

use crate::app;
use crate::args::Common;
use crate::commands::owning::{size, told};
use crate::failure::Failure;
use crate::output::Output;
use crate::table::wrap;
use crate::words::{KeepingWords, OwnWords, Words, fill};
use serde_json::{Value, json};
use talus_app::store::{Budget, Outgrown, Profile, Review};

#[derive(Debug, clap::Args)]
pub(crate) struct RetentionArgs {
    /// Days a recording is kept, or "always"
    #[arg(long, value_name = "DAYS", default_value = "90", value_parser = bound)]
    days: Bound,
    /// Megabytes all recordings of the household may take, or "any"
    #[arg(long, value_name = "MB", default_value = "500", value_parser = bound)]
    megabytes: Bound,
    /// Delete what is listed
    #[arg(long)]
    yes: bool,
    /// Look in the demo's database
    #[arg(long)]
    demo: bool,
}

/// A number, or no bound at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bound(Option<u32>);

fn bound(text: &str) -> Result<Bound, String> {
    match text.parse() {
        Ok(number) => Ok(Bound(Some(number))),
        Err(_) if matches!(text, "always" | "any") => Ok(Bound(None)),
        Err(_) => Err("a whole number, always or any is expected".to_owned()),
    }
}

pub(crate) fn run(common: &Common, args: &RetentionArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = app::words(common);
    let budget = Budget { days: args.days.0, bytes: args.megabytes.0.map(|mb| u64::from(mb) * 1_000_000) };
    let Some(talus) = app::open_to_look(common, args.demo)? else {
        return app::nothing_yet(common, &as_json(budget, &Review::default(), &[]), out);
    };
    let review = talus.outgrown(budget)?;
    let gone = if args.yes && !review.expired.is_empty() { talus.let_go(&review)? } else { Vec::new() };
    if common.json {
        let gone: Vec<String> = gone.iter().map(ToString::to_string).collect();
        out.json(&as_json(budget, &review, &gone))?;
        return Ok(0);
    }
    let (says, own) = (KeepingWords::of(words), OwnWords::of(words));
    for line in lines(&review, &talus.people()?, words) {
        out.lines(wrap(&line, out.width()))?;
    }
    if args.yes && !review.expired.is_empty() {
        let bytes: u64 = review.expired.iter().filter(|one| gone.contains(&one.session)).map(|one| one.bytes).sum();
        let count = told(gone.len() as u64, own.recordings);
        out.lines(wrap(&fill(says.let_go, &[&count, &size(bytes, words)]), out.width()))?;
    } else if !review.expired.is_empty() {
        out.lines(wrap(says.let_go_with, out.width()))?;
        let days = args.days.0.map_or("always".to_owned(), |days| days.to_string());
        let megabytes = args.megabytes.0.map_or("any".to_owned(), |megabytes| megabytes.to_string());
        let command = format!("talus retention --days {days} --megabytes {megabytes} --yes");
        out.line(&app::on_database(&command, common, args.demo))?;
    }
    Ok(0)
}

/// What would go, oldest first; what stays, and why.
fn lines(review: &Review, people: &[Profile], words: &Words) -> Vec<String> {
    let (says, own) = (KeepingWords::of(words), OwnWords::of(words));
    let mut lines = Vec::new();
    for one in &review.expired {
        let id: String = one.session.to_string().chars().take(13).collect();
        let mut parts = vec![one.local_day.clone(), id];
        let name = people.iter().find(|person| person.id == one.profile).map(|person| person.name.trim());
        parts.extend(name.filter(|name| !name.is_empty() && people.len() > 1).map(str::to_owned));
        parts.push(size(one.bytes, words));
        parts.push(says.why[usize::from(one.why == Outgrown::Room)].to_owned());
        lines.push(parts.join(" · "));
    }
    let bytes: u64 = review.expired.iter().map(|one| one.bytes).sum();
    if review.expired.is_empty() {
        lines.push(says.none_expired.to_owned());
    } else {
        let count = told(review.expired.len() as u64, own.recordings);
        lines.push(fill(says.expired, &[&count, &size(bytes, words)]));
    }
    lines.push(fill(says.kept, &[&size(review.kept_bytes, words)]));
    if review.starred_bytes > 0 {
        lines.push(fill(says.starred_stay, &[&size(review.starred_bytes, words)]));
    }
    lines
}

fn as_json(budget: Budget, review: &Review, gone: &[String]) -> Value {
    let why = |why| if why == Outgrown::Age { "age" } else { "room" };
    let expired: Vec<Value> = review
        .expired
        .iter()
        .map(|one| {
            json!({
                "session": one.session.to_string(), "person": one.profile.to_string(), "local_day": one.local_day,
                "bytes": one.bytes, "why": why(one.why),
            })
        })
        .collect();
    json!({
        "talus": "retention/1", "days": budget.days, "bytes": budget.bytes, "expired": expired, "deleted": gone,
        "kept_bytes": review.kept_bytes, "starred_bytes": review.starred_bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use talus_app::store::{Expired, ProfileId, SessionId};

    #[test]
    fn what_would_go_is_told_with_its_size_its_reason_and_whose_it_is() {
        let one = |n: u8, why| Expired {
            session: SessionId([n; 16]),
            profile: ProfileId([n; 16]),
            local_day: "2026-03-01".to_owned(),
            bytes: 2_500_000,
            why,
        };
        let review = Review {
            expired: vec![one(1, Outgrown::Age), one(2, Outgrown::Room)],
            kept_bytes: 7_000_000,
            starred_bytes: 400_000,
        };
        let people: Vec<Profile> =
            [(1, "Ada"), (2, "")].map(|(n, name)| Profile { id: ProfileId([n; 16]), name: name.to_owned() }).into();
        assert_eq!(
            lines(&review, &people, Words::of("en")),
            [
                "2026-03-01 · 01010101-0101 · Ada · 2.5 MB · older than that",
                "2026-03-01 · 02020202-0202 · 2.5 MB · newer ones fill the room",
                "2 recordings would go, 5.0 MB. Their results stay.",
                "What stays takes 7.0 MB.",
                "400 kB of starred sessions stay whatever they take.",
            ]
        );
        assert_eq!(
            lines(&Review::default(), &people, Words::of("de")),
            ["Alle Aufnahmen passen.", "Was bleibt, nimmt 0 kB ein."]
        );
    }

    #[test]
    fn a_bound_is_a_number_or_none() {
        assert_eq!(
            (bound("30"), bound("always"), bound("any")),
            (Ok(Bound(Some(30))), Ok(Bound(None)), Ok(Bound(None)))
        );
        assert!(bound("-1").is_err() && bound("soon").is_err());
    }
}
