//! Every scene at the sizes people have, as text. Colour is looked at apart from it: it may say nothing on its own.

use super::theme::Depth;
use super::*;
use crate::domain::*;
use crate::examples;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

fn buffer(scene: &Scene, (width, height): (u16, u16), language: &str, change: impl FnOnce(&mut Aside<'_>)) -> Buffer {
    let story = examples::story(language);
    let name = examples::name(language);
    let mut aside = Aside {
        words: Words::of(language),
        theme: Theme::new(Depth::Full),
        demo: true,
        speed: Speed::Times(10.0),
        progress: None,
        story: &story,
        asked: None,
        name: &name,
    };
    change(&mut aside);
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(frame, scene, &aside)).unwrap();
    terminal.backend().buffer().clone()
}

fn rows(buffer: &Buffer) -> Vec<String> {
    (0..buffer.area.height)
        .map(|y| {
            let mut row = String::new();
            let mut skip = 0;
            for x in 0..buffer.area.width {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                // A wide character covers the cell after it.
                skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
                row.push_str(symbol);
            }
            row.trim_end().to_owned()
        })
        .collect()
}

fn page(scene: &Scene, language: &str) -> String {
    [(40, 20), (80, 24), (120, 36)]
        .map(|size| {
            let rows = rows(&buffer(scene, size, language, |_| {}));
            format!("── {}×{}\n{}", size.0, size.1, rows.join("\n"))
        })
        .join("\n")
}

fn session(change: impl FnOnce(&mut SessionScene)) -> Scene {
    let mut scene = examples::session("en");
    change(&mut scene);
    Scene::Session(Box::new(scene))
}

fn stage(stage: Stage) -> Scene {
    session(|scene| {
        scene.frame.stage = stage;
        scene.frame.cue.clear();
    })
}

#[test]
fn cuffs_nearby_stand_with_their_signal() {
    insta::assert_snapshot!(page(&Scene::Nearby(examples::nearby()), "en"));
}

#[test]
fn while_nothing_is_near_it_says_what_to_check() {
    insta::assert_snapshot!(page(&Scene::Nearby(Vec::new()), "de"));
}

#[test]
fn a_cuff_that_is_paired_says_who_it_is() {
    insta::assert_snapshot!(page(&Scene::Pairing { cuffs: examples::paired() }, "en"));
}

#[test]
fn the_arc_opens_while_a_range_is_learned() {
    insta::assert_snapshot!(page(&Scene::Calibrate(examples::calibrate()), "en"));
}

#[test]
fn a_set_shows_count_arc_tempo_and_cue() {
    insta::assert_snapshot!(page(&session(|_| {}), "en"));
}

#[test]
fn a_set_reads_in_german() {
    insta::assert_snapshot!(page(&Scene::Session(Box::new(examples::session("de"))), "de"));
}

#[test]
fn a_lost_cuff_breaks_the_arc_and_keeps_the_count() {
    let scene = session(|scene| {
        scene.frame.angle_deg = None;
        scene.frame.cuffs[1].link = LinkState::Lost;
        scene.frame.cue = "Cuff lost. Rest the leg down. Your set is safe.".into();
        scene.trace.truncate(120);
        scene.frame.phase = Phase::Rest;
    });
    insta::assert_snapshot!(page(&scene, "en"));
}

#[test]
fn getting_ready_counts_down() {
    let scene = session(|scene| {
        (scene.frame.stage, scene.frame.left_s, scene.frame.count) = (Stage::GetReady, Some(2.2), 0);
        scene.frame.cue = "Sit tall. Let the foot hang.".into();
    });
    insta::assert_snapshot!(page(&scene, "en"));
}

#[test]
fn preflight_asks_what_is_worn() {
    insta::assert_snapshot!(page(&stage(Stage::Preflight), "en"));
}

#[test]
fn a_pause_keeps_the_count() {
    insta::assert_snapshot!(page(&stage(Stage::Paused), "en"));
}

#[test]
fn a_review_asks_for_what_was_left() {
    insta::assert_snapshot!(page(&stage(Stage::Review), "en"));
}

#[test]
fn a_rest_counts_down_beside_what_was_done() {
    let scene = session(|scene| {
        (scene.frame.stage, scene.frame.left_s) = (Stage::Rest, Some(41.3));
        scene.frame.cue.clear();
    });
    insta::assert_snapshot!(page(&scene, "en"));
}

