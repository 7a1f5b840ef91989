"""Ctrl-C between steps, not within one."""

import contextlib
import os
import signal
import threading

import keras

SIGNALS = (signal.SIGINT, signal.SIGTERM)
HINT = b"\nstopping after this step; Ctrl-C again stops at once, without saving\n"
STANDARD_ERROR = 2


class StopSignal(keras.callbacks.Callback, contextlib.AbstractContextManager):
    """Lets Ctrl-C, and SIGTERM, end the training after the step that is under way.

    A second one raises `KeyboardInterrupt` at once. Signals are only caught within
    `with`, and only in the main thread.
    """

    def __init__(self):
        super().__init__()
        self.received = False
        self.handlers = {}

    def __enter__(self):
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                self.handlers[number] = signal.signal(number, self._receive)
        return self

    def __exit__(self, *exception):
        for number, handler in self.handlers.items():
            signal.signal(number, handler or signal.SIG_DFL)

    def on_train_batch_end(self, batch, logs=None):
        if self.received:
            self.model.stop_training = True

    def _receive(self, number, frame):
        if self.received:
            raise KeyboardInterrupt
        self.received = True
        with contextlib.suppress(OSError):  # a console may be about to print something
            os.write(STANDARD_ERROR, HINT)
