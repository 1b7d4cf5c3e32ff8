//! How small a second of real walking becomes.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

#[path = "../../../tests/shared_data.rs"]
#[allow(unreachable_pub)]
mod shared_data;
#[path = "common/signals.rs"]
mod signals;

use signals::{SETS, bound_bits, flac_of, pco_of, zstd_of};
use talus_store::recording::counts::{self, Code};
use talus_store::recording::rice;

#[test]
fn a_second_of_every_real_walk_is_within_a_twentieth_of_its_bound_and_smaller_than_any_peer_makes_it() {
    for set in SETS.iter().filter(|set| set.walks) {
        let Some(path) = shared_data::shared_data("codec", set.folder) else { continue };
        let recordings = set.read(&path);
        assert!(!recordings.is_empty(), "{}", set.folder);
        for (name, chunks) in recordings {
            let (mut ours, mut peers) = (0, [0; 3]);
            for chunk in &chunks {
                let mut bytes = Vec::new();
                let back = match counts::pack(chunk, &mut bytes) {
                    Code::Rice => rice::decode(&bytes, chunk.len()),
                    Code::Counts => counts::decode(&bytes, chunk.len()),
                };
                assert_eq!(back.as_deref(), Some(chunk.as_slice()), "{name}");
                ours += bytes.len();
                for (sum, bytes) in peers.iter_mut().zip([zstd_of(chunk, 9), pco_of(chunk), flac_of(chunk)]) {
                    *sum += bytes.len();
                }
            }
            let of_bound = bound_bits(&chunks.concat()) / 8.0 / ours as f64;
            assert!(of_bound >= 0.95, "{name}: {of_bound:.3} of the bound");
            for (peer, theirs) in ["zstd-9", "pco-8", "FLAC"].iter().zip(peers) {
                assert!(ours < theirs, "{name}: {ours} bytes beside {theirs} of {peer}");
            }
        }
    }
}
