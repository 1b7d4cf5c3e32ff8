//! The movements of the simulated leg that are exercises of the catalogue.

use talus_sim::RepShape;

/// The shapes whose angle gravity shows, the exercise of the catalogue that each is, and a usual range.
pub(crate) const SHAPES: [(RepShape, &str, f64); 9] = [
    (RepShape::SeatedKneeExtension, "knee_ext_seated", 80.0),
    (RepShape::StraightLegRaise, "quad_set_slr", 42.0),
    (RepShape::SideLyingAbduction, "side_abd", 33.0),
    (RepShape::ProneHipExtension, "prone_hip_ext", 18.0),
    (RepShape::ProneKneeCurl, "knee_flex_prone", 90.0),
    (RepShape::StandingKneeCurl, "knee_flex_standing", 85.0),
    (RepShape::StandingAbduction, "stand_abd", 28.0),
    (RepShape::StandingHipExtension, "stand_ext", 20.0),
    (RepShape::StandingHipFlexion, "stand_flex", 42.0),
];
