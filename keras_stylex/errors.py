"""The one error that means: what the user gave is wrong, and this is what to do."""

import errno


class InputError(ValueError):
    """A file, folder or value given by the user cannot be used.

    The message is one line: what was wrong (with the file or value), and what to do.
    The command prints it as it is and exits with code 2.
    """


def unwritable(path, error):
    """The `InputError` of a place that an `OSError` kept from being written."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    advice = "free some space and try again" if full else "choose another place"
    reason = error.strerror or error
    return InputError(f"{path}: cannot be written ({reason}); {advice}")
