"""What importing the package, and starting its command, brings along."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[1]
CONSOLE_SCRIPT = "import sys; from keras_stylex.cli.main import main; sys.exit(main())"


def run_python(*arguments):
    """What a fresh interpreter prints, and the top-level names of all it imported."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run(
        [sys.executable, "-X", "importtime", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3"},
        cwd=ROOT.anchor,  # so that nothing is found because it lies here
        capture_output=True,
        text=True,
    )
    rows = run.stderr.splitlines()
    imports = [row for row in rows if row.startswith("import time:")]
    assert run.returncode == 0, "\n".join(row for row in rows if row not in imports)
    return run.stdout, {row.split("|")[-1].strip().split(".")[0] for row in imports}


@pytest.fixture
def console_script(tmp_path):
    """What pip writes for the command; made here, as we may not be installed."""
    script = tmp_path / "keras-stylex"
    script.write_text(CONSOLE_SCRIPT)
    return script


@pytest.fixture(scope="module")
def bare_import():
    """What `import keras_stylex` alone leads to, line by line, and what it imports."""
    text, loaded = run_python(
        "-c",
        "import keras_stylex, keras, sys, importlib.util\n"
        "print(*keras.saving.get_custom_objects())\n"
        "print('keras_stylex.export' in sys.modules)\n"
        "print(importlib.util.find_spec('keras_stylex.export').origin)",
    )
    return text.splitlines(), loaded


def test_importing_the_package_registers_its_classes_with_keras(bare_import):
    networks = {"ContentEncoder", "StyleEncoder", "Decoder", "Generator"}
    public = networks | {"Discriminator", "StyleTransferGAN"}
    assert {f"keras_stylex>{name}" for name in public} <= set(bare_import[0][0].split())


def test_importing_the_package_leaves_out_what_only_some_people_need(bare_import):
    assert "tensorflow" in bare_import[1]
    assert {"tensorflow_datasets", "pyarrow"} & bare_import[1] == set()


def test_export_is_found_in_the_checkout_but_imported_only_when_asked_for(bare_import):
    assert bare_import[0][1:] == ["False", str(ROOT / "export" / "__init__.py")]


def test_the_command_prints_its_help_without_tensorflow(console_script):
    text, loaded = run_python(console_script, "--help")
    assert "keras-stylex" in text
    assert {"tensorflow", "keras", "tensorflow_datasets"} & loaded == set()


def test_the_command_as_a_module_prints_its_help_without_tensorflow():
    text, loaded = run_python("-m", "keras_stylex.cli", "--help")
    assert "keras-stylex" in text
    assert {"tensorflow", "keras", "tensorflow_datasets"} & loaded == set()


def test_a_program_named_like_the_command_still_gets_the_public_names(tmp_path):
    program = tmp_path / "keras-stylex-demo.py"
    program.write_text("import keras_stylex; print(keras_stylex.Generator.__name__)")
    assert run_python(program)[0].split() == ["Generator"]


def test_a_package_run_with_m_still_gets_the_public_names(tmp_path, monkeypatch):
    package = tmp_path / "painter"
    package.mkdir()
    (package / "__init__.py").write_text("from keras_stylex import Generator")
    (package / "__main__.py").write_text("import painter; print(painter.Generator)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "Generator" in run_python("-m", "painter")[0]
