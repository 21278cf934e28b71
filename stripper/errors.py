"""Every error stripper raises, in one tree.

::

    StripperError
    ├── UsageError            the caller's arguments are off (exit code 2)
    └── InputError            one input failed (exit code 1); carries the source's id
        ├── UnreadableInput   missing, a folder, no permission, vanished, I/O error
        ├── UnsupportedInput  no HTML and no text: binary, PDF, image
        ├── TooLarge          over the limit of bytes
        ├── EmptyInput        no bytes at all, or only white space
        ├── InvalidRecord     restore: the record is no stripper record or does not fit the text
        └── FetchError        the network (subclasses live beside it, in this module)
"""

from __future__ import annotations


class StripperError(Exception):
    """Base of all errors that stripper raises on purpose; `str()` is one line for a person."""


class UsageError(StripperError):
    """The arguments are off; the message says which and what is allowed."""


class InputError(StripperError):
    """One input could not be processed. `source` is its id (path, URL or "-")."""

    def __init__(self, source: str, problem: str) -> None:
        """Make an error whose text is ``SOURCE: PROBLEM`` on one line."""
        self.source = source
        self.problem = " ".join(problem.split())
        super().__init__(source, problem)

    def __str__(self) -> str:
        return f"{self.source}: {self.problem}"


class UnreadableInput(InputError):
    """The file is missing, is a folder, may not be read, or vanished."""


class UnsupportedInput(InputError):
    """The input is neither HTML nor text."""


class TooLarge(InputError):
    """The input is over the limit of bytes."""


class EmptyInput(InputError):
    """The input has no text at all."""


class InvalidRecord(InputError):
    """A record is malformed or does not belong to the text."""


class FetchError(InputError):
    """The page could not be retrieved."""
