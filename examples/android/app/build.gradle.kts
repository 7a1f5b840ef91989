plugins {
    alias(libs.plugins.android.application)
}

android {
    namespace = "org.kerasstylex.camera"
    compileSdk = 36

    defaultConfig {
        applicationId = "org.kerasstylex.camera"
        minSdk = 24 // LiteRT 2.3.0 asks for it
        targetSdk = 36
        versionCode = 1
        versionName = "1.0"
        ndk { abiFilters += listOf("arm64-v8a", "x86_64") }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    androidResources { noCompress += "tflite" } // LiteRT maps the asset into memory
}

dependencies {
    implementation(libs.activity)
    implementation(libs.camera.camera2)
    implementation(libs.camera.core)
    implementation(libs.camera.lifecycle)
    implementation(libs.litert)
    implementation(libs.litert.gpu)
}
