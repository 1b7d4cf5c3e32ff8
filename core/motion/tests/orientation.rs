//! Orientation against an optical reference (BROAD, Laidig et al. 2021, eight trials) and against the published filter.
//!
//! Error as in the reference: the rotation from the optical orientation to ours, of which a turn about the vertical
//! takes no part in the inclination; root mean square over the samples of movement.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod recording;
#[path = "../../../tests/shared_data.rs"]
#[allow(unreachable_pub)]
mod shared_data;

use recording::{columns, files};
use shared_data::shared_data;
use talus_motion::orient::{Quat, Vqf};

/// The rate the recordings were thinned to, Hz.
const RATE_HZ: f64 = 1000.0 / 7.0;
const DEG_PER_RAD: f64 = 180.0 / core::f64::consts::PI;

/// The part of a rotation that is no turn about the vertical, degrees.
fn inclination_deg(e: Quat) -> f64 {
    2.0 * libm::atan2(libm::hypot(e.x, e.y), libm::hypot(e.w, e.z)) * DEG_PER_RAD
}

fn rms(squares: &[f64]) -> f64 {
    (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
}

#[test]
fn inclination_is_as_good_as_the_published_filter_and_the_same() {
    let test = "inclination_is_as_good_as_the_published_filter_and_the_same";
    let Some(folder) = shared_data(test, "broad") else { return };
    let names =
        ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z", "ref_qw", "ref_qx", "ref_qy", "ref_qz", "movement"];
    let (mut errors, mut apart): (Vec<f64>, f64) = (Vec::new(), 0.0);
    for path in files(&folder, ".csv") {
        let mut ours = Vqf::new(RATE_HZ);
        let mut peer = vqf_rs::VQF::new(1.0 / RATE_HZ, None, None, None);
        let mut squares = Vec::new();
        for v in columns(&path, &names) {
            let (acc, gyr) = ([v[0], v[1], v[2]], [v[3], v[4], v[5]]);
            ours.update(gyr, acc, 1.0 / RATE_HZ);
            peer.update(gyr, acc, None);
            let p = peer.quat_6d();
            let published = Quat { w: p.0, x: p.1, y: p.2, z: p.3 };
            let found = ours.orientation();
            apart = apart.max(inclination_deg(found.after(published.back())));
            let reference = Quat { w: v[6], x: v[7], y: v[8], z: v[9] };
            if v[10] == 1.0 && v[6..10].iter().all(|q| q.is_finite()) {
                let off = inclination_deg(found.after(reference.back()));
                squares.push(off * off);
            }
        }
        assert!(squares.len() > 1000, "{}", path.display());
        let error = rms(&squares);
        println!("{}: {error:.2}°", path.file_name().unwrap().display());
        errors.push(error);
    }
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    println!(
        "inclination, mean of {} trials: {mean:.3}°; at most {apart:.1e}° from the published filter",
        errors.len()
    );
    assert!(errors.len() >= 8, "{}", errors.len());
    // The published filter reaches 0.41° on these files.
    assert!(mean <= 0.45, "{mean}");
    assert!(apart < 0.01, "{apart}");
}
