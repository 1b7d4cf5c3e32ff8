//! Whatever text comes as a plan, by file or as a picture of a code, it is refused or means what its author signed; and
//! whatever comes as a programme that somebody shares is refused or reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use talus_coach::catalogue::Programme;
use talus_coach::trusted::{TrustedPlan, author_of, secret_from_text, sign};
use talus_coach::Catalogue;
use talus_motion::Side;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().expect("it is part of Talus"));
const SECRET: [u8; 32] = [7; 32];

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let _ = secret_from_text(&text);
    let mut plans: Vec<_> = TrustedPlan::read(&text, &CATALOGUE).into_iter().collect();
    // Chance signs nothing: somebody does it for it.
    if let Ok(signed) = sign(&text, &SECRET, &CATALOGUE) {
        let plan = TrustedPlan::read(&signed, &CATALOGUE).expect("what was just signed");
        assert_eq!(plan.author, author_of(&SECRET));
        let other = signed.replacen("mass_most_g = ", "mass_most_g = 1", 1);
        assert!(other == signed || TrustedPlan::read(&other, &CATALOGUE).is_err(), "a changed plan is read");
        plans.push(plan);
    }
    for plan in plans {
        assert!(plan.from <= plan.until && !plan.exercises.is_empty());
        for allowed in &plan.exercises {
            assert!(CATALOGUE.exercise(&allowed.id).is_ok());
            for side in [Side::Left, Side::Right] {
                let most_g = plan.allowance(&allowed.id, side).map(|allowance| allowance.mass_most_g);
                assert!(most_g.is_none_or(|most_g| most_g <= 5000), "{most_g:?}");
                let range = plan.range_deg(&allowed.id, side);
                assert!(range.is_none_or(|(from, to)| from.is_finite() && to.is_finite()), "{range:?}");
            }
        }
    }
    if let Ok(programme) = Programme::shared(&text, &CATALOGUE) {
        let again = programme.to_toml().expect("what was read is written");
        assert_eq!(Programme::shared(&again, &CATALOGUE).expect("what was just written"), programme);
    }
});
