//! Whatever a file holds, reading it neither panics nor gives a recording that cannot be.
//!
//! The reader's source is built in as it stands, without the crate around it: database and bridge would be watched for
//! coverage too, and slow every run down. The few words it asks of them are given here.
//!
//! The first byte says whether columns are known by their names or by a map, and which; the rest is the file.
#![no_main]

extern crate self as talus_store;

use libfuzzer_sys::fuzz_target;
use std::path::Path;

#[allow(dead_code, unused_imports)]
#[path = "../core/app/src/files/mod.rs"]
mod files;

mod error {
    pub fn is_german(_language: &str) -> bool {
        false
    }
}

mod german {
    pub fn note(note: &crate::files::FileNote) -> String {
        note.to_string()
    }
}

/// What the store says of a failed read.
pub fn system_words(error: &std::io::Error) -> String {
    error.to_string()
}

const HEADS: [&str; 6] = [
    "",
    "t_s,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z\n",
    "time_us;ax;ay;az;gx;gy;gz\n",
    "PacketCounter,SampleTimeFine,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z\n",
    "Time (s),Gyroscope X (deg/s),Gyroscope Y (deg/s),Gyroscope Z (deg/s),Accelerometer X (g),Accelerometer Y (g),Accelerometer Z (g)\n",
    "acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z,quat_w,quat_x,quat_y,quat_z\n",
];

const MAP: &str = "[columns]\nt = \"t\"\nacc = [\"a\", \"b\", \"c\"]\ngyr = [\"d\", \"e\", \"f\"]\n[units]\nt = \"ms\"\nacc = \"g\"\ngyr = \"deg/s\"\n";

fuzz_target!(|data: &[u8]| {
    let Some((kind, rest)) = data.split_first() else { return };
    let names = ["a_left_shank.csv", "broad/01_slow.csv", "x.tsv"];
    let path = Path::new(names[usize::from(kind / 8) % names.len()]);
    if kind % 8 == 7 {
        if let Ok(text) = core::str::from_utf8(rest) {
            let _ = files::InputMap::parse(text, path);
        }
        return;
    }
    let (head, map) = match HEADS.get(usize::from(kind % 8)) {
        Some(head) => (*head, None),
        None => ("t,a,b,c,d,e,f\n", Some(files::InputMap::parse(MAP, path).unwrap())),
    };
    let whole = [head.as_bytes(), rest].concat();
    let Ok(file) = files::parse(&whole[..], path, map.as_ref()) else { return };
    assert!((12.5..=1000.0).contains(&file.rate_hz), "{}", file.rate_hz);
    assert!(file.samples.len() >= 3 && file.samples.iter().all(|sample| sample.at_us.is_finite()));
    let mut latest_us = f64::NEG_INFINITY;
    for sample in file.in_order() {
        assert!(sample.at_us > latest_us, "{} after {latest_us}", sample.at_us);
        latest_us = sample.at_us;
        let values = || sample.acc.iter().chain(&sample.gyr);
        assert!(values().all(|v| v.is_nan()) || values().all(|v| v.is_finite()), "{sample:?}");
    }
    assert!(file.notes.iter().all(|note| !note.told("en").is_empty()));
});
