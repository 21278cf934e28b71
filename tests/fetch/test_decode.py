"""Content codings with a bound (F5): bombs stop early, in little memory and time."""

from __future__ import annotations

import gzip
import random
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.fetch.decode import MAX_MEMBERS, STEP, BodyDecoder, CodingError, OverLimit
from tests.fetch.servers import bomb

LIMIT = 20_000_000


def decoded(coding: str, data: bytes, limit: int = LIMIT, cut: int = 0) -> bytes:
    """Decode in one go, or in pieces of `cut` bytes."""
    decoder = BodyDecoder(coding, limit)
    pieces = [data[i : i + cut] for i in range(0, len(data), cut)] if cut else [data]
    out = b"".join(made for piece in pieces for made in decoder.feed(piece))
    decoder.close()
    return out


@given(st.binary(max_size=300_000), st.integers(1, 5000), st.sampled_from(["gzip", "deflate", "raw", "gzip, deflate"]))
def test_any_body_comes_back_however_it_is_cut(data: bytes, cut: int, coding: str) -> None:
    """Codings and chunk borders change nothing; no piece is larger than a step."""
    coded = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "raw": lambda d: zlib.compress(d)[2:-4],
        "gzip, deflate": lambda d: zlib.compress(gzip.compress(d)),
    }[coding](data)
    name = "deflate" if coding == "raw" else coding
    assert decoded(name, coded, cut=cut) == data
    assert all(len(piece) <= STEP for piece in BodyDecoder(name, LIMIT).feed(coded))


@given(st.binary(max_size=2000))
def test_any_bytes_decode_or_raise_our_error(data: bytes) -> None:
    """Garbage never raises zlib's own error."""
    for coding in ("gzip", "deflate", "deflate, gzip"):
        try:
            decoded(coding, data)
        except (CodingError, OverLimit):
            continue


def test_a_limit_is_exact() -> None:
    """A body of just the limit passes, one byte more does not, coded or not."""
    for coding, pack in (("", bytes), ("gzip", gzip.compress)):
        assert len(decoded(coding, pack(bytes(1000)), 1000)) == 1000
        with pytest.raises(OverLimit):
            decoded(coding, pack(bytes(1001)), 1000)


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, br", "aes128gcm", "gzip;q=1"])
def test_codings_we_cannot_bound_are_refused(coding: str) -> None:
    """We ask for gzip and deflate only; a server that sends another coding is not obeyed."""
    with pytest.raises(CodingError, match="only gzip, deflate are undone"):
        BodyDecoder(coding, LIMIT)


def test_more_than_five_codings_are_refused() -> None:
    """Nesting is cheap to send and dear to undo; identity doesn't count."""
    nested = b"x"
    for _ in range(5):
        nested = gzip.compress(nested)
    assert decoded("gzip, identity, gzip, gzip, gzip, gzip", nested) == b"x"
    with pytest.raises(CodingError, match="6 content codings"):
        BodyDecoder("gzip, " * 6, LIMIT)
    with pytest.raises(CodingError, match="10 content codings"):
        BodyDecoder(", ".join(["gzip"] * 10), LIMIT)


def _stops(coding: str, body: bytes) -> None:
    tracemalloc.start()
    started = time.process_time()
    try:
        decoder = BodyDecoder(coding, LIMIT)
        with pytest.raises(OverLimit):
            for _ in decoder.feed(body):
                pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert time.process_time() - started < 1
    assert peak < 4_000_000


def test_bombs_stop_at_the_limit() -> None:
    """1 GiB behind gzip or deflate, plain or nested, costs no more than a few MB and less than a second."""
    gzip_bomb = bomb("gzip")
    _stops("gzip", gzip_bomb)
    _stops("deflate", bomb("deflate"))
    _stops("gzip, gzip", gzip.compress(gzip_bomb))
    _stops("gzip, gzip, gzip", gzip.compress(gzip.compress(gzip_bomb)))


def test_a_bomb_between_two_layers_stops_too() -> None:
    """A gigabyte of empty gzip members makes no byte in the end; the layer before counts it."""
    deflater = zlib.compressobj(9, wbits=31)
    # A stored-block stream that inflates to nothing, over and over: empty deflate blocks inside one member.
    inner = gzip.compress(b"")[:10] + b"\x00\x00\x00\xff\xff" * 200_000
    outer = b"".join(deflater.compress(inner) for _ in range(30)) + deflater.flush()
    with pytest.raises((OverLimit, CodingError)):
        decoded("gzip, gzip", outer)


def test_empty_members_are_counted() -> None:
    """Members that make nothing cost time only: there is a limit to their number."""
    assert decoded("gzip", gzip.compress(b"") * MAX_MEMBERS) == b""
    with pytest.raises(CodingError, match="gzip members"):
        decoded("gzip", gzip.compress(b"") * (MAX_MEMBERS + 1))


@pytest.mark.parametrize("cut", [1, 3, 19])
def test_padding_after_the_last_member_is_passed_over(cut: int) -> None:
    """Zeros or junk at the end, as some servers send it, lose nothing."""
    for pad in (b"\0" * 512, b"\x1f", b"<!-- 12 ms -->"):
        assert decoded("gzip", gzip.compress(b"page") + pad, cut=cut) == b"page"


def test_a_body_that_ends_early_is_an_error() -> None:
    """Half a page is not presented as a whole one."""
    whole = gzip.compress(random.Random(1).randbytes(10_000))  # noqa: S311 - any bytes will do
    for end in (1, 5, 12, 5000, len(whole) - 1):
        with pytest.raises(CodingError, match="ends too early"):
            decoded("gzip", whole[:end])
    assert decoded("gzip", b"") == b""
