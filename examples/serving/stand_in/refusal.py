"""What a request that cannot be answered is told."""


class Refusal(Exception):
    """A gRPC status by its name, such as `INVALID_ARGUMENT`, and a text."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status
        self.text = text
