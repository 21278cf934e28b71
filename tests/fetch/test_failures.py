"""What other packages raise: all of it is caught and becomes one of our errors, in one line."""

from __future__ import annotations

import socket
import ssl

import httpcore
import pytest

from stripper import errors
from stripper.fetch.body import TooSlow, WrongType
from stripper.fetch.decode import CodingError, OverLimit
from stripper.fetch.failures import FOREIGN, translated
from stripper.fetch.network import DeniedAddress, UnresolvedHost
from stripper.fetch.transport import HungUp
from stripper.options import Options


def _with_cause(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


# httpcore's own signal between pool and connection, which never leaves the pool; a scheme that `parse_url` and
# `next_url` have refused before.
_INSIDE = frozenset({"ConnectionNotAvailable", "UnsupportedProtocol"})
HTTPCORE = [
    value
    for name, value in sorted(vars(httpcore).items())
    if isinstance(value, type) and issubclass(value, Exception) and name not in _INSIDE
]


@pytest.mark.parametrize("foreign", HTTPCORE, ids=lambda foreign: foreign.__name__)
def test_no_error_of_the_http_library_is_forgotten(foreign: type[Exception]) -> None:
    """Also one that a later version brings: each is caught, and has a line of ours."""
    assert issubclass(foreign, FOREIGN)
    error = translated("http://a.example/", foreign("two\nlines"), Options())
    assert isinstance(error, errors.FetchError)
    assert type(error) is not errors.FetchError
    assert str(error).startswith("http://a.example/: ")
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("foreign", "ours", "words"),
    [
        (httpcore.ConnectTimeout("x"), errors.ConnectionFailed, "no connection within 10 s"),
        (httpcore.ReadTimeout("x"), errors.FetchTimeout, "the server is silent for 10 s"),
        (httpcore.WriteTimeout("x"), errors.FetchTimeout, "does not take the request"),
        (httpcore.ProxyError("407 Proxy Authentication Required"), errors.ProxyFailed, "407"),
        (httpcore.RemoteProtocolError("x"), errors.BadResponse, "broken off or no HTTP"),
        (_with_cause(httpcore.ConnectError("x"), ssl.SSLError(1, "record layer")), errors.TLSFailed, "TLS"),
        (ConnectionRefusedError(111, "Connection refused"), errors.ConnectionFailed, "Connection refused"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), errors.ConnectionFailed, "not known"),
        (HungUp(), errors.ConnectionFailed, "hung up"),
        (TooSlow(), errors.FetchTimeout, "less than 100 bytes a second"),
        (OverLimit(), errors.ResponseTooLarge, "larger than 20,000,000 bytes; raise max_fetch_bytes"),
        (CodingError("broken gzip body"), errors.BadResponse, "broken gzip body"),
        (WrongType("is a PDF"), errors.SkippedType, "is a PDF; only HTML and text"),
        (DeniedAddress("h", "10.0.0.1", "private"), errors.AddressDenied, "h is 10.0.0.1, not a public"),
        (UnresolvedHost("h", "no name", transient=False), errors.UnknownHost, "unknown host h (no name)"),
        (UnresolvedHost("h", "busy", transient=True), errors.ConnectionFailed, "the name server has no answer for h"),
    ],
)  # fmt: skip
def test_each_has_its_class_and_its_words(foreign: Exception, ours: type[errors.FetchError], words: str) -> None:
    """The first entry of the table that fits; what it is about is named."""
    assert isinstance(foreign, FOREIGN)
    error = translated("http://a.example/", foreign, Options())
    assert type(error) is ours
    assert words in str(error)
