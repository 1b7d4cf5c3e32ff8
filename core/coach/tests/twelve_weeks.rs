//! Twelve weeks of people who never lived: honest, over-eager, in pain, tired, forgetful, with a cuff that lies. Nobody
//! is led past a cap or up after pain, and nobody is left without a way on.
//!
//! The people are invented: how many repetitions a torque allows and how fast that grows are assumptions made here to
//! move the rules about, and say nothing about anybody.

#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::collections::BTreeMap;
use talus_coach::load::{Find, Kit, Try, ceiling, find_my_load};
use talus_coach::mechanics::Mechanics;
use talus_coach::progression::{Action, Case, Exposure, SetDone, next};
use talus_coach::screening::Stance;
use talus_coach::{Answers, Body, Catalogue, Condition, Exercise, Level, Person, Question, Reply, Screening};

const WEEKS: i64 = 12;
const EXERCISES: [&str; 4] = ["knee_ext_seated", "side_abd", "stand_abd", "seat_march"];
/// A tenth of them in the usual run; all of them where many cases are asked for (`./test long`).
const PEOPLE: u64 = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Honest,
    OverEager,
    InPain,
    Tired,
    Forgetful,
    LyingCuff,
}

const KINDS: [Kind; 6] = [Kind::Honest, Kind::OverEager, Kind::InPain, Kind::Tired, Kind::Forgetful, Kind::LyingCuff];

/// splitmix64: equal seeds give equal people.
struct Chance(u64);

impl Chance {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    fn once_in(&mut self, n: f64) -> bool {
        self.unit() * n < 1.0
    }
}

struct Leg {
    /// Torque that allows one repetition, newton metres; grows a little with every hard set.
    strength_nm: f64,
}

impl Leg {
    /// How many repetitions it has in it at a torque.
    fn has(&self, torque_nm: f64) -> f64 {
        40.0 * (self.strength_nm / torque_nm.max(1.0) - 1.0).max(0.0)
    }
}

fn do_set(kind: Kind, leg: &mut Leg, torque_nm: f64, asked: u32, chance: &mut Chance) -> SetDone {
    let has = (leg.has(torque_nm) * chance.between(0.85, 1.1)).min(60.0);
    let count = f64::from(asked).min(has).max(0.0);
    let left = (has - count).max(0.0);
    leg.strength_nm *= if left < 4.0 { 1.004 } else { 1.001 };
    let hurts = match kind {
        Kind::InPain => chance.between(0.0, 7.0),
        _ if chance.once_in(120.0) => chance.between(0.0, 6.0),
        _ => chance.between(0.0, 2.0),
    };
    let form = 95.0 - if left < 1.0 { 25.0 } else { 0.0 } - chance.between(0.0, 8.0);
    let mut set = SetDone {
        count: count as u32,
        reserve: Some(left.min(5.0) as u8),
        pain: Some(hurts as u8),
        form: Some(form.clamp(0.0, 100.0) as u8),
        range_share: Some(chance.between(0.93, 1.02)),
        rate_deg_per_s: Some(chance.between(90.0, 110.0)),
        measured: true,
    };
    match kind {
        Kind::OverEager => set.reserve = Some(5),
        Kind::Tired if chance.once_in(3.0) => {
            (set.reserve, set.range_share) = (Some(0), Some(chance.between(0.6, 0.9)));
        }
        Kind::Forgetful if chance.once_in(4.0) => (set.reserve, set.pain) = (None, None),
        Kind::LyingCuff if chance.once_in(3.0) => {
            set = SetDone { count: 40, form: Some(100), range_share: Some(9.0), measured: false, ..set };
        }
        _ => {}
    }
    set
}

