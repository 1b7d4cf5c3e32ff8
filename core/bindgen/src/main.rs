#![forbid(unsafe_code)]
//! The generator of the Kotlin bindings: uniffi's own command line, at the version the bridge is built with.

fn main() {
    uniffi::uniffi_bindgen_main();
}
