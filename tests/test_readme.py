"""README tells the truth: its code runs, its commands print what it shows, its links and files are there."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
import sysconfig
from itertools import pairwise
from pathlib import Path

import pytest

from stripper.cli import _parser

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
MAKE_TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def shown_commands():
    """Every command of the console blocks with the output shown below it."""
    for language, text in BLOCKS:
        if language == "console":
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                yield pytest.param(command, output, id=command[:60])


def named_commands():
    """Every line of the sh blocks, without its comment."""
    return [
        line.partition("#")[0].strip() for language, text in BLOCKS if language == "sh" for line in text.splitlines()
    ]


def test_the_python_code_runs_and_prints_what_is_shown(monkeypatch):
    """All python blocks, as one session, in the project's folder."""
    monkeypatch.chdir(ROOT)
    source = "\n".join(text for language, text in BLOCKS if language == "python")
    test = doctest.DocTestParser().get_doctest(source, {}, "README.md", "README.md", 0)
    assert len(test.examples) >= 8
    failures: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(test, out=failures.append)
    assert not "".join(failures)


@pytest.mark.parametrize(("command", "output"), list(shown_commands()))
def test_a_command_prints_what_is_shown(command, output, tmp_path):
    """As typed in a shell, in a copy of the folder's view; "..." stands for any text."""
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    # `stripper` is this source tree's, whether or not it is installed beside this Python.
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "stripper"
    script.write_text(
        f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)} -m stripper "$@"\n'
    )
    script.chmod(0o755)
    path = os.pathsep.join([str(tmp_path / "bin"), sysconfig.get_path("scripts"), os.environ["PATH"]])
    shell = ["bash", "-o", "pipefail", "-ec", command]
    done = subprocess.run(
        shell, cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert doctest.OutputChecker().check_output(output, done.stdout, FLAGS), done.stdout


@pytest.mark.parametrize("command", named_commands())
def test_a_named_command_exists(command):
    """Commands that are not run here (they fetch, or take minutes) are at least understood, with all their options."""
    words = shlex.split(command)
    assert words[0] in {"make", "stripper"}
    if words[0] == "make":
        assert words[1] in MAKE_TARGETS
        return
    assert _parser().parse_args(words[1:]).command == words[1]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)", README))))
def test_a_link_leads_somewhere(target):
    """Links into the project name files that are there."""
    assert (ROOT / target).exists()


def test_every_kind_is_explained():
    """The table of kinds is complete."""
    from stripper import Kind

    section = README.partition("## Kinds")[2].partition("\n## ")[0]
    assert {f"`{kind}`" for kind in Kind} <= set(re.findall(r"`[a-z-]+`", section))


def test_figures_name_their_command():
    """No figure without the command that makes it."""
    section = README.partition("## Figures")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line]
    heads = [before for before, line in pairwise(lines) if line.startswith("|") and not before.startswith("|")]
    assert len(heads) >= 2
    assert [line for line in heads if not re.search(r"`(make|stripper) [^`]+`", line)] == []