fn someone(chance: &mut Chance, catalogue: &Catalogue) -> (Person, Screening) {
    let body = Body::new(chance.between(150.0, 195.0), chance.between(45.0, 120.0)).unwrap();
    let level = if chance.once_in(3.0) { Level::Trained } else { Level::Beginner };
    let person = Person::new(chance.between(12.0, 90.0) as u16, body, level).unwrap();
    let without = |q| if matches!(q, Question::FloorAlone | Question::Reach) { Reply::Yes } else { Reply::No };
    let mut answers =
        Answers { replies: Question::ALL.into_iter().map(|q| (q, without(q))).collect(), ..Answers::default() };
    if chance.once_in(5.0) {
        let pick = chance.between(0.0, Condition::ALL.len() as f64) as usize;
        answers.named.insert(Condition::ALL[pick.min(Condition::ALL.len() - 1)]);
    }
    let screening = Screening::new(&person, &answers, Stance::default(), catalogue.rules()).unwrap();
    (person, screening)
}

#[derive(Debug, Default, Clone)]
struct Tally {
    people: u32,
    sides: u32,
    allowed: u32,
    loaded: u32,
    ups: u32,
    downs: u32,
    share_of_cap: f64,
    /// Week by week: shares of the ceiling that were carried, and how many.
    weeks: [(f64, u32); WEEKS as usize],
}

impl Tally {
    /// Mean share of the ceiling in each week as a row of bars; a full one is four tenths of it.
    fn bars(&self) -> String {
        const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
        let bar = |(sum, count): &(f64, u32)| {
            let share = sum / f64::from((*count).max(1));
            BARS[((share / 0.4 * 8.0) as usize).min(7)]
        };
        self.weeks.iter().map(bar).collect()
    }
}

/// One side of one exercise over twelve weeks. Panics where a rule is broken.
fn side(
    kind: Kind,
    exercise: &Exercise,
    of: &(Person, Screening),
    chance: &mut Chance,
    catalogue: &Catalogue,
    tally: &mut Tally,
) {
    let (person, screening) = of;
    let rules = catalogue.rules();
    let kit = Kit::new(500, 250, 5000).unwrap();
    let most = ceiling(exercise, person, screening, None, &kit, rules);
    let mechanics = Mechanics::of(exercise, person.body()).unwrap();
    let torque = |mass_g| mechanics.peak(mass_g).total_nm().unwrap();
    let mut leg = Leg { strength_nm: torque(0) * chance.between(1.3, 2.5) };
    let mut own: Vec<Exposure> = Vec::new();
    let mut found: Option<u32> = None;
    let mut day = 0;
    while day < 7 * WEEKS {
        let case = Case {
            exercise,
            body: person.body(),
            care: screening.care(),
            ceiling: &most,
            kit: &kit,
            rules,
            reps: (10, 15),
            sets: 2,
            rest_s: 60,
            reserve: 3,
            week: (day / 7 + 1) as u32,
        };
        let step = next(&case, &own, None, day);
        assert!(step.mass_g <= most.mass_g && step.sets >= 1 && step.reps >= 1);
        let last = own.last();
        if last.is_some_and(|last| step.mass_g > last.mass_g) {
            let last = last.unwrap();
            tally.ups += u32::from(step.action == Action::Up);
            assert!(step.action == Action::Up || (step.action == Action::Back && last.lighter));
            assert!(last.form().is_some_and(|form| form >= 80) || step.action == Action::Back);
            assert!(last.measured() && last.pain().is_some_and(|pain| pain <= 2));
        }
        tally.downs += u32::from(step.action == Action::Down);
        let mut mass_g = step.mass_g;
        if step.action == Action::FindLoad {
            let mut tries: Vec<Try> = Vec::new();
            mass_g = loop {
                match find_my_load(&tries, &most, &kit, rules) {
                    Find::Found { mass_g, .. } => break mass_g,
                    Find::Set { mass_g, reps, .. } => {
                        assert!(mass_g <= most.mass_g && tries.len() < 4);
                        let SetDone { count, reserve, pain, form, measured, .. } =
                            do_set(kind, &mut leg, torque(mass_g), reps, chance);
                        tries.push(Try { mass_g, count, reserve, pain, form, measured });
                    }
                }
            };
            found = Some(mass_g);
        }
        assert!(mass_g == 0 || found.is_some(), "a weight before it was found");
        if step.action == Action::CheckInFirst {
            // The check-in is the way on.
            own.last_mut().unwrap().checked_in = true;
            day += 1;
            continue;
        }
        let sets = (0..step.sets).map(|_| do_set(kind, &mut leg, torque(mass_g), step.reps, chance)).collect();
        if most.mass_g > 0 {
            let week = &mut tally.weeks[(day / 7) as usize];
            *week = (week.0 + f64::from(mass_g) / f64::from(most.mass_g), week.1 + 1);
        }
        let worse = if kind == Kind::InPain { 4.0 } else { 40.0 };
        own.push(Exposure {
            day,
            mass_g,
            sets,
            morning_rise: chance.once_in(2.0).then(|| if chance.once_in(worse) { 3 } else { 0 }),
            checked_in: chance.once_in(2.0),
            lighter: step.action == Action::Lighter,
            rough: chance.once_in(6.0),
        });
        day += match kind {
            Kind::Forgetful if chance.once_in(8.0) => 9 + chance.between(0.0, 25.0) as i64,
            _ => 2 + i64::from(chance.once_in(3.0)),
        };
    }
    tally.sides += 1;
    tally.allowed += u32::from(most.mass_g > 0);
    tally.loaded += u32::from(own.iter().any(|one| one.mass_g > 0));
    if most.mass_g > 0 {
        tally.share_of_cap += f64::from(own.last().unwrap().mass_g) / f64::from(most.mass_g);
    }
}

