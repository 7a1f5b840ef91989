"""Requests/s of an exported SavedModel, one by one and merged into batches.

    python benchmarks/serving.py
    python benchmarks/serving.py --model exported/saved_model --sizes 64 256

Starts `examples/serving/stand_in`, which is not TensorFlow Serving, and asks it over
gRPC: each client sends its next picture when it has the answer to the last. Figures are
medians of `--rounds`, with and without batching in turn; `ratio` compares requests/s.
Without `--model` it serves an untrained `stylex_mobile`.

Sockets and Python cost the same per request, merged or not. What merging could gain at
best is in a second table: pictures/s of the model alone, in this process, called by
eight threads with a picture each, and by one with eight. All of it takes four minutes
in which nothing else should run.
"""

import argparse
import contextlib
import itertools
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import grpc
import numpy as np
import tensorflow as tf
from tensorflow_serving.apis.predict_pb2 import PredictRequest
from tensorflow_serving.apis.prediction_service_pb2_grpc import PredictionServiceStub

import keras_stylex as ks
from keras_stylex.data.images import to_uint8
from keras_stylex.export.saved_model import export_saved_model

STAND_IN = Path(__file__).parents[1] / "examples/serving/stand_in"
INPUTS = {
    "stylize_bytes": ("content_bytes", "style_bytes"),
    "serving_default": ("content", "style"),
}
TIMEOUT = 120  # seconds, after which a request is lost


def main():
    args = parse_arguments()
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.model or untrained(Path(scratch, "stylex"))
        print_served(folder.resolve(), args)
        print_alone(folder, args)


def print_served(folder, args):
    columns = "signature | size | clients | batching | requests/s | p50 ms | p95 ms"
    print(f"| {columns} | lost | ratio |\n{'|---' * 9}|")
    with serve(folder, False) as one_by_one, serve(folder, True) as merged:
        ports = {False: one_by_one, True: merged}
        for signature, size in itertools.product(args.signatures, args.sizes):
            request = make_request(folder.name, signature, size)
            for clients in args.clients:
                print_rows(signature, size, compare(ports, request, clients, args))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="an exported saved_model folder")
    parser.add_argument("--sizes", type=int, nargs="+", default=[32, 64, 128])
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--signatures", nargs="+", default=[*INPUTS], choices=INPUTS)
    parser.add_argument("--seconds", type=float, default=1.5, help="of each round")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def untrained(folder):
    generator = ks.Generator.from_preset("stylex_mobile")
    generator([np.zeros((1, 16, 16, 3), "float32")] * 2)
    export_saved_model(generator, folder, verify=False)
    return folder


@contextlib.contextmanager
def serve(folder, batching):
    """Starts a server on a free port, and gives the port."""
    options = ["--port", "0", "--rest-port", "0", *["--batching"][: int(batching)]]
    command = [sys.executable, str(STAND_IN), str(folder), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            started = re.search(r"gRPC on port (\d+)", process.stdout.readline())
            if not started:
                raise SystemExit(f"the server does not start: {' '.join(command)}")
            yield int(started[1])
        finally:
            process.terminate()


def make_request(model, signature, size):
    request = PredictRequest()
    request.model_spec.name, request.model_spec.signature_name = model, signature
    for name in INPUTS[signature]:
        tensor = tf.make_tensor_proto(make_rows(signature, size))
        request.inputs[name].CopyFrom(tensor)
    return request


def make_rows(signature, size):
    """A smooth picture, as the one row of an input."""
    coarse = np.random.default_rng(0).random((8, 8, 3))
    picture = tf.image.resize(coarse, (size, size), "bicubic").numpy().clip(0, 1)
    if signature == "serving_default":
        return picture[None]
    return np.array([tf.io.encode_png(to_uint8(picture)).numpy()], object)


@dataclass
class Round:
    """What the clients saw: requests/s, seconds of each request, how many were lost."""

    rate: float
    seconds: list
    lost: int


def compare(ports, request, clients, args):
    """Rounds by whether requests were merged, taken in turn."""
    for port in ports.values():
        load(port, request, clients, args.seconds / 3)  # warms up
    rounds = {batching: [] for batching in ports}
    for _ in range(args.rounds):
        for batching, port in ports.items():
            rounds[batching].append(load(port, request, clients, args.seconds))
    return clients, rounds


def print_rows(signature, size, compared):
    clients, rounds = compared
    alone = statistics.median(each.rate for each in rounds[False])
    for batching, each in rounds.items():
        rate = statistics.median(one.rate for one in each)
        seconds = [second for one in each for second in one.seconds]
        p50, p95 = (f"{1e3 * p:.1f}" for p in np.percentile(seconds, [50, 95]))
        lost = sum(one.lost for one in each)
        cells = (signature, size, clients, "on" if batching else "off", f"{rate:.1f}")
        cells = (*cells, p50, p95, lost, f"{rate / alone:.2f}" if batching else "")
        print("|", " | ".join(map(str, cells)), "|", flush=True)


def load(port, request, clients, duration):
    """Lets so many clients ask for so many seconds."""
    with grpc.insecure_channel(
        f"localhost:{port}", [("grpc.max_receive_message_length", -1)]
    ) as channel:
        service, seconds, lost = PredictionServiceStub(channel), [], []
        start = time.perf_counter()

        def ask():
            while (sent := time.perf_counter()) < start + duration:
                try:
                    service.Predict(request, timeout=TIMEOUT)
                    seconds.append(time.perf_counter() - sent)
                except grpc.RpcError as error:
                    lost.append(error)

        threads = [threading.Thread(target=ask) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Round(len(seconds) / (time.perf_counter() - start), seconds, len(lost))


def load_alone(folder, signature):
    """The model as a function, in a session as in a server."""
    session = tf.compat.v1.Session(graph=tf.Graph())
    version = max(each.name for each in folder.iterdir() if each.name.isdigit())
    loaded = tf.compat.v1.saved_model.load(session, ["serve"], str(folder / version))
    definition = loaded.signature_def[signature]
    outputs = [info.name for info in definition.outputs.values()]
    inputs = [definition.inputs[name].name for name in INPUTS[signature]]
    return session.make_callable(outputs, inputs)


def print_alone(folder, args):
    print(f"\n| signature | size | 8 times 1 | once 8 | ratio |\n{'|---' * 5}|")
    for signature in args.signatures:
        call = load_alone(folder, signature)
        for size in args.sizes:
            one, eight = compare_alone(call, make_rows(signature, size), args)
            ratio = f"{eight / one:.2f}"
            print(f"| {signature} | {size} | {one:.0f} | {eight:.0f} | {ratio} |")


def compare_alone(call, row, args):
    """Medians of pictures/s, of eight calls at once and of one with eight rows."""
    rates = {1: [], 8: []}
    for _ in range(args.rounds + 1):  # the first warms up
        rates[1].append(rate_alone(call, row, threads=8, duration=args.seconds))
        rates[8].append(rate_alone(call, row.repeat(8, 0), 1, args.seconds))
    return [statistics.median(each[1:]) for each in rates.values()]


def rate_alone(call, rows, threads, duration):
    """Pictures/s of so many threads that call it with such rows."""
    start, done = time.perf_counter(), []

    def work():
        while time.perf_counter() < start + duration:
            call(rows, rows)
            done.append(len(rows))

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(done) / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
