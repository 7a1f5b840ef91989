"""Every command and every program in the documents is run, at toy size.

Of scripts of ours the arguments are read, by their own parsers, and no more: they take
long, or have tests of their own. What cannot be run is in `NOT_RUN`, with the reason.
"""

import argparse
import glob
import re
import runpy
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest

import keras_stylex as ks
from keras_stylex.cli.main import build_parser

pytestmark = pytest.mark.filterwarnings(
    "default::keras_stylex.metrics.FewPicturesWarning",
    # 2026-11: Keras 3.15 says so of every tf.data.Dataset that `fit` is given.
    "ignore:`shuffle=True` was passed:UserWarning",
)

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    *sorted(ROOT.glob("docs/**/*.md")),
    *sorted(ROOT.glob("examples/*/README.md")),
]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHELLS = ("bash", "sh", "shell", "console")
INLINE = re.compile(r"`(keras-stylex [^`]+)`")
SCRIPT = re.compile(r"\S*python3? (examples|benchmarks)/")
INLINE_SCRIPT = re.compile(r"`(python (?:examples|benchmarks)/[^`]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")

# Commands and Python blocks that start so are not run: why.
NOT_RUN = {
    "python3 -m venv": "tests/integration/test_install.py installs the package",
    ". .venv/bin/activate": "the same",
    ".venv/bin/pip install": "the same",
    "pip install": "the same",
    ".venv/bin/python -m pytest": "these are the tests",
    ".venv/bin/keras-stylex quickstart": "tests/cli/test_quickstart.py runs it",
    "keras-stylex quickstart": "the same",
    "keras-stylex camera": "serves until interrupted; tests/cli/test_camera.py",
    "keras-stylex train --strategy multi-worker": "needs two machines; "
    "tests/cli/test_train_on_workers.py runs two processes",
    "cp exported/": "test_phone_examples.py compares the places with the apps'",
    "cd examples/ios": "what follows needs a Mac",
    "xcodegen": "the same",
    "pod install": "the same",
    "open ": "the same",
    "pip download": "fetches a compiler",
    "unzip": "unpacks it",
    "docker run": "needs docker; tests/export/test_serving_example.py serves instead",
    "b64()": "asks that container; tests/export/test_serving_example.py asks the same",
    "printf": "the same",
}
# Scripts that pass what they do not know on to a command of ours.
PASSED_ON = {"examples/train_shipped_weights.py": "train"}
HELP = (
    "{}: no test runs\n\n  {}\n\nRun it here: give tests/integration/conftest.py the "
    "files that it needs; or list it in NOT_RUN of tests/integration/test_documents.py "
    "with the reason."
)


def name_of(document):
    """Its path from the root on: several are called README."""
    return document.relative_to(ROOT).as_posix()


each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)


def blocks(document, *languages):
    """The fenced blocks of a document in these languages."""
    text = document.read_text(encoding="utf-8")
    return [code for language, code in BLOCK.findall(text) if language in languages]


def commands(code):
    """The commands of a shell block: continued lines joined, comments left out."""
    for line in code.replace("\\\n", " ").splitlines():
        for command in line.split("&&"):
            command = " ".join(command.removeprefix("$ ").split())
            if command and not command.startswith("#"):
                yield re.sub(r"^(\w+=('[^']*'|\S*) )+", "", command)


def not_run(code):
    """The entry of `NOT_RUN` for a command or a program, or `None`."""
    return next((start for start in NOT_RUN if code.startswith(start)), None)


def words_of(command):
    """Its words as a shell gives them, patterns replaced by the files they match."""
    for word in shlex.split(command, comments=True):
        quoted = f"'{word}'" in command
        yield from (sorted(glob.glob(word)) or [word] if not quoted else [word])


def make_room(words):
    """Removes what a command is to write: its document runs it in a fresh folder."""
    for option, value in zip(words, words[1:], strict=False):
        if option in ("--out", "-o") and "--resume" not in words:
            path = Path(value)
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


class ArgumentsRead(Exception):
    """A script's parser took its arguments, but for these."""


