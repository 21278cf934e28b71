"""What may be typed about fetching, for every command that takes URLs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from stripper.cli.arguments import positive
from stripper.cli.spelling import flag
from stripper.errors import UsageError
from stripper.options import RENDER, FetchOptions, Options

if TYPE_CHECKING:
    from stripper.cli.arguments import Parser

_OPTIONS = Options()
DEFAULTS = _OPTIONS.fetch


def add_fetch_options(parser: Parser) -> None:
    """Add the options of every command that fetches."""
    group = parser.add_argument_group("fetching", "for inputs that are URLs")
    add = group.add_argument
    add("--contact", metavar="WHO", help="URL or mail address in the User-Agent, for those whose pages you fetch")
    add("--header", action="append", default=[], metavar="NAME:VALUE", help="sent to the URL's own origin only")
    add("--delay", type=seconds, default=DEFAULTS.delay, metavar="S", help="pause per host; default: %(default)g s")
    add(
        "--timeout",
        type=seconds,
        default=_OPTIONS.timeout,
        metavar="S",
        help="for one page in all; default: %(default)g s",
    )
    add(
        "--longest-wait",
        type=seconds,
        default=DEFAULTS.longest_wait,
        metavar="S",
        help="a host that asks for more is left alone; default: %(default)g s",
    )
    add(
        "--max-fetch-bytes",
        type=positive,
        default=_OPTIONS.max_fetch_bytes,
        metavar="N",
        help="size of one answer, as it comes and unpacked; default: %(default)s",
    )
    add("--cache", metavar="DIR", help="keep pages there, and ask again only for what may have changed")
    add("--offline", action="store_true", help="answer from --cache alone")
    add(
        "--save-warc",
        dest="warc",
        metavar="FILE",
        help="keep all that was fetched in a new WARC file (.warc, .warc.gz)",
    )
    add(
        "--render", choices=RENDER, default=DEFAULTS.render, help="run scripts in Chromium; auto: where a page is empty"
    )
    add("--browser", metavar="PROGRAM", help="the Chromium to run; default: the installed one")
    add("--proxy", metavar="URL", help="http(s)://[user:password@]host:port; the environment's is not used")
    add("--ca-file", metavar="FILE", help="PEM file of further certificate authorities")
    add("--insecure", action="store_true", help="accept any TLS certificate; the record says so")
    add("--allow-private", action="store_true", help="reach addresses that are not public; the record says so")
    add("--ignore-robots", action="store_true", help="don't ask robots.txt; the record says so")


def read_fetching(typed: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of `Options` that were typed. Raises UsageError."""
    try:
        fetch = FetchOptions(
            contact=typed.contact,
            headers=tuple(_header(text) for text in typed.header),
            allow_private=typed.allow_private,
            robots=not typed.ignore_robots,
            insecure=typed.insecure,
            ca_file=typed.ca_file,
            proxy=typed.proxy,
            delay=typed.delay,
            longest_wait=typed.longest_wait,
            cache=typed.cache,
            offline=typed.offline,
            warc=typed.warc,
            render=typed.render,
            browser=typed.browser,
        )
    except UsageError as error:
        name, _, problem = str(error).partition(":")
        raise UsageError(f"{flag(name)}:{problem}") from None
    return {"timeout": typed.timeout, "max_fetch_bytes": typed.max_fetch_bytes, "fetch": fetch}


def seconds(text: str) -> float:
    """Return the seconds that were typed. Raises ArgumentTypeError unless they are a number from 0 up."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return value


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise UsageError(f"headers: {text!r} is no NAME:VALUE")
    return name.strip(), value.strip()
