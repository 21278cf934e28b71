"""Every error stripper raises, in one tree.

::

    StripperError
    ├── UsageError            the caller's arguments are off (exit code 2)
    ├── OutputError           a result could not be written: disk full, no permission (exit code 1)
    │   └── FolderInUse           another batch writes there
    └── InputError            one input failed (exit code 1); carries the source's id
        ├── UnreadableInput   missing, a folder, no permission, vanished, I/O error
        ├── UnsupportedInput  no HTML and no text: binary, PDF, image
        ├── TooLarge          over the limit of bytes
        ├── EmptyInput        no bytes at all, or only white space
        ├── InvalidRecord     restore: the record is no stripper record or does not fit the text
        ├── DamagedArchive    a stretch of an archive that cannot be read
        ├── WorkerDied        the process at work on this input was killed, or crashed in C code
        │   ├── OutOfTime         it used up the CPU time of one page
        │   └── OutOfMemory       it used up the memory of one page
        ├── InternalError     a bug in stripper: an exception that is not in this tree
        └── FetchError            the page could not be retrieved
            ├── InvalidURL        no http(s) URL with a host, or one with a password
            ├── AddressDenied     the host's address is not public
            ├── RobotsDenied      robots.txt forbids it
            ├── HostParked        the host asks to be left alone for long
            ├── NotCached         offline, and not in the cache
            ├── ConnectionFailed  refused, unreachable
            │   └── UnknownHost   the name has no address
            ├── TLSFailed         the server's certificate is not trusted, or no TLS at all
            ├── ProxyFailed       the proxy refuses or fails
            ├── FetchTimeout      no complete answer in time
            ├── HTTPStatusError   the server answers with an error; `status`
            ├── RedirectFailed    too many redirects, a loop, or one that leads nowhere
            ├── ResponseTooLarge  over the limit of bytes, on the wire or decoded
            ├── SkippedType       an image, a PDF, ...: neither HTML nor text
            ├── BadResponse       the answer broke off, is no HTTP, or its coding is broken
            ├── RenderFailed      the browser is missing or gave no page
            └── NothingFound      a feed or sitemap without links
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class StripperError(Exception):
    """Base of all errors that stripper raises on purpose; `str()` is one line for a person."""


class UsageError(StripperError):
    """The arguments are off; the message says which and what is allowed."""


class OutputError(StripperError):
    """A result could not be written; the message names the file and the system's reason."""


class FolderInUse(OutputError):
    """Another run writes to the same output folder."""


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


class WorkerDied(InputError):
    """The process at work on this input ended before it had an answer."""


class OutOfTime(WorkerDied):
    """The page took more CPU time than a page may; the process at work on it was ended."""


class OutOfMemory(WorkerDied):
    """The page took more memory than a page may; the process at work on it was ended."""


class DamagedArchive(InputError):
    """A stretch of an archive cannot be read; the pages around it are not affected."""


class InternalError(InputError):
    """A bug in stripper met this input; the message names the exception."""


class FetchError(InputError):
    """The page could not be retrieved.

    `fetched` is what is known of the attempt, as in a record's `source.fetched`; None = nothing was sent.
    """

    fetched: Mapping[str, Any] | None = None


class InvalidURL(FetchError):
    """The URL is malformed, has no host, holds a password, or is neither http nor https."""


class AddressDenied(FetchError):
    """The host has an address that is not public; nothing was sent to it."""


class RobotsDenied(FetchError):
    """The site's robots.txt forbids the page, or could not be had and so forbids everything."""


class HostParked(FetchError):
    """The host asked to be left alone for longer than we wait."""


class NotCached(FetchError):
    """Offline, and the cache does not hold the page."""


class ConnectionFailed(FetchError):
    """The host refuses, or cannot be reached."""


class UnknownHost(ConnectionFailed):
    """The host's name has no address."""


class TLSFailed(FetchError):
    """The server's certificate is not trusted, or it speaks no TLS."""


class ProxyFailed(FetchError):
    """The proxy refuses or fails."""


class FetchTimeout(FetchError):
    """No complete answer came in time."""


class HTTPStatusError(FetchError):
    """The server answered with an error.

    `status` is its code, `wait` the seconds it asks us to wait (0 = it doesn't say).
    """

    status: int = 0
    wait: float = 0.0


class RedirectFailed(FetchError):
    """Too many redirects, a loop, or one that leads nowhere."""


class ResponseTooLarge(FetchError):
    """The response is over the limit of bytes, on the wire or decoded."""


class SkippedType(FetchError):
    """The response is neither HTML nor text."""


class BadResponse(FetchError):
    """The answer broke off, is no HTTP, or its content coding is broken."""


class RenderFailed(FetchError):
    """The browser is missing or gave no page."""


class NothingFound(FetchError):
    """A feed or sitemap holds no link to a page."""