#[test]
fn a_walk_counts_strides() {
    let scene = session(|scene| {
        scene.frame.stage = Stage::Walk;
        scene.frame.exercise_name = "Walking".into();
        (scene.frame.strides, scene.frame.cadence_per_min, scene.frame.target) = (128, Some(104.4), None);
        (scene.frame.set, scene.frame.target_deg) = ((1, 1), None);
        scene.frame.cue.clear();
    });
    insta::assert_snapshot!(page(&scene, "en"));
}

#[test]
fn the_summary_says_one_sentence_and_every_set() {
    insta::assert_snapshot!(page(&stage(Stage::Summary), "en"));
}

#[test]
fn a_window_that_is_too_small_says_so_and_the_smallest_has_all_one_trains_by() {
    for size in [(39, 20), (40, 11), (10, 3), (1, 1)] {
        let small = rows(&buffer(&session(|_| {}), size, "en", |_| {})).join(" ");
        assert!(size.0 < 10 || small.starts_with("Please"), "{size:?}: {small}");
    }
    for (width, height) in [(40, 12), (40, 15), (60, 13), (69, 20), (70, 12), (160, 50)] {
        let text = rows(&buffer(&session(|_| {}), (width, height), "en", |_| {})).join("\n");
        for needed in ["of 12", "▲ Lift", "lift", "Lower for a slow count of three.", "◆ R", "p pause", "q leave"] {
            assert!(text.contains(needed), "{width}×{height} lacks {needed:?}:\n{text}");
        }
        assert!(text.contains('█'), "{width}×{height} has no giant count:\n{text}");
    }
}

#[test]
fn nothing_that_is_unknown_or_absurd_breaks_a_screen() {
    let scene = session(|scene| {
        let frame = &mut scene.frame;
        (frame.angle_deg, frame.target_deg, frame.scale_deg) = (Some(f64::NAN), Some(f64::INFINITY), f64::NAN);
        (frame.phase_s, frame.tempo_s, frame.side, frame.set) = (f64::INFINITY, [f64::NAN, 0.0, -1.0], None, (0, 0));
        (frame.count, frame.target, frame.last_ranges_deg) = (u32::MAX, Some(0), [Some(f64::NAN); 3]);
        frame.exercise_name = "足首を重くして膝を伸ばす運動".repeat(5);
        frame.cue = "word".repeat(60);
        frame.cuffs.clear();
        scene.safe_s = f64::NAN;
        scene.trace = vec![(f64::NAN, 3.0), (-1.0, f64::INFINITY)];
        scene.batteries.clear();
    });
    for stage in [Stage::Preflight, Stage::GetReady, Stage::Set, Stage::Paused, Stage::Review, Stage::Rest, Stage::Walk]
    {
        let Scene::Session(mut inner) = scene.clone() else { unreachable!() };
        inner.frame.stage = stage;
        let scene = Scene::Session(inner);
        for width in [40, 59, 80, 200] {
            for height in [12, 17, 24, 60] {
                let _ = buffer(&scene, (width, height), "de", |aside| aside.progress = Some(f64::NAN));
            }
        }
    }
}

#[test]
fn without_colour_the_screen_says_the_same() {
    let scene = session(|scene| scene.frame.cuffs[0].link = LinkState::Lost);
    let plain = buffer(&scene, (80, 24), "en", |aside| aside.theme = Theme::new(Depth::None));
    assert_eq!(rows(&plain), rows(&buffer(&scene, (80, 24), "en", |_| {})));
    for cell in &plain.content {
        assert!(cell.fg == ratatui::style::Color::Reset && cell.bg == ratatui::style::Color::Reset, "{cell:?}");
    }
}

#[test]
fn a_low_battery_and_a_lost_cuff_are_said_in_words() {
    let scene = session(|scene| scene.frame.cuffs[0].link = LinkState::Lost);
    for size in [(40, 12), (40, 20), (80, 24)] {
        let text = rows(&buffer(&scene, size, "en", |_| {})).join("\n");
        assert!(text.contains("lost, looking") && text.contains("9 % low"), "{size:?}\n{text}");
    }
}

