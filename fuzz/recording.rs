//! Whatever bytes say they are a recording, reading them neither panics nor takes more than they are worth, and what was
//! understood whole is written again to mean the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use talus_store::recording::{Encoder, counts, read, rice};

fuzz_target!(|data: &[u8]| {
    // The packed samples alone: they lie behind a checksum that chance does not get past.
    if let Some((&n, packed)) = data.split_first() {
        let n = usize::from(n) % 130;
        for found in [counts::decode(packed, n), rice::decode(packed, n)].into_iter().flatten() {
            assert_eq!(found.len(), n);
            let mut again = Vec::new();
            counts::encode(&found, &mut again);
            assert_eq!(counts::decode(&again, n).as_ref(), Some(&found));
        }
    }
    let Ok(reading) = read(data) else { return };
    assert!(reading.whole_bytes <= reading.bytes && reading.solid_bytes <= reading.whole_bytes);
    assert!(reading.solid_next <= reading.next && reading.bytes == data.len() as u64);
    assert!(reading.inputs.len() <= 64 * data.len(), "{} inputs of {} bytes", reading.inputs.len(), data.len());
    let Some(head) = reading.head.as_ref().filter(|_| reading.intact()) else { return };
    assert!(head.zone.len() <= data.len());
    let mut encoder = Encoder::new(0);
    for input in &reading.inputs {
        // What a recording held, a recording takes.
        encoder.push(input).expect("an input that was read");
    }
    encoder.close(reading.through);
    // The new chunks stand behind the old head.
    let mut file = data[..head_end(data)].to_vec();
    file.extend(encoder.take());
    let again = read(&file).expect("what was just written");
    // Compared as text: a scale that is no number is not equal to itself.
    assert_eq!(format!("{:?}", again.inputs), format!("{:?}", reading.inputs));
});

/// Where the first chunk, which holds the head, ends: a prelude of 10 bytes, then a frame that states its length.
fn head_end(data: &[u8]) -> usize {
    // Found by trying: the shortest beginning whose head reads.
    (10..=data.len()).find(|end| read(&data[..*end]).is_ok_and(|reading| reading.head.is_some())).unwrap_or(data.len())
}
