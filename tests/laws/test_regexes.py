"""Every regular expression of the package runs in linear time, whatever a page holds."""

from __future__ import annotations

import ast
import importlib
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

PACKAGE = Path(__file__).resolve().parents[2] / "stripper"
FUNCTIONS = frozenset({"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"})
SEARCHES = FUNCTIONS - {"compile", "match", "fullmatch"}
# What hostile pages repeat. A quadratic pattern needs its own trigger: pieces of its source are tried as well.
PUMPS = (
    "a", "A", "0", " ", "\n", "\t", "\xa0", "-", "_", ".", ",", "/", "<", ">", "&", "=", "'", '"', "(", "[", "@", ":",
    "é", "漢", "a ", " a", "a.", "1.", "1,", "a-", "a\n", "\n ", "<a", "<a ", "<!--", "</", "a=", "a='", '="', "&a",
    "ab12", "http://", "a@",
)  # fmt: skip
# What stands around it: "^" takes a run at the start, "$" gives up on one that is not at the end.
AROUND = (("", ""), ("", "!"), ("x", "!"), ("x", "\0"), ("x", "\n\0"))
TINY = 22  # characters: an exponential pattern needs a tenth of a second for them, and would never end on more
FEW = 5_000  # characters
CHEAP = 0.012  # seconds of CPU for FEW characters: a linear pattern takes one millisecond, a quadratic one 25 and more


class Regex(NamedTuple):
    """A regular expression in the package's source."""

    place: str  # module.NAME, or module:line for a call in a function
    pattern: re.Pattern[Any]
    anchored: bool  # only ever used with match or fullmatch


def _module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _regexes() -> Iterator[Regex]:
    """Yield the regular expressions of every module that imports `re`: its values, and the calls in its functions."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    methods = _methods(trees.values())
    for path, tree in trees.items():
        if not any(
            isinstance(node, ast.Import) and "re" in (alias.name for alias in node.names) for node in ast.walk(tree)
        ):
            continue
        module = importlib.import_module(_module_name(path))
        for name, value in vars(module).items():
            used = methods.get(name, set())
            anchored = bool(used & FUNCTIONS) and not used & SEARCHES
            for pattern in _patterns(value):
                yield Regex(f"{module.__name__}.{name}", pattern, anchored)
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                yield from (_called(call, module) for call in ast.walk(function) if _is_regex_call(call))


def _patterns(value: Any) -> Iterator[re.Pattern[Any]]:
    """Yield the compiled patterns in a value, through tuples, lists, sets and mappings."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _patterns([*value.keys(), *value.values()])
    elif isinstance(value, tuple | list | frozenset | set):
        for inner in value:
            yield from _patterns(inner)


def _methods(trees: Iterable[ast.Module]) -> dict[str, set[str]]:
    """Return the methods that are used on each name: ``_LINE.finditer(...)`` gives ``{"_LINE": {"finditer"}}``."""
    used: dict[str, set[str]] = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used.setdefault(node.value.id, set()).add(node.attr)
    return used


def _is_regex_call(node: ast.AST) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in FUNCTIONS
    )


def _called(call: ast.Call, module: ModuleType) -> Regex:
    place = f"{module.__name__}:{call.lineno}"
    assert isinstance(call.func, ast.Attribute)
    try:
        args = [_value(argument, module) for argument in call.args[: 2 if call.func.attr == "compile" else 1]]
        flags = [_value(keyword.value, module) for keyword in call.keywords if keyword.arg == "flags"]
    except NameError:
        pytest.fail(f"{place}: the pattern depends on a local value; make it a constant, so that this test can run it")
    return Regex(place, re.compile(*args, *flags), call.func.attr in {"match", "fullmatch"})


def _value(node: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(node), "regex", "eval"), vars(module))  # noqa: S307 - our own source


REGEXES = list(_regexes())


def _pumps(source: str) -> list[str]:
    """Return the pumps, with the literal pieces and the pairs of letters that the pattern itself names."""
    literals = re.findall(r"[^\\()\[\]{}|?*+^$\s]{2,}", source)
    return [*PUMPS, *dict.fromkeys(literals[:40])]


def _seconds(regex: Regex, subject: str | bytes) -> float:
    start = time.process_time()
    if regex.anchored:
        regex.pattern.match(subject)
        regex.pattern.fullmatch(subject)
    else:
        for _ in regex.pattern.finditer(subject):
            pass
    return time.process_time() - start


def _subject(regex: Regex, pump: str, around: tuple[str, str], size: int) -> str | bytes:
    subject = around[0] + pump * (size // len(pump)) + around[1]
    return subject.encode() if isinstance(regex.pattern.pattern, bytes) else subject


def test_the_package_has_regexes_to_try():
    """The search finds regular expressions: an empty list would pass every test below."""
    assert len(REGEXES) > 10


@pytest.mark.parametrize("regex", REGEXES, ids=lambda regex: regex.place)
def test_time_grows_linearly(regex):
    """Twice the text takes at most 2.5 times the time, for every repeated text tried."""
    source = regex.pattern.pattern
    for pump in _pumps(source.decode("latin-1") if isinstance(source, bytes) else source):
        for around in AROUND:
            tiny = _seconds(regex, _subject(regex, pump, around, TINY))
            assert tiny < CHEAP, f"{source!r} on {pump!r} repeated in {around}: {tiny:.4f} s for {TINY} characters"
            if _seconds(regex, _subject(regex, pump, around, FEW)) < CHEAP:
                continue
            sizes = (FEW, 2 * FEW)
            once, twice = (min(_seconds(regex, _subject(regex, pump, around, n)) for _ in range(2)) for n in sizes)
            assert twice <= 2.5 * once, f"{source!r} on {pump!r} repeated in {around}: {once:.4f} s -> {twice:.4f} s"


@pytest.mark.parametrize("pattern", [r"\s+$", r"^\s+|\s+$", r"a*b", r"<!--.*?-->", r"(?:a|a)*c"])
def test_a_regex_that_is_not_linear_is_found(pattern):
    """The check itself works, on patterns that look harmless."""
    with pytest.raises(AssertionError, match="repeated"):
        test_time_grows_linearly(Regex("here", re.compile(pattern), anchored=False))