#[test]
fn nobody_is_led_past_a_cap_up_after_pain_or_into_a_dead_end() {
    let many = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse::<u32>().ok()).is_some_and(|n| n >= 4096);
    let people = if many { PEOPLE } else { PEOPLE / 10 };
    let catalogue = Catalogue::embedded().unwrap();
    let mut tallies: BTreeMap<Kind, Tally> = BTreeMap::new();
    for number in 0..people {
        let mut chance = Chance(number);
        let kind = KINDS[number as usize % KINDS.len()];
        let of = someone(&mut chance, &catalogue);
        let tally = tallies.entry(kind).or_default();
        tally.people += 1;
        for id in EXERCISES {
            let exercise = catalogue.exercise(id).unwrap();
            if !of.1.of(exercise).left_out() {
                side(kind, exercise, &of, &mut chance, &catalogue, tally);
            }
        }
    }
    println!("kind people legs allowed_a_weight carried_one steps_up steps_down share_of_cap_at_the_end");
    for (kind, t) in &tallies {
        let share = t.share_of_cap / f64::from(t.allowed.max(1));
        println!("{kind:?} {} {} {} {} {} {} {share:.2}", t.people, t.sides, t.allowed, t.loaded, t.ups, t.downs);
    }
    println!("mean share of the ceiling, week by week");
    for (kind, tally) in &tallies {
        println!("{kind:?} {}", tally.bars());
    }
    // Nobody carries in the first days what was not found yet, and whoever hurts never comes to carry much.
    let in_week = |kind: Kind, week: usize| tallies[&kind].weeks[week].0 / f64::from(tallies[&kind].weeks[week].1);
    assert!(in_week(Kind::Honest, 11) > in_week(Kind::Honest, 0) && in_week(Kind::InPain, 11) < 0.05);
    let carried = |kind| f64::from(tallies[&kind].loaded) / f64::from(tallies[&kind].allowed);
    // Whoever may carry a weight and trains honestly comes to one; nobody else does.
    assert!(carried(Kind::Honest) > 0.95, "{}", carried(Kind::Honest));
    assert!(tallies.values().all(|t| t.loaded <= t.allowed));
    assert!(tallies[&Kind::Honest].ups > 0 && tallies[&Kind::InPain].ups < tallies[&Kind::Honest].ups / 4);
}
