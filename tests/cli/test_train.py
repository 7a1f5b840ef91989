"""`keras-stylex train`: what it refuses, leaves out, keeps, and goes on with."""

import contextlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from keras_stylex.cli.main import main
from keras_stylex.training.run import Run
from keras_stylex.training.run_config import RunConfig
from keras_stylex.training.run_lock import RunLock

pytestmark = [
    pytest.mark.usefixtures("small_and_eager"),
    # 2026-11: Keras 3.15 saves variables in a way that NumPy 2 deprecates.
    pytest.mark.filterwarnings(
        "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
    ),
]
PROGRAM = Path(__file__).with_name("toy_command.py")
TINY = ("--preset", "toy", "--size", "32", "--batch-size", "2", "--epoch-steps", "2")


def steps_of(run):
    return run.checkpoints.newest().position.step


@pytest.fixture
def train_refused(refused, photos, paintings, tmp_path):
    """Starts a new run on two good folders, unless told otherwise."""

    def call(*arguments, content=photos, style=paintings, out=tmp_path / "run"):
        sources = ("--content", content, "--style", style)
        # Were it not refused, it would not train for an hour.
        length = () if "--minutes" in str(arguments) else ("--steps", 1)
        return refused("train", *sources, *TINY, *length, *arguments, "--out", out)

    return call


@pytest.fixture(scope="module")
def one_step(small_and_eager, photos, paintings, tmp_path_factory):
    """A run of one step."""
    run = Run(tmp_path_factory.mktemp("one") / "step")
    options = {"preset": "toy", "image_size": 32, "batch_size": 2, "epoch_steps": 2}
    weights = {"cycle": 7}
    config = RunConfig(
        str(photos), str(paintings), steps=1, loss_weights=weights, **options
    )
    run.create(config)
    run.train(config, Console(file=io.StringIO()))
    return run


@pytest.fixture
def trained(one_step, tmp_path):
    """A copy of that run, to do what one likes with."""
    return Run(shutil.copytree(one_step.folder, tmp_path / "trained"))


def test_training_goes_on_without_broken_files_and_names_them_at_the_end(
    command, broken, paintings, tmp_path
):
    run = Run(tmp_path / "run")
    sources = ("--content", broken, "--style", paintings)
    result = command("train", *sources, *TINY, "--steps", 3, "--out", run.folder)
    assert result.code == 0, result.err
    assert (
        result.out
        == f"Wrote {run.generator_file}; sample grids are in {run.samples}.\n"
    )
    *_, header, bomb, dot, text, truncated, zero = result.err.splitlines()
    assert header == "Pictures left out: 5"
    assert bomb.startswith(f"  {broken / 'bomb.png'}: is too large")
    assert dot.startswith(f"  {broken / 'dot.png'}: 1x1 pixels are too few")
    assert text.startswith(f"  {broken / 'text.jpg'}: is not a picture")
    assert truncated.startswith(f"  {broken / 'truncated.png'}: is damaged")
    assert zero == f"  {broken / 'zero.png'}: is empty (0 bytes)"
    assert result.err.count("zero.png") == 1
    assert steps_of(run) == 3
    assert run.config.epoch_steps == 2  # as given; it would have been 50


def test_a_source_without_a_usable_picture_is_named(train_refused, broken):
    (broken / "good.png").unlink()
    line = train_refused(style=broken)
    assert line.startswith(f"{broken}: none of its 5 pictures can be used")


@pytest.mark.parametrize("what", ["missing", "empty", "text only", "a text file"])
def test_a_source_that_holds_no_pictures_is_named(train_refused, tmp_path, what):
    source = tmp_path / "source"
    if what != "missing":
        source.mkdir()
    if what == "text only":
        (source / "notes.txt").write_text("Dear diary")
    if what == "a text file":
        source = source / "photo.jpg"
        source.write_text("Dear diary")
    assert train_refused(content=source).startswith(f"{source}: ")


