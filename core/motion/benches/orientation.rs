//! What orientation costs, beside the published filter's Rust port in the same run: 360,000 samples of a leg that swings and rests.
//!
//! `cargo bench -p talus-motion --bench orientation`. The bar is 0.8 of the peer's samples per second. Figures, and what the
//! machine did meanwhile: docs/performance-motion.md.

// A bench is no library.
#![allow(missing_docs)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;
use talus_motion::Sample;
use talus_motion::orient::{Vqf, look_back};

const SAMPLES: usize = 360_000;

/// Half a minute of swinging, half a minute of rest, again and again.
fn leg(rate_hz: f64) -> Vec<Sample> {
    (0..SAMPLES)
        .map(|i| {
            let t = i as f64 / rate_hz;
            let moving = if t % 60.0 < 30.0 { 1.0 } else { 0.0 };
            let noise = 1e-3 * libm::sin(t * 977.0);
            let gyr = [0.3 * libm::cos(t * 3.0), 4.0 * libm::sin(t * 6.0), 0.5 * libm::sin(t * 2.0)];
            let pull = [2.0 * libm::sin(t * 6.0), libm::cos(t * 5.0), 0.5 * libm::sin(t * 9.0)];
            Sample {
                at_us: t * 1e6,
                gyr: gyr.map(|g| moving * g + 0.008 + noise),
                acc: [moving * pull[0] + 1.0, moving * pull[1] + noise, moving * pull[2] + 9.7],
                clipped: false,
            }
        })
        .collect()
}

fn orientation(c: &mut Criterion) {
    let mut group = c.benchmark_group("orientation");
    group.throughput(Throughput::Elements(SAMPLES as u64)).sample_size(10).measurement_time(Duration::from_secs(3));
    for rate_hz in [200.0, 100.0] {
        let samples = leg(rate_hz);
        let dt_s = 1.0 / rate_hz;
        group.bench_function(BenchmarkId::new("talus", rate_hz), |b| {
            b.iter(|| {
                let mut vqf = Vqf::new(rate_hz);
                let mut sum = 0.0;
                for sample in black_box(&samples) {
                    vqf.update(sample.gyr, sample.acc, dt_s);
                    sum += vqf.quaternion()[0];
                }
                sum
            });
        });
        group.bench_function(BenchmarkId::new("vqf-rs", rate_hz), |b| {
            b.iter(|| {
                let mut vqf = vqf_rs::VQF::new(dt_s, None, None, None);
                let mut sum = 0.0;
                for sample in black_box(&samples) {
                    vqf.update(sample.gyr, sample.acc, None);
                    sum += vqf.quat_6d().0;
                }
                sum
            });
        });
        group.bench_function(BenchmarkId::new("talus, looking back", rate_hz), |b| {
            b.iter(|| look_back(black_box(&samples), rate_hz).len());
        });
    }
    group.finish();
}

criterion_group!(benches, orientation);
criterion_main!(benches);
