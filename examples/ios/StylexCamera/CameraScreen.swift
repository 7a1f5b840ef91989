import AVFoundation
import SwiftUI

/// The one screen: the camera's picture, painted, and what to do with it.
struct CameraScreen: View {
    @StateObject private var model = CameraModel()
    @State private var split = 0.0  // part of the picture's width that shows what the camera sees
    @State private var holding = false

    var body: some View {
        content
            .frame(maxWidth: .infinity, maxHeight: .infinity)
            .background(.black)
            .foregroundStyle(.white)
            .task { await model.start() }
            .alert(model.notice ?? "", isPresented: hasNotice) { Button("OK") {} }
    }

    @ViewBuilder private var content: some View {
        switch model.state {
        case .starting: ProgressView()
        case .painting(let device, let metadata): painting(device, metadata)
        case .refused: refused
        case .failed(let message): Text(message).padding(32)
        }
    }

    private func painting(_ device: AVCaptureDevice, _ metadata: FilterMetadata) -> some View {
        VStack {
            Text(model.painted?.caption ?? "").frame(maxWidth: .infinity, alignment: .leading)
            CameraPreview(session: model.feed.session, device: device, turned: { model.turn(by: $0) })
                .overlay { GeometryReader { place in painted(width: place.size.width) } }
                .aspectRatio(Double(metadata.width) / Double(metadata.height), contentMode: .fit)
                .frame(maxHeight: .infinity)
            buttons
        }
        .padding()
    }

    /// The painted frame, right of a line that a finger moves.
    @ViewBuilder private func painted(width: CGFloat) -> some View {
        ZStack(alignment: .leading) {
            if let frame = model.painted, !holding {
                Image(decorative: frame.image, scale: 1)
                    .resizable()
                    .mask(alignment: .trailing) { Rectangle().frame(width: width * (1 - split)) }
                if split > 0 { Rectangle().fill(.white).frame(width: 2).offset(x: width * split) }
            }
            Color.clear.contentShape(Rectangle())
        }
        .gesture(
            DragGesture(minimumDistance: 0).onChanged { split = min(max($0.location.x / width, 0), 1) })
    }

    private var buttons: some View {
        HStack {
            Text("Hold to compare")
                .padding(8)
                .background(.gray, in: Capsule())
                .onLongPressGesture(minimumDuration: .infinity, perform: {}, onPressingChanged: { holding = $0 })
            Button("Switch camera") { Task { await model.switchCamera() } }
            Button("Save") { Task { await model.save() } }
        }
        .buttonStyle(.bordered)
    }

    private var refused: some View {
        VStack(spacing: 16) {
            Text("This app paints what the camera sees, and may not use the camera. Nothing leaves the phone.")
            Link("Open Settings", destination: URL(string: UIApplication.openSettingsURLString)!)
        }
        .padding(32)
    }

    private var hasNotice: Binding<Bool> {
        Binding(get: { model.notice != nil }, set: { if !$0 { model.notice = nil } })
    }
}
