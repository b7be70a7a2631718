"""What can go wrong in publishing."""


class PublishError(RuntimeError):
    """Nothing was published; what was current still is."""
