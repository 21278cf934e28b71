"""From corpora to a model's file, and through a cross-validation that sees only what it may."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

torch = pytest.importorskip("torch", reason="training needs torch: pip install 'boilerplate-stripper[train]'")

from stripper import Options, strip_html, strip_text  # noqa: E402  after the check
from stripper.datatypes import Kind  # noqa: E402
from stripper.errors import UsageError  # noqa: E402
from stripper.evaluation import Prediction, open_corpus, score_page, summarize  # noqa: E402
from stripper.pipeline import strip_raw  # noqa: E402
from stripper.reading import read_file  # noqa: E402
from stripper.segment.line_network import unpack_lines  # noqa: E402
from stripper.segment.network import load_model, unpack  # noqa: E402
from stripper.training import parallel  # noqa: E402
from stripper.training.corpora import read_corpora  # noqa: E402
from stripper.training.crossvalidate import Bench, fold_models, main, read_models, validate  # noqa: E402
from stripper.training.facts import base_facts  # noqa: E402
from stripper.training.folds import fold_of  # noqa: E402
from stripper.training.settings import LineSettings  # noqa: E402
from stripper.training.train import command, train, train_lines  # noqa: E402
from tests.training.conftest import NEEDS_TOOLS, PAGES, SMALL, fixture, quiet, write_corpus  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

    from stripper.training.corpora import Corpora
    from stripper.training.dataset import Example
    from stripper.training.train import Trained


@pytest.fixture(scope="module")
def trained(corpora: Corpora) -> Trained:
    """Train once, in this process."""
    return train(corpora, SMALL, 1, quiet)


def test_a_model_of_ones_own_strips_pages(trained: Trained, tmp_path: Path) -> None:
    """The file is what `--model` and `Options.model` take; its hash stands in the record."""
    (tmp_path / "own.model").write_bytes(trained.data)
    page = strip_html(fixture(PAGES[0])[0], options=Options(model=str(tmp_path / "own.model")))
    assert page.record()["stripper"]["model"] == unpack(trained.data, "own").sha256


def test_the_file_says_how_it_was_made(trained: Trained) -> None:
    """Data, command, seed, figures, and a calibration that was learned."""
    facts = unpack(trained.data, "own").facts
    assert facts["command"] == "stripper train texts kinds -o MODEL --folds 2 --epochs 1,1,1"
    assert facts["figures"] == json.loads(json.dumps(trained.figures))
    assert list(trained.figures) == ["texts", "kinds"]
    assert trained.figures["texts"]["pages"] == 6
    assert trained.figures["kinds"]["pages"] == 3
    assert facts["calibration"] != [1.0, 0.0]
    assert "fold" not in facts


@pytest.mark.slow
def test_any_number_of_processes_gives_the_same_bytes(corpora: Corpora, trained: Trained) -> None:
    """The fold models and the model itself are trained beside each other."""
    assert train(corpora, SMALL, 2, quiet).data == trained.data


def test_without_folds_there_is_a_model_and_nothing_else(corpora: Corpora) -> None:
    """No figures, and a calibration that changes nothing."""
    trained = train(corpora, replace(SMALL, folds=0), 1, quiet)
    assert trained.figures == {}
    assert unpack(trained.data, "own").facts["calibration"] == [1.0, 0.0]


def test_the_command_names_what_was_typed(corpora: Corpora) -> None:
    """Defaults are left out."""
    plain = replace(SMALL, folds=5, keep_epochs=6, kind_epochs=16, self_epochs=5)
    assert command(corpora, plain) == "stripper train texts kinds -o MODEL"
    assert command(corpora, replace(plain, seed=4)).endswith("MODEL --seed 4")


def test_a_fold_model_never_sees_its_hosts(
    corpora: Corpora, examples: tuple[Example, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every page is learned from in all folds but its own, and judged by that fold's model."""
    seen: list[set[str]] = []
    original = parallel._fit

    def watched(mine: Any, fold: int | None, settings: Any, say: Any) -> Any:
        hosts = {e.host for e in mine if fold is None or fold_of(e.host, settings.folds) != fold}
        seen.append(hosts)
        return original(mine, fold, settings, say)

    monkeypatch.setattr(parallel, "_fit", watched)
    fold_models(examples, SMALL, base_facts(corpora, SMALL), Bench(tmp_path, 1, quiet))
    hosts = {example.host for example in examples}
    assert len(seen) == 2
    assert all(seen)
    assert seen[0] | seen[1] == hosts
    assert not seen[0] & seen[1]  # of two folds, each learns from the other
    assert all(fold_of(host, 2) != fold for fold, mine in enumerate(seen) for host in mine)


