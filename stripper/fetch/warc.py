"""What was fetched, kept as a WARC 1.1 file: any result can be made again from it without the network."""

from __future__ import annotations

import gzip
import uuid
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from fastwarc.warc import WarcRecord, WarcRecordType

from stripper.errors import OutputError, UsageError

if TYPE_CHECKING:
    import httpx

    from stripper.fetch.exchange import Reply

_SECRETS = frozenset({"authorization", "cookie"})
# The body is kept without its chunks, so these no longer describe it.
_OF_THE_WIRE = frozenset({"transfer-encoding", "trailer"})


class Archive:
    """A WARC file being written, one gzip member a record when its name ends in ``.gz``."""

    def __init__(self, file: BinaryIO, *, compressed: bool) -> None:
        """Write to `file`, an open binary file."""
        self._file = file
        self._compressed = compressed

    @classmethod
    def create(cls, path: str, software: str) -> Archive:
        """Make the file at `path`, which must not exist: a second run must not tear the first one's records."""
        try:
            archive = cls(Path(path).open("xb"), compressed=path.endswith(".gz"))  # noqa: SIM115 - open as long as the archive
        except FileExistsError:
            raise UsageError(f"warc: {path} exists; give the name of a new file") from None
        except OSError as error:
            raise UsageError(f"warc: {path}: {error.strerror}") from None
        info = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode()
        archive._write(_record(WarcRecordType.warcinfo, info, {}, "application/warc-fields"))
        return archive

    def add(self, request: httpx.Request, reply: Reply) -> None:
        """Write an answer and its request; credentials are left out."""
        target = {"WARC-Target-URI": str(reply.url)}
        response = target | ({"WARC-IP-Address": reply.address} if reply.address else {})
        if reply.body.truncated:
            response["WARC-Truncated"] = "length"
        answer = _record(WarcRecordType.response, _http_response(reply), response, "application/http; msgtype=response")
        asked = target | {"WARC-Concurrent-To": str(answer.record_id)}
        question = _record(WarcRecordType.request, _http_request(request), asked, "application/http; msgtype=request")
        self._write(answer)
        self._write(question)

    def _write(self, record: WarcRecord) -> None:
        buffer = BytesIO()
        record.write(buffer, checksum_data=True)
        data = buffer.getvalue()
        try:
            self._file.write(gzip.compress(data) if self._compressed else data)
            self._file.flush()
        except OSError as error:
            raise OutputError(f"warc: {self._file.name}: {error.strerror or error}") from None

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def discard(self) -> None:
        """Close the file and take it away again: nothing was fetched."""
        self.close()
        Path(self._file.name).unlink(missing_ok=True)


def _record(kind: WarcRecordType, content: bytes, headers: dict[str, str], content_type: str) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(kind, uuid.uuid4().urn.encode())
    for name, value in headers.items():
        record.headers[name] = value
    record.headers["WARC-Date"] = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    record.headers["Content-Type"] = content_type
    record.set_bytes_content(content)
    return record


def _http_response(reply: Reply) -> bytes:
    # HTTP/2 has no status line of its own; WARC readers expect one of HTTP/1.1.
    lines = [f"HTTP/1.1 {reply.status} {reply.reason}".rstrip().encode()]
    lines += [name + b": " + value for name, value in reply.headers.raw if name.lower().decode() not in _OF_THE_WIRE]
    return b"\r\n".join([*lines, b"", reply.body.wire])


def _http_request(request: httpx.Request) -> bytes:
    lines = [b"GET " + request.url.raw_path + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in request.headers.raw if name.lower().decode() not in _SECRETS]
    return b"\r\n".join([*lines, b"", b""])
