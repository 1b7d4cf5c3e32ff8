//! What a backup's encryption keeps, tells and refuses.

use super::*;
use std::io::Cursor;

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned()).unwrap()
}

fn sealed(plain: &[u8]) -> Vec<u8> {
    let mut writer = SealedWriter::new(Vec::new(), &passphrase("seven small stones")).unwrap_or_else(|_| panic!());
    writer.write_all(plain).unwrap();
    writer.finish().unwrap()
}

fn opened(file: &[u8], text: &str) -> Result<Vec<u8>, BundleError> {
    let mut reader = match SealedReader::open(Cursor::new(file), &passphrase(text)) {
        Ok(reader) => reader,
        Err(Failed::Bundle(error)) => return Err(error),
        Err(Failed::Io(error)) => panic!("{error}"),
    };
    let mut plain = Vec::new();
    reader.read_to_end(&mut plain).map_err(|error| BundleError::damaged("the middle", &error))?;
    Ok(plain)
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 % 251) as u8).collect()
}

#[test]
fn every_length_around_a_segment_comes_back_and_none_of_it_is_readable() {
    for length in [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 3 * SEGMENT + 7] {
        let plain = bytes(length);
        let file = sealed(&plain);
        let segments = length.div_ceil(SEGMENT).max(1);
        assert_eq!(file.len(), HEADER + length + segments * TAG, "{length}");
        assert_eq!(opened(&file, "seven small stones").unwrap(), plain);
        assert!(length < 64 || !file.windows(32).any(|window| window == &plain[16..48]));
    }
}

#[test]
fn another_passphrase_is_told_apart_from_a_damaged_file() {
    let file = sealed(&bytes(1000));
    assert_eq!(opened(&file, "seven small stone "), Err(BundleError::WrongPassphrase));
    for at in [9, 12, 30, 50, CRC_AT] {
        let mut changed = file.clone();
        changed[at] ^= 4;
        let error = opened(&changed, "seven small stones").unwrap_err();
        assert!(matches!(error, BundleError::Damaged { .. } | BundleError::Newer { .. }), "byte {at}: {error:?}");
    }
    // A tag alone says the same as another passphrase: nobody can tell these two apart.
    let mut changed = file.clone();
    changed[HEADER - 1] ^= 1;
    assert_eq!(opened(&changed, "seven small stones"), Err(BundleError::WrongPassphrase));
}

#[test]
fn a_file_that_was_cut_anywhere_or_had_segments_taken_out_or_swapped_is_damaged() {
    let plain = bytes(3 * SEGMENT + 100);
    let file = sealed(&plain);
    let each = SEGMENT + TAG;
    for length in [HEADER, HEADER + 5, HEADER + TAG, HEADER + each, HEADER + 3 * each, file.len() - 1, file.len() - 100]
    {
        let error = opened(&file[..length], "seven small stones").unwrap_err();
        assert!(matches!(error, BundleError::Damaged { .. }), "{length}: {error:?}");
    }
    let [head, one, two] = [&file[..HEADER], &file[HEADER..HEADER + each], &file[HEADER + each..HEADER + 2 * each]];
    let rest = &file[HEADER + 2 * each..];
    for mixed in [[head, two, one, rest].concat(), [head, two, rest].concat(), [head, one, one, two, rest].concat()] {
        assert!(matches!(opened(&mixed, "seven small stones"), Err(BundleError::Damaged { .. })));
    }
    let mut changed = file.clone();
    changed[HEADER + each + 77] ^= 1;
    assert!(matches!(opened(&changed, "seven small stones"), Err(BundleError::Damaged { .. })));
}

#[test]
fn it_can_be_read_from_anywhere() {
    let plain = bytes(2 * SEGMENT + 500);
    let file = sealed(&plain);
    let opened = SealedReader::open(Cursor::new(&file), &passphrase("seven small stones"));
    let Ok(mut reader) = opened else { panic!("it opens") };
    for (from, count) in [(SEGMENT - 3, 6), (0, 10), (2 * SEGMENT + 490, 50), (2 * SEGMENT + 500, 1)] {
        reader.seek(SeekFrom::Start(from as u64)).unwrap();
        let mut out = Vec::new();
        reader.by_ref().take(count).read_to_end(&mut out).unwrap();
        assert_eq!(out, plain[from..plain.len().min(from + count as usize)]);
    }
    assert!(reader.seek(SeekFrom::End(-1_000_000)).is_err());
}

#[test]
fn a_header_that_asks_for_a_gibibyte_is_refused_before_anything_is_reserved() {
    let mut file = sealed(b"x");
    file[10..14].copy_from_slice(&(1u32 << 20).to_le_bytes());
    let crc = crc32c::crc32c(&file[..CRC_AT]);
    file[CRC_AT..CRC_AT + 4].copy_from_slice(&crc.to_le_bytes());
    assert!(matches!(opened(&file, "seven small stones"), Err(BundleError::TooLarge { .. })));
}

#[test]
fn equal_contents_are_never_equal_files_and_a_short_passphrase_is_none() {
    assert_ne!(sealed(b"the same")[26..], sealed(b"the same")[26..]);
    assert_eq!(Passphrase::new("short".to_owned()).map(|_| ()), Err(BundleError::ShortPassphrase { least: 8 }));
    assert_eq!(format!("{:?}", passphrase("seven small stones")), "Passphrase(…)");
}

#[test]
fn a_letter_with_a_mark_is_the_same_however_it_was_typed() {
    // Composed, decomposed, and an ohm sign, whose only normal form is the Greek letter.
    let [composed, decomposed] = ["sieben bl\u{fc}ten \u{3a9}", "sieben blu\u{308}ten \u{2126}"];
    let mut writer = SealedWriter::new(Vec::new(), &passphrase(composed)).unwrap_or_else(|_| panic!());
    writer.write_all(b"the same").unwrap();
    assert_eq!(opened(&writer.finish().unwrap(), decomposed).unwrap(), b"the same");
    // What looks alike and is another word stays another one.
    assert_ne!(passphrase(composed).0, passphrase("sieben bluten \u{3a9}").0);
    // Seven characters, however many it takes to type them.
    assert!(Passphrase::new("u\u{308}".repeat(7)).is_err());
}

#[test]
fn the_key_of_a_passphrase_is_the_one_of_the_standard() {
    // Argon2id v19, 32 bytes, m = 19456, t = 2, p = 1 of "seven small stones" with the salt 0..15, as
    // argon2-cffi gives it, which wraps the reference code of the authors.
    let salt: [u8; SALT] = core::array::from_fn(|at| at as u8);
    let mut key = [0; 32];
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(32)).unwrap();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(b"seven small stones", &salt, &mut key)
        .unwrap();
    let (high, low) =
        (u128::from_be_bytes(key[..16].try_into().unwrap()), u128::from_be_bytes(key[16..].try_into().unwrap()));
    assert_eq!((high, low), (0xfcd6fc15_72a7fb41_54073b46_181c506d, 0x1b35079a_3c4d2e32_72a8dcfe_65121ac9));
}
