"""Merges requests for one signature into batches, by the rules of TensorFlow Serving.

A batch goes when it is full or when its first request has waited for the time-out; a
batch that fails fails all its requests.
"""

import itertools
import re
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np
from refusal import Refusal


@dataclass(frozen=True)
class Settings:
    """The fields of batching.config; sizes in rows, waiting in microseconds."""

    max_batch_size: int
    batch_timeout_micros: int
    max_enqueued_batches: int
    num_batch_threads: int


def read_settings(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line.partition("#")[0] for line in lines)
    pairs = re.findall(r"(\w+)\s*\{\s*value\s*:\s*(\d+)\s*\}", text)
    return Settings(**{name: int(value) for name, value in pairs})


@dataclass(eq=False)
class Request:
    """What waits to be merged."""

    signature: str
    inputs: dict
    rows: int
    arrived: float = field(default_factory=time.monotonic)
    answer: Future = field(default_factory=Future)


class Batching:
    """`run(signature, inputs)` as that of the model, merged with what else waits."""

    def __init__(self, run_model, settings):
        self.run_model = run_model
        self.settings = settings
        self.waiting = []
        self.changed = threading.Condition()
        for _ in range(settings.num_batch_threads):
            threading.Thread(target=self._work, daemon=True).start()

    def run(self, signature, inputs):
        request = Request(signature, inputs, self._rows(inputs))
        with self.changed:
            limit = self.settings.max_enqueued_batches * self.settings.max_batch_size
            if sum(each.rows for each in self.waiting) + request.rows > limit:
                raise Refusal("UNAVAILABLE", "The batch scheduling queue is full")
            self.waiting.append(request)
            self.changed.notify_all()
        return request.answer.result()

    def _rows(self, inputs):
        rows = {each.shape[0] if each.ndim else None for each in inputs.values()}
        if len(rows) != 1 or None in rows:
            text = "input tensors must have equal 0th-dimension size"
            raise Refusal("INVALID_ARGUMENT", f"Batching session Run() {text}")
        (count,) = rows
        if count > self.settings.max_batch_size:
            text = f"Task size {count} is larger than maximum input batch size "
            raise Refusal("INVALID_ARGUMENT", f"{text}{self.settings.max_batch_size}")
        return count

    def _work(self):
        while True:
            requests = self._next_batch()
            try:
                answers = self._answers(requests)
                for request, answer in zip(requests, answers, strict=True):
                    request.answer.set_result(answer)
            except Exception as error:  # whatever it was, nobody is left waiting
                for request in requests:
                    request.answer.set_exception(error)

    def _next_batch(self):
        """Waits for a batch to be full or due, and takes it."""
        with self.changed:
            while True:
                requests, full = self._first_batch()
                patience = None
                if requests:
                    timeout = self.settings.batch_timeout_micros / 1e6
                    patience = requests[0].arrived + timeout - time.monotonic()
                    if full or patience <= 0:
                        for request in requests:
                            self.waiting.remove(request)
                        return requests
                self.changed.wait(patience)

    def _first_batch(self):
        """The requests that go with the first one, and whether no more fit."""
        requests, rows = [], 0
        for request in self.waiting:
            if request.signature != self.waiting[0].signature:
                continue
            if rows + request.rows > self.settings.max_batch_size:
                return requests, True
            requests.append(request)
            rows += request.rows
        return requests, rows == self.settings.max_batch_size

    def _answers(self, requests):
        outputs = self.run_model(requests[0].signature, _merge(requests))
        stops = itertools.accumulate(request.rows for request in requests)
        return [
            {name: rows[stop - request.rows : stop] for name, rows in outputs.items()}
            for request, stop in zip(requests, stops, strict=True)
        ]


def _merge(requests):
    merged = {}
    for name in requests[0].inputs:
        arrays = [request.inputs[name] for request in requests]
        if len({array.shape[1:] for array in arrays}) > 1:
            text = f"Tensors with name '{name}' from different tasks"
            raise Refusal("INVALID_ARGUMENT", f"{text} have different shapes")
        merged[name] = np.concatenate(arrays)
    return merged
