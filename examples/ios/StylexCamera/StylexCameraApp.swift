import SwiftUI

@main
struct StylexCameraApp: App {
    var body: some Scene {
        WindowGroup { CameraScreen() }
    }
}
