//! What the linker is told for Android: memory pages of 16 KB, which phones since Android 15 may have and Google Play
//! asks for. Said here and not in a cargo configuration, which other tools' flags replace.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "android") {
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,max-page-size=16384");
    }
}