def test_after_a_wrong_source_the_same_folder_takes_the_right_one(
    train_refused, command, photos, paintings, tmp_path
):
    train_refused(style=tmp_path / "typo")
    sources = ("--content", photos, "--style", paintings, "--out", tmp_path / "run")
    assert command("train", *sources, *TINY, "--steps", 1).code == 0
    assert Run(tmp_path / "run").config.style == str(paintings)


@pytest.mark.parametrize(
    "source, words",
    [
        ("tfds:cycle_gan_of_mine/a:trainA", ["cycle_gan_of_mine/a", "tfds:name"]),
        ("tfds:cycle_gan/monet2foto:trainA", ["is it cycle_gan/monet2photo"]),
        ("tfds:scenes/cubist:trainA", ["scenes/cubist", "ukiyoe"]),
        ("tfds:scenes", ["tfds:scenes", "split"]),
        ("nowhere/*.tfrecord", ["nowhere/*.tfrecord"]),
    ],
)
def test_a_data_set_that_does_not_exist_is_named(train_refused, source, words):
    line = train_refused(style=source)
    assert [word for word in words if word not in line] == []


@pytest.mark.parametrize(
    "option, value, words",
    [
        ("--preset", "huge", ["'huge'", "stylex_mobile"]),
        ("--objective", "wasserstein", ["'wasserstein'", "hinge"]),
        ("--precision", "float8", ["'float8'", "mixed_bfloat16"]),
        ("--size", "17", ["17", "even"]),
        ("--batch-size", "0", ["batch_size", "0"]),
        ("--steps", "-1", ["steps", "-1"]),
        ("--minutes", "nan", ["minutes", "nan"]),
        ("--generator-rate", "0", ["generator_rate", "0"]),
        ("--discriminator-rate", "inf", ["discriminator_rate", "inf"]),
        ("--seed", "-1", ["seed", "-1"]),
        ("--cycle", "-2", ["cycle", "-2"]),
        ("--schedule", "stairs", ["'stairs'", "cosine"]),
        ("--warmup-steps", "9", ["warmup_steps=9", "steps=1"]),
        ("--clip-norm", "0", ["clip_norm", "0"]),
        ("--accumulate", "3", ["batch of 2", "accumulate=3"]),
        ("--strategy", "mirored", ["'mirored'", "multi-worker"]),
    ],
)
def test_impossible_values_are_named_before_anything_is_written(
    train_refused, tmp_path, option, value, words
):
    line = train_refused(f"{option}={value}")
    assert [word for word in words if word not in line] == []
    assert not (tmp_path / "run").exists()


def test_sources_must_be_given(refused, tmp_path):
    assert "--content and --style" in refused("train", "--out", tmp_path / "run")


def test_a_place_that_is_a_file_is_named(train_refused, tmp_path):
    (tmp_path / "run").write_text("mine")
    line = train_refused()
    assert line.startswith(f"{tmp_path / 'run'}: cannot be written (File exists); ")
    assert (tmp_path / "run").read_text() == "mine"


def test_a_run_is_not_overwritten(train_refused, trained):
    before = trained.checkpoints.files
    line = train_refused(out=trained.folder)
    assert line.startswith(f"{trained.folder}: already holds a run. ")
    assert f"train --resume --out {trained.folder}" in line
    assert trained.checkpoints.files == before


UNSAID = ("--preset", "toy", "--batch-size", "2")


@pytest.fixture(scope="module")
def following(small_and_eager, photos, paintings, process_as_it_was, tmp_path_factory):
    """A run of one step whose options follow the data, and what it said."""
    folder, said = tmp_path_factory.mktemp("following") / "run", io.StringIO()
    sources = ("--content", photos, "--style", paintings, "--steps", "1")
    words = ["train", *sources, *UNSAID, "--out", folder]
    with contextlib.redirect_stderr(said), process_as_it_was():
        assert main([str(word) for word in words]) == 0, said.getvalue()
    return Run(folder), said.getvalue()


def chosen_of(config):
    return config.image_size, config.epoch_steps, config.strong_augmentation