def test_fold_models_are_taken_again(corpora: Corpora, examples: tuple[Example, ...], tmp_path: Path) -> None:
    """Read from their files they give the same figures: what comes behind the network can change without training."""
    models = fold_models(examples, SMALL, base_facts(corpora, SMALL), Bench(tmp_path, 1, quiet))
    first = validate(corpora, examples, models, Bench(tmp_path, 1, quiet))
    (tmp_path / "again").mkdir()
    again = validate(corpora, examples, read_models(tmp_path, 2, load_model), Bench(tmp_path / "again", 1, quiet))
    assert again.figures == first.figures
    with pytest.raises(UsageError, match="not of a cross-validation in 1 folds"):
        read_models(tmp_path, 1, load_model)
    predictions = (tmp_path / "texts.predictions.jsonl").read_text("utf-8").splitlines()
    assert sorted(json.loads(line)["id"] for line in predictions) == sorted(f"t.{slug}" for slug in PAGES)


def test_figures_are_those_of_eval(
    corpora: Corpora, folders: tuple[Path, Path], examples: tuple[Example, ...], tmp_path: Path
) -> None:
    """With one model in the place of every fold's, a cross-validation is an evaluation."""
    bench = Bench(tmp_path, 1, quiet)
    model = fold_models(examples, SMALL, base_facts(corpora, SMALL), bench)[0]
    got = validate(corpora, [], [model, model], bench).figures
    for folder, drop in zip(folders, ({Kind.TITLE}, ()), strict=True):
        options = Options(drop=frozenset(drop), model=str(tmp_path / "fold-1.model"))
        scores = []
        for gold in open_corpus(folder).pages:
            page = strip_raw(replace(read_file(gold.path), url=gold.url), options=options)
            removed = tuple((verdict.kind, verdict.block.text) for verdict in page.removed)
            scores.append(score_page(gold, Prediction(page.text, removed)))
        expected = summarize(scores, by_type=True)
        assert {name: got[folder.name][name] for name in expected} == expected


def test_the_crossvalidate_command(
    folders: tuple[Path, Path], examples: tuple[Example, ...], corpora: Corpora, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Figures to stdout, talk to stderr; models of another number of folds are refused."""
    models = fold_models(examples, SMALL, base_facts(corpora, SMALL), Bench(tmp_path, 1, quiet))
    validate(corpora, examples, models, Bench(tmp_path, 1, quiet))
    command_line = [str(folders[0]), "--folds", "2", "--models", str(tmp_path), "-o", str(tmp_path / "out")]
    assert main(command_line) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("texts: 6 pages, 0 failed\n  words ")
    assert captured.err.startswith("stripper: ")
    assert main([*command_line, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["texts"]["pages"] == 6
    assert load_model(str(tmp_path / "out" / "fold-2.model")).facts["fold"] == [1, 2]
    assert main([str(folders[0]), "--folds", "0"]) == 2
    assert main([str(folders[0]), "--folds", "3", "--models", str(tmp_path)]) == 1
    assert "fold-3.model" in capsys.readouterr().err


@NEEDS_TOOLS
def test_a_model_for_plain_text_is_made_of_pages_and_texts(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """Of HTML by what tools make of it, of labelled texts as they are; the file strips texts and says what made it."""
    rows = [{"id": "a", "style": "page", "blocks": [["Boat Sails", "title"], ["It sails at noon.", "content"]]}]
    plain = write_corpus(tmp_path / "plain", rows, {"a": "Boat Sails\nIt sails at noon."}, suffix="txt")
    corpora = read_corpora([*folders, plain], quiet, mixed=True)
    trained = train_lines(corpora, LineSettings(folds=2, epochs=1, width=8, words=4, page=4), 1, quiet)
    (tmp_path / "own.model").write_bytes(trained.data)
    page = strip_text("Boat Sails\n\nIt sails at noon.", options=Options(model=str(tmp_path / "own.model")))
    assert page.record()["stripper"]["model"] == unpack_lines(trained.data, "own").sha256
    facts = unpack_lines(trained.data, "own").facts
    assert facts["command"] == "stripper train texts kinds plain -o MODEL --text --folds 2 --epochs 1"
    assert facts["mode"] == "text"
    assert trained.figures["plain"]["word_f1_by_style"]["page"][1] == 1
    assert "words kept, page (1 texts)" in trained.table
    assert set(trained.figures["texts"]["repaired"]) == {"html-text", "inscriptis", "resiliparse", "readability-lxml"}
