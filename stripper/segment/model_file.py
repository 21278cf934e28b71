"""The file of a trained model: magic, one line of JSON, then the arrays as little-endian float16."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stripper.datatypes import Mode
from stripper.errors import UnreadableInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

MAGIC = b"stripper.model/1\n"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """What a file holds."""

    weights: Mapping[str, Floats]  # float32
    facts: Mapping[str, Any]  # kinds, dilations, calibration, thresholds, data, seeds
    sha256: str  # of the file

    @property
    def mode(self) -> Mode:
        """Which sort of page the model was trained for."""
        return Mode(self.facts.get("mode", Mode.HTML))


def pack(weights: Mapping[str, Floats], facts: Mapping[str, Any]) -> bytes:
    """Return a model file's bytes: magic, one line of JSON, then the arrays in the line's order."""
    arrays = {name: np.ascontiguousarray(array, dtype="<f2") for name, array in sorted(weights.items())}
    head = {"facts": facts, "arrays": [[name, list(array.shape)] for name, array in arrays.items()]}
    line = json.dumps(head, sort_keys=True, separators=(",", ":")).encode()
    return MAGIC + line + b"\n" + b"".join(array.tobytes() for array in arrays.values())


def parse(data: bytes, name: str) -> ModelFile:
    """Read a model file's bytes; raises UnreadableInput naming the file if they are none."""
    if not data.startswith(MAGIC):
        raise UnreadableInput(name, f"{name} is no stripper model of this version; use `stripper train`")
    try:
        end = data.index(b"\n", len(MAGIC))
        head = json.loads(data[len(MAGIC) : end])
        weights, at = {}, end + 1
        for array, shape in head["arrays"]:
            count = int(np.prod(shape))
            weights[array] = np.frombuffer(data, "<f2", count, at).astype(np.float32).reshape(shape)
            at += 2 * count
        return ModelFile(weights, head["facts"], sha256(data).hexdigest())
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableInput(name, f"{name} is a damaged stripper model: {error}") from error


def read(path: str | None, mode: Mode) -> ModelFile:
    """Return the model at `path`; the shipped one for `mode` where that is None, or a model for the other mode.

    So a model of one's own for HTML pages leaves plain texts to the shipped one. Raises UnreadableInput.
    """
    if path is not None:
        try:
            own = parse(Path(path).read_bytes(), path)
        except OSError as error:
            raise UnreadableInput(path, f"{path} cannot be read as a model: {error.strerror}") from error
        if own.mode is mode:
            return own
    shipped = f"{mode}.model"
    return parse((resources.files("stripper.data") / shipped).read_bytes(), shipped)
