import json
import sys
from functools import partial
from types import SimpleNamespace

import against_baselines
import keras
import numpy as np
import pytest
from against_baselines import FallingRate, parse_arguments, table
from baselines.cyclegan import CycleGAN
from baselines.munit import MUNIT

from keras_stylex.metrics import DomainClassifier
from keras_stylex.training import run_evaluation


def test_the_table_has_a_row_a_figure_and_a_column_a_method():
    figures = {
        "ours": {"steps": 12345, "kid": 0.01234, "retrieval": 0.9},
        "theirs": {"steps": 7, "kid": -1e-4},
    }
    assert table(figures).splitlines() == [
        "| figure | ours | theirs |",
        "| --- | ---: | ---: |",
        "| steps | 12,345 | 7 |",
        "| kid | 0.0123 | -0.0001 |",
        "| retrieval | 0.9 |  |",
    ]


def test_the_rate_is_constant_for_half_the_minutes_and_then_falls_to_zero():
    optimizers = [keras.optimizers.Adam(2e-4) for _ in range(2)]
    model = SimpleNamespace(
        generator_optimizer=optimizers[0], critic_optimizer=optimizers[1]
    )
    clock = SimpleNamespace()
    callback = FallingRate(clock, minutes=1)
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for batch, clock.seconds in enumerate((0, 30, 45, 60, 61)):
        callback.on_train_batch_end(batch)
        rates.append([float(optimizer.learning_rate) for optimizer in optimizers])
    expected = [2e-4, 2e-4, 1e-4, 0, 0]
    np.testing.assert_allclose(rates, np.transpose([expected] * 2), rtol=1e-5)


def test_scenes_are_split_for_training(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["", "--config", "mixed"])
    args = parse_arguments()
    assert args.content == "tfds:scenes/mixed:trainA"
    assert args.style == "tfds:scenes/mixed:trainB"
    assert args.methods == list(against_baselines.METHODS)


def test_without_pictures_it_says_what_to_give(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["", "--content", "photos"])
    with pytest.raises(SystemExit):
        parse_arguments()
    assert "give --config, or --content and --style" in capsys.readouterr().err


def test_crops_are_not_larger_than_pictures(monkeypatch, capsys):
    words = ["", "--config", "mixed", "--size", "96", "--load-size", "64"]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit):
        parse_arguments()
    assert "--load-size must be --size or more" in capsys.readouterr().err


@pytest.fixture
def small(monkeypatch):
    """Baselines that are small and run eagerly, and a classifier that learns little."""
    for kind in (CycleGAN, MUNIT):
        eager = partial(kind.compile, run_eagerly=True)
        monkeypatch.setattr(kind, "compile", lambda self, compile=eager: compile(self))
    sizes = {"blocks": 0, "filters": 1, "critic_filters": 1}
    monkeypatch.setattr(against_baselines, "CycleGAN", partial(CycleGAN, **sizes))
    monkeypatch.setattr(against_baselines, "slim_munit", partial(MUNIT, **sizes))
    monkeypatch.setattr(
        run_evaluation, "DomainClassifier", partial(DomainClassifier, steps=1)
    )


# 2026-11: Keras 3.15 reads variables in a way that NumPy 2 deprecates.
@pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)
def test_methods_are_trained_evaluated_and_written_down(
    small, flat_pictures, tmp_path, monkeypatch, capsys
):
    folders = [flat_pictures(name, range(10, 40), (32, 40)) for name in ("a", "b")]
    out = tmp_path / "out"
    options = {
        "--content": folders[0],
        "--style": folders[1],
        "--minutes": 1e-6,
        "--size": 32,
        "--load-size": 40,
        "--count": 3,
        "--out": out,
    }
    words = [str(word) for option in options.items() for word in option]
    words += ["--methods", "cyclegan", "slim_munit"]
    monkeypatch.setattr(sys, "argv", ["against_baselines.py", *words])
    against_baselines.main()
    head, _, *rows = capsys.readouterr().out.splitlines()
    assert head == "| figure | cyclegan | slim_munit |"
    assert "baselines with their last ones" in rows[-3]
    cells = {row.split(" | ")[0][2:]: row for row in rows if row.startswith("|")}
    for name in ("cyclegan", "slim_munit"):
        figures = json.loads((out / name / "figures.json").read_text())
        assert figures["batch"] == 1 and figures["steps"] >= 1
        assert figures["pictures"] == 3 and np.isfinite(list(figures.values())).all()
        assert (out / name / "report.html").exists()
        assert {"classified_as_style", "shift_error"} <= set(figures) <= set(cells)
    assert "retrieval" in figures  # MUNIT has style codes, CycleGAN has none
    assert cells["retrieval"].startswith("| retrieval |  | ")
