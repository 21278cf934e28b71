"""What other packages raise, turned into our errors: one table, one line for a person."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpcore

from stripper.errors import (
    AddressDenied,
    BadResponse,
    ConnectionFailed,
    FetchError,
    FetchTimeout,
    ProxyFailed,
    ResponseTooLarge,
    SkippedType,
    TLSFailed,
    UnknownHost,
)
from stripper.fetch.body import TooSlow, WrongType
from stripper.fetch.decode import CodingError, OverLimit
from stripper.fetch.network import DeniedAddress, UnresolvedHost
from stripper.fetch.transport import HungUp

if TYPE_CHECKING:
    from stripper.options import Options


class NotStored(Exception):
    """The cache holds no answer, and nothing else may be asked."""


# First match wins; {0} is the foreign error's own text.
_TABLE: tuple[tuple[type[Exception], type[FetchError], str], ...] = (
    (httpcore.ConnectTimeout, ConnectionFailed, "no connection within {options.fetch.connect_timeout:g} s"),
    (httpcore.ReadTimeout, FetchTimeout, "the server is silent for {options.fetch.read_timeout:g} s"),
    (httpcore.TimeoutException, FetchTimeout, "the server does not take the request"),
    (TooSlow, FetchTimeout, "the body comes with less than {options.fetch.min_speed} bytes a second"),
    (ssl.SSLError, TLSFailed, "no trusted TLS connection ({0})"),
    (httpcore.ProxyError, ProxyFailed, "the proxy answers {0}"),
    (httpcore.ConnectError, ConnectionFailed, "no connection ({0})"),
    (HungUp, ConnectionFailed, "the server hung up without an answer"),
    (httpcore.NetworkError, BadResponse, "the connection broke off"),
    (httpcore.ProtocolError, BadResponse, "the answer is broken off or no HTTP ({0})"),
    (OverLimit, ResponseTooLarge, "is larger than {options.max_fetch_bytes:,} bytes; raise max_fetch_bytes"),
    (CodingError, BadResponse, "{0}"),
    (WrongType, SkippedType, "{0}; only HTML and text are read"),
    (OSError, ConnectionFailed, "{0}"),
)
FOREIGN: tuple[type[Exception], ...] = (*(foreign for foreign, _, _ in _TABLE), DeniedAddress, UnresolvedHost)


def translated(source: str, error: Exception, options: Options) -> FetchError:
    """Return our error for `error` (one of `FOREIGN`); `source` is the id of the page that failed."""
    if isinstance(error, DeniedAddress):
        where = error.address if error.address == error.host else f"{error.host} is {error.address},"
        return AddressDenied(source, f"{where} not a public address ({error.rule}); allow_private permits it")
    if isinstance(error, UnresolvedHost) and error.transient:
        return ConnectionFailed(source, f"the name server has no answer for {error.host} ({error.reason})")
    if isinstance(error, UnresolvedHost):
        return UnknownHost(source, f"unknown host {error.host} ({error.reason})")
    told = _tls_error(error) or error
    for foreign, ours, words in _TABLE:
        if isinstance(told, foreign):
            return ours(source, words.format(_text(told), options=options))
    return BadResponse(source, f"{type(error).__name__}: {error}")


def _tls_error(error: BaseException) -> ssl.SSLError | None:
    # httpcore tells a failed handshake as a ConnectError; the reason is further down. An error raised from itself, or
    # again while it is handled, makes a ring of reasons.
    cause: BaseException | None = error
    seen: set[int] = set()
    while cause is not None and not isinstance(cause, ssl.SSLError):
        if id(cause) in seen:
            return None
        seen.add(id(cause))
        cause = cause.__cause__ or cause.__context__
    return cause


def _text(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
