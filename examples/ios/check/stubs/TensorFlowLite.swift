// What the example calls of TensorFlowLiteSwift, signatures only: enough to check calls, not to run them.

import Foundation

public protocol Delegate: AnyObject {}

public final class MetalDelegate: Delegate {
    public struct Options {
        public init() {}
    }

    public init(options: Options = Options()) { fatalError() }
}

public final class CoreMLDelegate: Delegate {
    public struct Options {
        public init() {}
    }

    public init?(options: Options = Options()) { fatalError() }
}

public struct Tensor {
    public let data: Data
}

public final class Interpreter {
    public struct Options {
        public var threadCount: Int?
        public var isXNNPackEnabled = false

        public init() {}
    }

    public init(modelPath: String, options: Options? = nil, delegates: [Delegate]? = nil) throws { fatalError() }

    public func allocateTensors() throws { fatalError() }

    @discardableResult
    public func copy(_ data: Data, toInputAt index: Int) throws -> Tensor { fatalError() }

    public func invoke() throws { fatalError() }

    public func output(at index: Int) throws -> Tensor { fatalError() }
}
