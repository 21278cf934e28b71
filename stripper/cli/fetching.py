"""What may be typed about fetching, for every command that takes URLs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from stripper.errors import UsageError
from stripper.options import RENDER, FetchOptions

if TYPE_CHECKING:
    from stripper.cli.arguments import Parser

DEFAULTS = FetchOptions()
TIMEOUT = 30.0  # seconds

# Options are named after what a person asks for, values after what the fetcher does.
_TYPED = {"robots": "ignore-robots", "warc": "save-warc", "headers": "header"}


def add_fetch_options(parser: Parser) -> None:
    """Add the options of every command that fetches."""
    group = parser.add_argument_group("fetching", "for inputs that are URLs")
    add = group.add_argument
    add("--contact", metavar="WHO", help="URL or mail address in the User-Agent, for those whose pages you fetch")
    add("--header", action="append", default=[], metavar="NAME:VALUE", help="sent to the URL's own origin only")
    add("--delay", type=seconds, default=DEFAULTS.delay, metavar="S", help="pause per host; default: %(default)g s")
    add("--timeout", type=seconds, default=TIMEOUT, metavar="S", help="for one page in all; default: %(default)g s")
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


def read_fetch_options(typed: argparse.Namespace) -> FetchOptions:
    """Return the options that were typed. Raises UsageError."""
    try:
        return FetchOptions(
            contact=typed.contact,
            headers=tuple(_header(text) for text in typed.header),
            allow_private=typed.allow_private,
            robots=not typed.ignore_robots,
            insecure=typed.insecure,
            ca_file=typed.ca_file,
            proxy=typed.proxy,
            delay=typed.delay,
            cache=typed.cache,
            offline=typed.offline,
            warc=typed.warc,
            render=typed.render,
            browser=typed.browser,
        )
    except UsageError as error:
        name, _, problem = str(error).partition(":")
        raise UsageError(f"--{_TYPED.get(name, name.replace('_', '-'))}:{problem}") from None


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
