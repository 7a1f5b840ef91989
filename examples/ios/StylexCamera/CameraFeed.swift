import AVFoundation

/// One of the phone's cameras, and a queue of its own on which its frames arrive, upright.
final class CameraFeed: NSObject, AVCaptureVideoDataOutputSampleBufferDelegate {
    let session = AVCaptureSession()
    let queue = DispatchQueue(label: "org.kerasstylex.camera")

    /// Receives every frame on the queue; its bytes are there during the call only.
    var receive: ((Frame) -> Void)?

    private let output = AVCaptureVideoDataOutput()
    private var position = AVCaptureDevice.Position.back
    private var angle: CGFloat = 90

    /// Starts the camera at the back. Call it on the queue.
    func start() throws -> AVCaptureDevice {
        output.videoSettings = [kCVPixelBufferPixelFormatTypeKey as String: kCVPixelFormatType_32BGRA]
        output.alwaysDiscardsLateVideoFrames = true
        output.setSampleBufferDelegate(self, queue: queue)
        session.sessionPreset = .vga640x480
        if session.canAddOutput(output) { session.addOutput(output) }
        let device = try use(position)
        session.startRunning()
        return device
    }

    /// Changes between the cameras at the back and at the front. Call it on the queue.
    func switchCamera() throws -> AVCaptureDevice {
        try use(position == .back ? .front : .back)
    }

    /// Turns frames by so many degrees. Call it on the queue.
    func turn(by angle: CGFloat) {
        self.angle = angle
        guard let connection = output.connection(with: .video) else { return }
        if connection.isVideoRotationAngleSupported(angle) { connection.videoRotationAngle = angle }
        connection.automaticallyAdjustsVideoMirroring = false
        connection.isVideoMirrored = position == .front
    }

    private func use(_ position: AVCaptureDevice.Position) throws -> AVCaptureDevice {
        guard let device = AVCaptureDevice.default(.builtInWideAngleCamera, for: .video, position: position) else {
            throw FilterError(message: "No such camera was found on this device.")
        }
        let input = try AVCaptureDeviceInput(device: device)
        session.beginConfiguration()
        defer { session.commitConfiguration() }
        session.inputs.forEach(session.removeInput)
        guard session.canAddInput(input) else {
            throw FilterError(message: "\(device.localizedName) cannot be used now.")
        }
        session.addInput(input)
        self.position = position
        turn(by: angle)
        return device
    }

    func captureOutput(
        _ output: AVCaptureOutput, didOutput sampleBuffer: CMSampleBuffer, from connection: AVCaptureConnection
    ) {
        guard let pixels = CMSampleBufferGetImageBuffer(sampleBuffer) else { return }
        CVPixelBufferLockBaseAddress(pixels, .readOnly)
        defer { CVPixelBufferUnlockBaseAddress(pixels, .readOnly) }
        guard let start = CVPixelBufferGetBaseAddress(pixels) else { return }
        let (height, rowStride) = (CVPixelBufferGetHeight(pixels), CVPixelBufferGetBytesPerRow(pixels))
        let bytes = UnsafeRawBufferPointer(start: start, count: height * rowStride)
        receive?(Frame(bytes: bytes, width: CVPixelBufferGetWidth(pixels), height: height, rowStride: rowStride))
    }
}
