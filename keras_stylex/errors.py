"""Errors for people: what was wrong, and what to do."""

import errno
import os


class InputError(ValueError):
    """A file, folder or value given by the user cannot be used.

    The message is one line: what was wrong (with the file or value), and what to do.
    The command prints it as it is and exits with code 2.
    """


class VerificationError(Exception):
    """An exported file does not do what it should, and was not kept."""


class TrainingError(Exception):
    """A training broke; what it had saved before was kept."""


def unwritable(path, error):
    """The `InputError` of a place that an exception kept from being written."""
    if full := full_disk(error):
        return InputError(f"{path}: cannot be written ({full}); free some space first")
    reason = getattr(error, "strerror", None) or error
    return InputError(f"{path}: cannot be written ({reason}); choose another place")


def full_disk(error):
    """What the system says of a full disk, if that caused an exception; or `None`.

    TensorFlow and TFDS raise errors of their own, in which its words are left.
    """
    reasons = (os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT))
    return next((reason for reason in reasons if reason in str(error)), None)
