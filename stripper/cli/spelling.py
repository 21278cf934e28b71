"""What a message calls an option, for somebody at a shell: `allow_private` in a program is --allow-private here."""

from __future__ import annotations

import re
from types import MappingProxyType

# What the library says -> what is typed, where it isn't the name with hyphens.
_OTHERS = MappingProxyType({"robots": "--ignore-robots", "warc": "--save-warc", "headers": "--header"})
# A message that is about an option begins with its name.
_SUBJECT = re.compile(r"^(cache|warc|ca_file|browser|proxy): ")
# One that advises names an option with an underscore, or sets it: no word of a sentence, nor a part of a URL.
_ADVICE = re.compile(
    r"(?<![\w/.?&=:-])(?:(?P<off>robots)=False|(?P<name>allow_private|longest_wait|max_bytes|max_fetch_bytes))(?![\w/=])"
)


def flag(name: str) -> str:
    """Return the option at the shell for a field of `Options` or `FetchOptions`."""
    return _OTHERS.get(name, f"--{name.replace('_', '-')}")


def spelled(message: str) -> str:
    """Return a message of the library with its options as they are typed."""
    message = _SUBJECT.sub(lambda match: f"{flag(match[1])}: ", message)
    return _ADVICE.sub(lambda match: flag(match["off"] or match["name"]), message)
