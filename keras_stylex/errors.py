"""The one error that means: what the user gave is wrong, and this is what to do."""


class InputError(ValueError):
    """A file, folder or value given by the user cannot be used.

    The message is one line: what was wrong (with the file or value), and what to do.
    The command prints it as it is and exits with code 2.
    """
