//! What Android's virtual machine calls before the first look for cuffs.
//!
//! JNA opens the library without `JNI_OnLoad`, so the Bluetooth library is handed the machine here:
//! `app.talus.kit.Bluetooth.start()`, on any thread that came from Java, after `System.loadLibrary("talus_core")`. The
//! call is there on every system that has a Java, so that its name is tried without a phone.

/// Hands the virtual machine to the Bluetooth library; calling it again changes nothing. False where the classes it
/// brings are not in the app.
#[cfg(all(target_os = "android", feature = "radio"))]
#[unsafe(no_mangle)]
extern "system" fn Java_app_talus_kit_Bluetooth_start<'l>(
    mut machine: jni::EnvUnowned<'l>,
    _class: jni::objects::JClass<'l>,
) -> jni::sys::jboolean {
    machine
        .with_env(|env| -> Result<jni::sys::jboolean, jni::errors::Error> { Ok(btleplug::platform::init(env).is_ok()) })
        .resolve::<jni::errors::ThrowRuntimeExAndDefault>()
}

/// Nothing to hand over: this system's Bluetooth knows no virtual machine.
#[cfg(not(any(all(target_os = "android", feature = "radio"), target_vendor = "apple")))]
#[unsafe(no_mangle)]
extern "system" fn Java_app_talus_kit_Bluetooth_start(
    _machine: *mut std::ffi::c_void,
    _class: *mut std::ffi::c_void,
) -> u8 {
    1
}
