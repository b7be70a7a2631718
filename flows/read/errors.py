"""Why bytes could not be read, in words a person can act on."""


class ReadError(ValueError):
    """Bytes that are no report we can read; the message names what was found and the mend.

    `code` is one of `empty`, `not_text` (binary, or no encoding that fits), `too_large`, `unsupported` (a
    kind of file that is not read) and `broken` (the right kind, but damaged).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
