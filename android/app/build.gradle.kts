plugins {
    alias(libs.plugins.android.application)
    alias(libs.plugins.compose.compiler)
}

val top = rootDir.parentFile
val bindings = layout.buildDirectory.dir("generated/bindings")
// Java of the Bluetooth library, from the crate's own folder: a copy could drift from it. The Maven twin compiles it too.
val bluetooth = providers.exec {
    workingDir = top
    commandLine("cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", "aarch64-linux-android")
}.standardOutput.asText.map { known ->
    val crate = Regex("\"manifest_path\":\"([^\"]*/btleplug-[0-9.]+)/Cargo.toml\"").find(known)
    checkNotNull(crate) { "cargo knows no btleplug" }.groupValues[1] + "/src/droidplug/java/src/main/java"
}
val licences = layout.buildDirectory.dir("generated/licences")
val libraries = layout.buildDirectory.dir("generated/jniLibs")

android {
    namespace = "app.talus"
    compileSdk = 37
    ndkVersion = "28.2.13676358"

    defaultConfig {
        applicationId = "app.talus"
        minSdk = 26
        targetSdk = 37
        versionCode = 1
        versionName = "0.1.0"
        ndk { abiFilters += listOf("arm64-v8a", "x86_64") }
    }
    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "proguard-rules.pro")
        }
    }
    buildFeatures { compose = true }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets["main"].kotlin.directories += bindings.get().dir("kotlin").asFile.path
    sourceSets["main"].java.directories += bluetooth.get()
    sourceSets["main"].res.directories += licences.get().asFile.path
    sourceSets["main"].jniLibs.directories += libraries.get().asFile.path
    testOptions.unitTests {
        isIncludeAndroidResources = true
        all {
            // The core of this machine, which the bindings were generated from.
            it.systemProperty("jna.library.path", top.resolve("target/debug").path)
            it.systemProperty("talus.top", top.path)
            val merged = "intermediates/merged_manifest/debug/processDebugMainManifest/AndroidManifest.xml"
            it.systemProperty("talus.manifest", layout.buildDirectory.file(merged).get().asFile.path)
            it.systemProperty("talus.shots", layout.buildDirectory.dir("shots").get().asFile.path)
            it.systemProperty("robolectric.graphicsMode", "NATIVE")
        }
    }
}

// Kotlin of the bridge, from the unstripped library built for this machine.
val generateBindings = tasks.register<Exec>("generateBindings") {
    workingDir = top
    commandLine("core/ffi/bindings.sh", bindings.get().asFile.path)
}

// The licence texts of the crates, from the crates: the page that shows them never lags behind.
val writeLicences = tasks.register<Exec>("writeLicences") {
    workingDir = top
    commandLine("android/licence-texts.sh", licences.get().asFile.path)
}

// The core for phones, with SQLCipher in it; cargo-ndk finds the NDK. The core itself asks for pages of 16 KB.
val buildCore = tasks.register<Exec>("buildCore") {
    workingDir = top
    commandLine(
        "cargo", "ndk", "-t", "arm64-v8a", "-t", "x86_64", "-o", libraries.get().asFile.path,
        "build", "--locked", "-p", "talus-ffi", "--features", "sqlcipher", "--profile", "phone",
    )
}

tasks.named("preBuild") { dependsOn(generateBindings, writeLicences) }
tasks.matching { it.name.startsWith("merge") && it.name.endsWith("JniLibFolders") }.configureEach { dependsOn(buildCore) }

dependencies {
    implementation(libs.coroutines.android)
    implementation(variantOf(libs.jna) { artifactType("aar") })
    implementation(libs.core.ktx)
    implementation(libs.compose.ui)
    implementation(libs.compose.material3)
    implementation(libs.activity.compose)
    implementation(libs.lifecycle.viewmodel.compose)
    implementation(libs.lifecycle.runtime.compose)
    debugImplementation(libs.compose.ui.test.manifest)
    testImplementation(libs.jna)
    testImplementation(libs.junit4)
    testImplementation(libs.kotlin.test.junit)
    testImplementation(libs.coroutines.test)
    testImplementation(libs.tomlj)
    testImplementation(libs.robolectric)
    testImplementation(libs.test.core)
    testImplementation(libs.compose.ui.test.junit4)
}