def test_options_follow_the_data_and_the_run_says_what_it_chose(following):
    run, said = following
    assert chosen_of(run.config) == (32, 50, True)
    facts, options = said.splitlines()[:2]
    assert facts.startswith("3 content and 2 style pictures; three in four have 32 and")
    assert options == (
        "chosen: --size 32 (as large as the content pictures are, and a margin), "
        "--epoch-steps 50 (sample grids: about 1), "
        "--strong-augmentation (2 style pictures are few), "
        "--recolor 0.2 (style pictures share hues), "
        "--look prints (or paintings, if all is brush strokes), "
        "--load-size 36 (up to 288, to show outlines and strokes)"
    )


def test_a_resumed_run_keeps_what_it_chose_unless_told_otherwise(
    command, following, tmp_path
):
    run = Run(shutil.copytree(following[0].folder, tmp_path / "resumed"))
    large = tmp_path / "large"
    large.mkdir()
    for name in range(2):
        Image.new("RGB", (300, 200), "teal").save(large / f"{name}.png")
    options = ("--content", large, "--style", large, "--epoch-steps", 3, "--steps", 2)
    result = command("train", "--resume", *options, "--out", run.folder)
    assert result.code == 0, result.err
    assert "chosen" not in result.err
    assert chosen_of(run.config) == (32, 3, True)
    assert steps_of(run) == 2


def test_a_resumed_run_takes_new_rates_weights_and_lengths(command, trained):
    options = ("--steps", 3, "--style-code", 5, "--generator-rate", 2e-4, "--no-cache")
    result = command("train", "--resume", *options, "--out", trained.folder)
    assert result.code == 0, result.err
    config = trained.config
    assert (config.steps, config.generator_rate, config.cache) == (3, 2e-4, False)
    assert config.loss_weights == {"style_code": 5, "cycle": 7}
    assert steps_of(trained) == 3


@pytest.mark.parametrize(
    "option, value, own",
    [
        ("--preset", "stylex_mobile", "toy"),
        ("--objective", "hinge", "non_saturating"),
        ("--precision", "mixed_bfloat16", "float32"),
        ("--seed", "7", "0"),
    ],
)
def test_a_resumed_run_keeps_its_networks_and_says_so(
    refused, trained, option, value, own
):
    before = trained.config
    line = refused(
        *("train", "--resume", option, value, "--steps", 9, "--out", trained.folder)
    )
    assert line.startswith(f"{option} {value}: this run has {own}, ")
    assert trained.config == before


def test_a_resumed_run_may_be_told_what_it_knows(command, trained, photos):
    options = (*TINY, "--seed", 0, "--content", photos, "--steps", 2)
    result = command("train", "--resume", *options, "--out", trained.folder)
    assert result.code == 0, result.err
    assert steps_of(trained) == 2


def test_bad_sources_of_a_resumed_run_are_not_written_down(refused, trained, tmp_path):
    before = trained.config
    (tmp_path / "empty").mkdir()
    options = ("--style", tmp_path / "empty", "--steps", 5)
    line = refused("train", "--resume", *options, "--out", trained.folder)
    assert line.startswith(f"{tmp_path / 'empty'}: no pictures")
    assert trained.config == before


def test_there_is_nothing_to_resume_in_a_folder_that_is_no_run(refused, tmp_path):
    line = refused("train", "--resume", "--out", tmp_path)
    assert line.startswith(f"{tmp_path}: holds no run")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"{", b"[1, 2]", b"{}"])
def test_a_damaged_run_json_is_named(refused, tmp_path, content):
    (tmp_path / "run.json").write_bytes(content)
    line = refused("train", "--resume", "--out", tmp_path)
    assert line.startswith(f"{tmp_path / 'run.json'}: is damaged")


def test_a_damaged_checkpoint_is_named_and_kept(refused, trained):
    (file,) = trained.checkpoints.files
    half = file.read_bytes()[:2000]
    file.write_bytes(half)
    line = refused("train", "--resume", "--steps", 2, "--out", trained.folder)
    assert line.startswith(f"{file}: is damaged")
    assert "no older checkpoint" in line and "start another run" in line
    assert file.read_bytes() == half


