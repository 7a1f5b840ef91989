"""Whether workers answer at their addresses.

As a program (`meeting` starts it, with the standard library alone) it says which do not
once a time is up, unless its standard input ends before.
"""

import json
import os
import signal
import socket
import sys
import threading
import time

PAUSE = 0.2  # seconds between two knocks
ANSWER_SECONDS = 2.0  # the longest time to wait for an answer
LOST_SECONDS = 3.0  # how long somebody who answers may have been killed just now


def knock(address):
    """Why nobody answers at a `host:port`, or `None` if somebody does."""
    host, _, port = address.rpartition(":")
    place = host.strip("[]"), int(port)
    try:
        socket.create_connection(place, timeout=ANSWER_SECONDS).close()
    except OSError as error:
        return error.strerror or str(error)
    return None


def lost(addresses, seconds=LOST_SECONDS):
    """Names and addresses of the workers that do not answer any more.

    A process that was killed may answer for a moment longer than it computes.

    Args:
        addresses: dict of `host:port` by the name of a worker.
        seconds: Float, how long to go on while all answer.
    """
    deadline, found = time.monotonic() + seconds, []
    while not found and time.monotonic() < deadline:
        found = [f"{name} ({a})" for name, a in addresses.items() if knock(a)]
        time.sleep(0 if found else PAUSE)
    return found


def have_gone(names):
    """Says so of workers that were lost."""
    return f"{', '.join(names)} {'has' if len(names) == 1 else 'have'} gone"


def main(seconds, addresses):
    """Says which workers are lost, unless standard input ends in time.

    Returns: the exit code: 1 if it has said something, or else 0.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started this
    end = threading.Thread(target=os.read, args=(0, 1), daemon=True)
    end.start()
    end.join(float(seconds))
    if not end.is_alive():
        return 0
    names = lost(json.loads(addresses), min(LOST_SECONDS, float(seconds)))
    what = have_gone(names) if names else f"workers did not connect in {seconds} s"
    print(f"keras-stylex: {what}. Start all workers again.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