#[test]
fn what_keeps_a_session_from_being_written_stands_on_the_screen() {
    let trouble = "The disk is full. The session is kept in memory. Free some space now.";
    let scene = session(|scene| scene.trouble = Some(trouble.to_owned()));
    for size in [(40, 15), (80, 24)] {
        let text = rows(&buffer(&scene, size, "en", |_| {})).join(" ");
        assert!(text.contains("The disk is full.") && text.contains("of 12"), "{size:?}\n{text}");
    }
}

#[test]
fn pain_is_asked_on_the_screen_and_replays_say_how_far_they_are() {
    let typed: &Question = Box::leak(Box::new(Question::Pain(crate::keys::PainEntry("4".into()))));
    let text = rows(&buffer(&session(|_| {}), (80, 24), "en", |aside| {
        (aside.asked, aside.demo, aside.progress) = (Some(typed), false, Some(0.425));
    }));
    assert!(text.iter().any(|row| row.contains("Pain, 0 to 10: 4")), "{text:#?}");
    assert!(text[0].contains("42 % played") && !text[0].contains("Demo"), "{text:#?}");
}

#[test]
fn a_red_flag_has_a_key_in_every_stage_and_its_question_fits_the_smallest_window() {
    let stages = [
        Stage::Preflight,
        Stage::GetReady,
        Stage::Set,
        Stage::Paused,
        Stage::Review,
        Stage::Rest,
        Stage::Walk,
        Stage::Summary,
    ];
    for now in stages {
        for (language, key) in [("en", "! emergency"), ("de", "! Notfall")] {
            for size in [(40, 12), (40, 20), (60, 13), (80, 24), (120, 36)] {
                let text = rows(&buffer(&stage(now), size, language, |_| {})).join("\n");
                assert!(text.contains(key), "{now:?} {size:?}:\n{text}");
            }
            let asked = rows(&buffer(&stage(now), (40, 12), language, |aside| aside.asked = Some(&Question::Flag)));
            let asked = asked.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
            let words = Words::of(language);
            assert!(asked.contains(words.flag_ask), "{asked}");
            let [key, yes] = words.key_yes;
            assert!(asked.contains(&format!("{key} {yes} · esc {}", words.key_cancel)), "{asked}");
        }
    }
}

#[test]
fn nobody_is_left_to_think_that_a_clinician_looked_at_it() {
    for size in [(40, 12), (80, 24), (120, 36)] {
        for (language, said) in
            [("en", "Not reviewed by a clinician."), ("de", "Von keiner klinischen Fachperson geprüft.")]
        {
            let text = rows(&buffer(&stage(Stage::Summary), size, language, |_| {})).join(" ");
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(said), "{size:?}: {text}");
        }
    }
}

#[test]
fn a_review_asks_as_long_as_a_digit_answers_and_says_how_far_a_measured_set_went() {
    let review = |change: fn(&mut SessionScene)| {
        session(|scene| {
            (scene.frame.stage, scene.frame.angle_deg) = (Stage::Review, None);
            scene.frame.exercise = "knee_ext_seated".into();
            change(scene);
        })
    };
    let cue = "Done. 12 counted.";
    let said = review(|scene| scene.frame.cue = "Done. 12 counted.".into());
    for size in [(40, 12), (40, 20), (80, 24), (120, 36)] {
        let text = rows(&buffer(&said, size, "en", |_| {})).join("\n");
        for needed in ["How many more could you have done?", cue, "0–5 answer"] {
            assert!(text.contains(needed), "{size:?} lacks {needed:?}:\n{text}");
        }
        assert!(!text.contains("not measured"), "{size:?}:\n{text}");
    }
    let arc = |scene: &Scene, sets: usize| {
        let mut story = examples::story("en");
        story.sets.truncate(sets);
        let story: &Story = Box::leak(Box::new(story));
        rows(&buffer(scene, (80, 24), "en", |aside| aside.story = story)).join("\n")
    };
    assert!(arc(&said, 2).contains("range 72°"), "the set's own");
    assert!(arc(&said, 0).contains("range 71°"), "the middle one of the last three");
    let nothing = review(|scene| scene.frame.last_ranges_deg = [None; 3]);
    assert!(arc(&nothing, 0).contains("not measured"), "what was not measured is still said");
}
