import AVFoundation
import Photos
import SwiftUI

/// What the screen shows, and what its buttons do.
@MainActor
final class CameraModel: ObservableObject {
    enum State {
        case starting
        case painting(AVCaptureDevice, FilterMetadata)
        case refused
        case failed(String)
    }

    @Published private(set) var state = State.starting
    @Published private(set) var painted: PaintedFrame?
    @Published var notice: String?

    let feed = CameraFeed()

    /// Asks for the camera, opens the filter, and starts.
    func start() async {
        guard await AVCaptureDevice.requestAccess(for: .video) else {
            state = .refused
            return
        }
        do {
            let (device, metadata) = try await onQueue { [feed] in
                let filter = try Filter.open()
                feed.receive = self.receiver(FramePainter(filter: filter))
                return (try feed.start(), filter.metadata)
            }
            state = .painting(device, metadata)
        } catch {
            state = .failed(error.localizedDescription)
        }
    }

    func switchCamera() async {
        guard case .painting(_, let metadata) = state else { return }
        do {
            state = .painting(try await onQueue { [feed] in try feed.switchCamera() }, metadata)
        } catch {
            notice = error.localizedDescription
        }
    }

    func turn(by angle: CGFloat) {
        feed.queue.async { [feed] in feed.turn(by: angle) }
    }

    /// Adds the painted frame to the phone's own collection.
    func save() async {
        guard let image = painted?.image else { return }
        guard await PHPhotoLibrary.requestAuthorization(for: .addOnly) == .authorized else {
            notice = "Not saved: this app may not add photos. Allow it under Settings, Stylex Camera, Photos."
            return
        }
        do {
            try await PHPhotoLibrary.shared().performChanges {
                PHAssetChangeRequest.creationRequestForAsset(from: UIImage(cgImage: image))
            }
            notice = "Saved to Photos."
        } catch {
            notice = "Not saved: \(error.localizedDescription)"
        }
    }

    private nonisolated func receiver(_ painter: FramePainter) -> (Frame) -> Void {
        { frame in
            let result = Result { try painter.paint(frame) }
            Task { @MainActor in self.show(result) }
        }
    }

    private func show(_ result: Result<PaintedFrame?, Error>) {
        switch result {
        case .success(let frame): painted = frame
        case .failure(let error): state = .failed(error.localizedDescription)
        }
    }

    private func onQueue<T>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            feed.queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
