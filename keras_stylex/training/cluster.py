"""The workers that train together, as TF_CONFIG names them."""

import json
import os
import socket
import time
from dataclasses import dataclass

from keras_stylex.errors import InputError
from keras_stylex.training.knocking import PAUSE, knock

EXAMPLE = (
    '{"cluster": {"worker": ["host0:2222", "host1:2222"]}, '
    '"task": {"type": "worker", "index": 0}}'
)
JOBS = ("chief", "worker")  # in the order in which TensorFlow counts them


@dataclass(frozen=True)
class Cluster:
    """Addresses of all workers, and which of them this process is.

    Attributes:
        addresses: dict of `host:port` by the name of a worker, such as `worker 0`; the
            first is the chief, which alone writes.
        own: Name of this worker.
    """

    addresses: dict
    own: str

    @classmethod
    def from_environment(cls):
        """Reads TF_CONFIG.

        Raises:
            InputError: when it is not set, or is malformed.
        """
        text = os.environ.get("TF_CONFIG", "")
        if not text:
            raise InputError(
                f"TF_CONFIG is not set. Give each worker its own, such as {EXAMPLE}."
            )
        try:
            config = json.loads(text)
        except ValueError as error:
            raise _malformed(f"is no JSON ({error})") from error
        try:
            jobs, task = config["cluster"], config["task"]
            own = f"{task['type']} {task['index']}"
            addresses = {
                f"{job} {index}": address
                for job in sorted(jobs)
                for index, address in enumerate(jobs[job])
            }
        except (LookupError, TypeError) as error:
            raise _malformed("lacks a cluster or a task") from error
        _check(jobs, addresses, own)
        return cls(addresses, own)

    @property
    def index(self):
        """Number of this worker among all."""
        return list(self.addresses).index(self.own)

    def wait(self, seconds, report=lambda text: None):
        """Waits until all workers have come.

        Until they have, each listens at its address, where TensorFlow will listen
        afterwards; TensorFlow itself would wait for an hour, and name nobody.

        Args:
            seconds: Float, the longest time to wait.
            report: is told what is waited for, now and then.

        Raises:
            InputError: when one does not come, or this one's port is taken.
        """
        missing = self.others
        deadline = time.monotonic() + seconds
        with _listener(self.own, self.addresses[self.own], len(missing)):
            while missing:
                refusals = {n: knock(address) for n, address in missing.items()}
                missing = {n: a for n, a in missing.items() if refusals[n]}
                if missing and time.monotonic() > deadline:
                    name, address = next(iter(missing.items()))
                    raise InputError(
                        f"{name} ({address}) has not come within {seconds:g} s "
                        f"({refusals[name]}). Start it, or correct TF_CONFIG."
                    )
                if missing:
                    report(f"waiting for {', '.join(missing)}")
                    time.sleep(PAUSE)

    @property
    def others(self):
        """Addresses of the other workers, by name."""
        return {n: a for n, a in self.addresses.items() if n != self.own}


def _check(jobs, addresses, own):
    others = set(jobs) - set(JOBS)
    if others:
        raise _malformed(f"names a {min(others)}; there are only chief and workers")
    if own not in addresses:
        raise _malformed(f"has no address for its own task, {own}")
    for name, address in addresses.items():
        host, _, port = str(address).rpartition(":")
        if not (host and port.isdecimal() and 0 < int(port) < 2**16):
            raise _malformed(f"gives {name} the address {address!r}, not host:port")
    if len(set(addresses.values())) < len(addresses):
        raise _malformed("gives two workers the same address")


def _malformed(what):
    return InputError(f"TF_CONFIG {what}. It should be like {EXAMPLE}.")


def _listener(name, address, others):
    port = int(address.rpartition(":")[2])
    try:
        return socket.create_server(("", port), backlog=max(1, others))
    except OSError as error:
        raise InputError(
            f"port {port} of {name} cannot be used ({error.strerror}). Free it, or "
            "give another one in the TF_CONFIG of all workers."
        ) from error