@pytest.fixture
def parse(monkeypatch):
    """`parse(command)`: starts a script of ours, up to where its arguments are read."""
    read = argparse.ArgumentParser.parse_known_args

    def read_and_stop(parser, *given):
        raise ArgumentsRead(read(parser, *given)[1])

    def parse(command):
        script, *words = list(words_of(command))[1:]
        path, parser = ROOT / script, argparse.ArgumentParser
        with monkeypatch.context() as patch, pytest.raises(ArgumentsRead) as stopped:
            patch.syspath_prepend(path.parent)  # as Python does for a script
            patch.setattr("sys.argv", [script, *words])
            patch.setattr(parser, "parse_known_args", read_and_stop)
            runpy.run_path(str(path), run_name="__main__")
        (left,) = stopped.value.args
        if script in PASSED_ON:
            left = unknown_options(left, parsers()[PASSED_ON[script]])
        assert left == [], command

    return parse


def unknown_options(words, parser):
    known = parser._option_string_actions
    return [w for w in words if w.startswith("-") and w.split("=")[0] not in known]


@pytest.fixture(scope="module")
def done():
    """Commands that were run: in other documents, they come to the same."""
    return set()


@each_document
def test_every_command_runs(document, workplace, quick, call, parse, done):
    for command in [c for code in blocks(document, *SHELLS) for c in commands(code)]:
        if not_run(command) is not None or command in done:
            continue
        if SCRIPT.match(command):
            parse(command)
            continue
        assert command.startswith("keras-stylex "), HELP.format(document.name, command)
        words = list(words_of(command))[1:]
        make_room(words)
        with quick():
            call(*words)
        done.add(command)


def namespace():
    """What the programs in the documents take for given."""
    rng = np.random.default_rng(0)

    def pictures(count, *size):
        ramp = np.linspace(0.2, 0.8, size[1])[:, None]
        return (ramp + 0.2 * rng.random((count, *size, 3))).astype("float32")

    generator = ks.Generator.from_preset("stylex_mobile")
    model = ks.StyleTransferGAN(generator, ks.Discriminator())
    model.compile()
    content, style = pictures(4, 32, 48), pictures(4, 32, 48)
    return {
        "content": content,
        "style": style,
        "contents": content,
        "references": style,
        "results": pictures(4, 32, 48),
        "paintings": style,
        "reference": style[0],
        "frame": pictures(1, 256, 256),
        "paint": lambda x, y: np.asarray(generator([x, y])),
        "generator": generator,
        "model": model,
        "dataset": ks.unpaired_dataset("photos/", "paintings/", 32, batch_size=2),
    }


@pytest.mark.parametrize(
    "document",
    [document for document in DOCUMENTS if blocks(document, "python")],
    ids=name_of,
)
def test_every_program_runs(document, workplace, quick):
    with quick():
        names = namespace()
        for code in blocks(document, "python"):
            if not_run(code) is None:
                exec(compile(code, str(document), "exec"), names)


def parsers():
    """The parser of every command by its name."""
    (action,) = (a for a in build_parser()._actions if getattr(a, "choices", None))
    return action.choices


@each_document
def test_commands_within_sentences_exist_and_have_their_options(document):
    text = BLOCK.sub("", document.read_text(encoding="utf-8"))
    known = parsers()
    for command in INLINE.findall(" ".join(text.split())):
        _, name, *words = command.split()
        if name == "--help":
            continue
        assert name in known, f"{document.name}: there is no `{command}`"
        unknown = unknown_options(words, known[name])
        assert unknown == [], f"{document.name}: `{command}`"


@each_document
def test_scripts_within_sentences_take_the_arguments_that_they_are_given(
    document, parse
):
    text = BLOCK.sub("", document.read_text(encoding="utf-8"))
    for command in INLINE_SCRIPT.findall(" ".join(text.split())):
        parse(command)


def test_arguments_that_a_script_does_not_take_are_found(parse):
    parse("python benchmarks/kills.py --kills 9")
    with pytest.raises(AssertionError, match="--lives"):
        parse("python benchmarks/kills.py --lives 9")
    with pytest.raises(SystemExit):
        parse("python benchmarks/kills.py --kills many")
    with pytest.raises(AssertionError, match="--sise"):
        parse(f"python {next(iter(PASSED_ON))} --data a --style b --sise 9")


@each_document
def test_links_lead_to_files(document):
    text = document.read_text(encoding="utf-8")
    links = [link for link in LINK.findall(text) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_shell_blocks_are_taken_apart():
    code = "$ a b \\\n  --c 1 && d  # why\n# comment\nX=1 Y='2 3' keras-stylex e\n\n"
    assert list(commands(code)) == ["a b --c 1", "d # why", "keras-stylex e"]
    assert list(words_of("e 'x*.y' z  # why")) == ["e", "x*.y", "z"]