def test_a_run_without_checkpoints_is_not_begun_again(refused, trained):
    trained.checkpoints.files[0].unlink()
    line = refused("train", "--resume", "--steps", 2, "--out", trained.folder)
    assert line.startswith(f"{trained.checkpoints.folder}: holds no checkpoint")
    assert trained.generator_file.exists()


@pytest.mark.parametrize("kilobytes", [4, 8, 40, 400])
def test_a_full_disk_is_named_before_the_training(
    command, photos, paintings, small_disk, kilobytes
):
    run = Run(small_disk(kilobytes) / "run")
    sources = ("--content", photos, "--style", paintings)
    result = command("train", *sources, *TINY, "--steps", 6, "--out", run.folder)
    assert result.code == 2
    (line,) = result.err.splitlines()
    assert line.startswith(f"keras-stylex: {run.folder}: ") and "free some" in line
    left = {file.name for file in run.folder.rglob("*")}
    assert left <= {"run.json"}


def test_a_folder_that_is_read_only_is_named_before_the_training(
    refused, trained, small_disk
):
    disk = small_disk(9000)
    run = Run(shutil.copytree(trained.folder, disk / "run"))
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    line = refused("train", "--resume", "--steps", 9, "--out", run.folder)
    assert line.startswith(f"{run.folder}: cannot be written (Read-only file system)")


def test_a_folder_in_which_another_process_trains_is_named(refused, trained):
    with RunLock(trained.folder):
        line = refused("train", "--resume", "--steps", 9, "--out", trained.folder)
    assert line.startswith(f"{trained.folder}: process {os.getpid()} is training in")
    assert steps_of(trained) == 1


def test_ctrl_c_leaves_a_run_that_resume_continues(
    broken, paintings, tmp_path, warm_python
):
    run = Run(tmp_path / "run")
    sources = ("--content", broken, "--style", paintings, "--steps", "100000")
    training = warm_python.start(PROGRAM, "train", *sources, *TINY, "--out", run.folder)
    try:
        training.wait_for(lambda: "training: step 2 of" in training.err)
        training.send(signal.SIGINT)
        assert training.wait() == 1
    finally:
        training.kill()
    lines = [line.strip() for line in training.err.splitlines()]
    *_, stopped, last = lines
    assert "Pictures left out: 5" in lines
    assert sum("zero.png" in line for line in lines) == 1
    resume = f"keras-stylex train --resume --out {run.folder}"
    assert (stopped, last) == (
        f"Stopped. Continue with: {resume}",
        "keras-stylex: interrupted",
    )
    steps = steps_of(run)
    assert 2 <= steps < 100000
    assert not list(run.folder.glob(".*"))
    words = (*resume.split()[1:], "--steps", steps + 1)
    resumed = warm_python.start(PROGRAM, *words)
    assert resumed.wait() == 0, resumed.err
    assert steps_of(run) == steps + 1


def test_a_rate_cannot_fall_to_zero_when_the_minutes_are_over(train_refused):
    line = train_refused("--schedule", "linear", "--minutes", 1)
    assert "Give --steps instead of --minutes" in line


def test_a_malformed_cluster_is_named(train_refused, monkeypatch, tmp_path):
    monkeypatch.setenv("TF_CONFIG", "{")
    line = train_refused("--strategy", "multi-worker")
    assert line.startswith("TF_CONFIG is no JSON")
    assert not (tmp_path / "run").exists()


def test_a_worker_that_never_comes_is_named(train_refused, monkeypatch):
    address = ("127.0.0.1", 0)
    with socket.create_server(address) as one, socket.create_server(address) as other:
        ports = [each.getsockname()[1] for each in (one, other)]
    workers = [f"127.0.0.1:{port}" for port in ports]
    config = {
        "cluster": {"worker": workers},
        "task": {"type": "worker", "index": 0},
    }
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    line = train_refused("--strategy", "multi-worker", "--worker-seconds", 0.3)
    assert line.startswith(f"worker 1 ({workers[1]}) has not come within 0.3 s")
