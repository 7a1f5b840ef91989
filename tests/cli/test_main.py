"""What the command says about itself, and what the README says about the command."""

import ast
import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from keras_stylex.cli.main import build_parser, main
from keras_stylex.cli.train import LOSS_WEIGHTS
from keras_stylex.data.scenes import CONFIGS
from keras_stylex.export.export_folder import ALL_FORMATS, check_formats
from keras_stylex.losses import OBJECTIVES
from keras_stylex.models.presets import PRESETS
from keras_stylex.training import LossWeights
from keras_stylex.training.chosen_options import EPOCHS, FEW, FEWEST_GRIDS, SIZES
from keras_stylex.training.run_config import PRECISIONS, RunConfig

README = Path(__file__).parents[2] / "README.md"
COMMANDS = (
    "quickstart",
    "prepare",
    "train",
    "stylize",
    "evaluate",
    "export",
    "benchmark",
)


@pytest.fixture
def help_of(capsys):
    """What a command prints for `--help`, in one line."""

    def text(*command):
        with pytest.raises(SystemExit, match="^0$"):
            main([*command, "--help"])
        return " ".join(capsys.readouterr().out.split())

    return text


def test_the_help_names_every_command(help_of):
    text = help_of()
    assert [name for name in COMMANDS if f"keras-stylex {name}" not in text] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_explained(command):
    actions = build_parser()._subparsers._group_actions[0].choices[command]._actions
    assert [action.dest for action in actions if not action.help] == []


def test_the_help_of_train_shows_the_choices_and_the_defaults(help_of):
    text = help_of("train")
    for names in (PRESETS, OBJECTIVES, PRECISIONS):
        assert [name for name in names if name not in text] == []
    config = RunConfig("photos", "paintings", minutes=60)
    for option, value in {
        "--minutes MINUTES": config.minutes,
        "--batch-size BATCH_SIZE": config.batch_size,
        "--seed SEED": config.seed,
    }.items():
        assert re.search(rf"{option} [^(]*\({value:g}\)", text), option
    for option in ("generator_rate", "discriminator_rate"):
        (shown,) = re.findall(rf" {option.upper()} [^(]*\(([^)]*)\)", text)
        assert float(shown) == getattr(config, option)
    for name in (config.preset, config.objective, config.precision):
        assert f"{name} (default)" in text


def test_the_help_of_train_shows_how_options_follow_the_data(help_of):
    text = help_of("train")
    (_, least), (first, usual), (second, more), (third, most) = SIZES
    assert (
        f"({usual}; {least} in less than {first} minutes, {more} from {second} on, "
        f"{most} from {third} on; "
    ) in text
    assert f"({EPOCHS[0]} to {EPOCHS[-1]}, so that there are {FEWEST_GRIDS} to" in text
    assert f"(with less than {FEW} pictures of either kind)" in text


def test_every_loss_weight_has_an_option_that_shows_its_default(help_of):
    defaults = LossWeights().to_dict()
    assert set(LOSS_WEIGHTS) == {field.name for field in fields(LossWeights)}
    for name, value in defaults.items():
        assert LOSS_WEIGHTS[name].endswith(f" ({value:g})")
        assert f"--{name.replace('_', '-')} {name.upper()}" in help_of("train")


def test_the_sources_in_the_help_of_train_exist(help_of):
    manners = re.findall(r"tfds:scenes/(\w+):trainA", help_of("train"))
    assert manners and set(manners) <= set(CONFIGS)


def test_the_help_of_export_shows_the_formats_and_the_defaults(help_of):
    text = help_of("export")
    assert [name for name in ALL_FORMATS if name not in text] == []
    options = build_parser().parse_args(["export", "r", "--style", "p", "--out", "o"])
    assert f"({options.formats})" in text and f"({options.size})" in text
    assert (options.strength, options.size) == (1.0, "256")
    check_formats(options.formats.split(","))


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["paint"],
        ["train"],
        ["train", "--out", "run", "--minutes", "5", "--steps", "5"],
        ["train", "--out", "run", "--seed", "one"],
        ["stylize", "run", "photo.jpg", "--style", "painting.jpg"],
        ["evaluate"],
        ["export", "run", "--style", "painting.jpg"],
        ["benchmark"],
        ["benchmark", "a.tflite", "--threads", "two"],
    ],
)
def test_what_cannot_be_parsed_ends_with_code_2(arguments, capsys):
    with pytest.raises(SystemExit, match="^2$"):
        main(arguments)
    assert "keras-stylex" in capsys.readouterr().err.splitlines()[-1]


def test_the_commands_of_the_readme_parse():
    (section,) = re.findall(r"## Train on your own pictures\n(.*?)\n## ", _text(), re.S)
    lines = "".join(re.findall(r"```bash\n(.*?)```", section, re.S)).splitlines()
    commands = lines + re.findall(r"`(keras-stylex train --r[^`]*)`", section)
    assert len(commands) == 5
    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == "keras-stylex"
        assert callable(build_parser().parse_args(arguments).run)


def test_the_python_of_the_readme_parses():
    blocks = re.findall(r"```python\n(.*?)```", _text(), re.S)
    assert blocks and all(ast.parse(block).body for block in blocks)


def _text():
    return README.read_text(encoding="utf-8")
