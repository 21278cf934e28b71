"""The code is built as ARCHITECTURE.md says: rooms, imports, sizes, no state, no foreign values across a border."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "stripper"
MODULES = sorted(PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text("utf-8")) for path in MODULES}
EACH_MODULE = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
# Foreign packages and the rooms that may know them.
OWNERS = {
    "httpx": {"fetch"},
    "httpcore": {"fetch"},
    "lxml": {"parse"},
    "selectolax": {"parse"},
    "bs4": {"parse", "training"},  # one of the tools that scrape carelessly
    "trafilatura": {"parse", "fetch"},  # metadata; feeds and sitemaps
    "webencodings": {"parse", "fetch"},
    "pyarrow": {"batch", "review"},
    "filelock": {"batch"},
    "hishel": {"fetch"},
    "protego": {"fetch"},
    "tenacity": {"fetch"},
    "playwright": {"fetch"},
    "fastwarc": {"fetch", "batch"},
    "jinja2": {"review"},
    "markupsafe": {"review"},
    "pygal": {"review"},
    "rich": {"cli", "batch"},
    "torch": {"training"},
    "sklearn": {"training"},
}
HEAVY = (
    *("httpx", "lxml", "bs4", "trafilatura", "selectolax", "numpy", "pyarrow"),
    *("hishel", "protego", "tenacity", "fastwarc", "jinja2", "pygal", "rich"),
)
IMPORT_MILLISECONDS = 150
MAX_LINES = 300
IMPORT_TIME = "import time; t = time.process_time(); import stripper; print(time.process_time() - t)"


def room(path):
    """The room a module lives in: its folder, or its own name at the top."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def imports(tree):
    """Every module that a tree imports, in functions and for types too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a name comes from"
            yield node.module


def test_the_contracts_of_imports_hold():
    """What pyproject.toml says of the rooms is what import-linter finds; `make imports` runs the same."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract for contract in contracts if contract["type"] == "layers")
    order = [{name.strip("() ") for name in layer.split("|")} for layer in layers["layers"]]
    rank = {name: level for level, names in enumerate(order) for name in names}
    for path, tree in TREES.items():
        if room(path) not in rank:
            assert room(path) == "__init__", f"{path} is in no layer"
            continue
        for module in imports(tree):
            target = module.split(".")[1] if module.startswith("stripper.") else None
            if target in rank and target != room(path):
                assert rank[target] > rank[room(path)], f"{path.relative_to(ROOT)} imports {module}"


@EACH_MODULE
def test_no_module_imports_the_package_itself(path):
    """`from stripper import ...` below the top would be a circle: modules name the module they mean."""
    assert "stripper" not in set(imports(TREES[path]))


@EACH_MODULE
def test_foreign_packages_are_known_in_one_room(path):
    """Only fetch talks to the network, only parse knows a tree."""
    for module in imports(TREES[path]):
        owners = OWNERS.get(module.split(".")[0])
        assert owners is None or room(path) in owners, f"{room(path)} imports {module}"


@EACH_MODULE
def test_nothing_imports_what_only_people_who_work_on_it_have(path):
    """The package runs on its dependencies alone."""
    foreign = {module.split(".")[0] for module in imports(TREES[path])}
    assert not foreign & {"pytest", "hypothesis", "tests", "tools", "html5lib"}


@EACH_MODULE
def test_modules_are_short_enough_to_read(path):
    """A guard rail: 300 lines."""
    assert len(path.read_text("utf-8").splitlines()) <= MAX_LINES


@EACH_MODULE
def test_no_module_keeps_state(path):
    """A list, dict or set at the top is named as a constant; nothing is `global`."""
    mutable = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
    for node in TREES[path].body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            constant = all(name.isupper() or name == "__all__" for name in names)
            assert constant or not isinstance(node.value, mutable), names
    assert not any(isinstance(node, ast.Global) for node in ast.walk(TREES[path]))


@EACH_MODULE
def test_constants_are_not_changed(path):
    """No function assigns into, appends to or updates a value of its module."""
    tree = TREES[path]
    constants = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    }
    changing = {
        "append",
        "extend",
        "add",
        "update",
        "setdefault",
        "pop",
        "clear",
        "remove",
        "insert",
        "sort",
        "discard",
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Store | ast.Del)
            and isinstance(node.value, ast.Name)
        ):
            assert node.value.id not in constants
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in changing:
            assert node.value.id not in constants


@EACH_MODULE
def test_every_module_says_what_it_is_for(path):
    """A docstring at the top, whose first paragraph ends like a sentence."""
    said = ast.get_docstring(TREES[path])
    assert said
    assert said.split("\n\n")[0].rstrip().endswith((".", ":", "`", "?"))


@EACH_MODULE
def test_names_say_something(path):
    """No drawer for everything."""
    assert path.stem not in {"utils", "util", "helpers", "helper", "manager", "misc", "common"}


def test_importing_the_package_is_cheap():
    """The heavy packages are imported by those who need them: 150 ms of CPU at most, best of five."""
    runs = [
        subprocess.run([sys.executable, "-c", IMPORT_TIME], capture_output=True, check=True, text=True, cwd=ROOT)
        for _ in range(5)
    ]
    assert 1000 * min(float(run.stdout) for run in runs) <= IMPORT_MILLISECONDS


def test_importing_the_package_imports_no_heavy_package():
    """The reason why it is cheap."""
    script = f"import sys, stripper; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_nothing_needs_the_folder_beside_the_project():
    """The package and its data never name the labelled corpora's folder."""
    for path in PACKAGE.rglob("*"):
        if path.suffix in {".py", ".tsv", ".json", ".md"}:
            assert "../shared" not in path.read_text("utf-8"), path


def test_what_ships_is_what_the_package_declares():
    """Typed, with its schema and tables, under the licence that pyproject.toml names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (PACKAGE / "py.typed").exists()
    assert (PACKAGE / "data" / "record.schema.json").exists()
    assert list((PACKAGE / "data" / "phrases").glob("*.tsv"))
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    assert project["license"] == "Apache-2.0"


def test_the_version_is_said_once():
    """The package's metadata and the record name the same version."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" in pyproject["project"]["dynamic"]
    assert pyproject["tool"]["hatch"]["version"]["path"] == "stripper/version.py"
