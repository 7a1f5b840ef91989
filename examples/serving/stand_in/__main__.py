"""Serves an exported SavedModel on this machine, to try clients; no TensorFlow Serving.

python examples/serving/stand_in exported/saved_model --batching

It speaks the same protos over the same ports, and merges requests as batching.config
says, but it is written in Python, knows what these clients ask, and reloads nothing.
"""

import argparse
import signal
import threading
from pathlib import Path

from batching import Batching, read_settings
from grpc_service import start_grpc
from rest_service import start_rest
from served_model import ServedModel


def main():
    args = parse_arguments()
    model = ServedModel(args.folder)
    if args.batching:
        settings = read_settings(args.folder / "batching.config")
        model.run = Batching(model.run, settings).run
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    grpc_server, grpc_port = start_grpc(model, args.port)
    rest_server, rest_port = start_rest(model, args.rest_port)
    ports = f"gRPC on port {grpc_port}, REST on port {rest_port}"
    print(f"{model.name}: {ports}", flush=True)
    stop.wait()
    rest_server.shutdown()
    grpc_server.stop(grace=5).wait()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="of versions, with models.config")
    parser.add_argument("--port", type=int, default=8500, help="gRPC; 0: any")
    parser.add_argument("--rest-port", type=int, default=8501, help="0: any")
    parser.add_argument("--batching", action="store_true", help="merge requests")
    return parser.parse_args()


if __name__ == "__main__":
    main()
