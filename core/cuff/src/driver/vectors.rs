//! Helpers to write worked bytes as they stand in the profile's description.
use crate::driver::DecodeError;

/// Bytes from a hex string with spaces and bars.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Every cut of `bytes` gives a typed error about length, and a longer tail changes nothing.
pub(crate) fn cut_and_extend<T: PartialEq + std::fmt::Debug>(
    bytes: &[u8],
    decode: impl Fn(&[u8]) -> Result<T, DecodeError>,
) {
    for len in 0..bytes.len() {
        let cut = decode(&bytes[..len]);
        assert!(matches!(cut, Err(DecodeError::Short { .. })), "cut to {len} bytes: {cut:?}");
    }
    let mut longer = bytes.to_vec();
    longer.extend([0xAA; 7]);
    assert_eq!(decode(&longer), decode(bytes));
    assert!(decode(bytes).is_ok());
    // Must not panic, whatever it says.
    let _ = decode(&[0xFF; 64]);
    let _ = decode(&[0x00; 64]);
}
