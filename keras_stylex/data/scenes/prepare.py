"""Draws the data set once and for all into the user's TFDS folder."""

import io
from contextlib import contextmanager, redirect_stdout

from keras_stylex.data.scenes.paintings import check_config
from keras_stylex.errors import full_disk, unwritable


def builder(config="strokes", data_dir=None):
    """The TFDS builder of `scenes`, prepared: drawn on the first call, then reused.

    Safe to call from several processes at once: the first to finish wins.

    Args:
        config: One of `strokes`, `ukiyoe`, `pointillist`, `mixed`; or a `ScenesConfig`.
        data_dir: Where TFDS keeps its data sets. Defaults to TFDS' own folder, which
            the environment variable `TFDS_DATA_DIR` sets.

    Returns: a `tfds.core.DatasetBuilder` with the splits `trainA` (photos), `trainB`
        (paintings), `testA` and `testB`.

    Raises:
        InputError: there is no such configuration, or no place for the pictures.
    """
    if isinstance(config, str):
        check_config(config)
    from keras_stylex.data.scenes.tfds_builder import Scenes

    scenes = Scenes(config=config, data_dir=data_dir)
    if _is_drawn(scenes):
        return scenes
    try:
        with _one_progress_bar(scenes):
            scenes.download_and_prepare()
    except Exception as error:
        if full_disk(error):  # TFDS makes a RuntimeError of it
            raise unwritable(scenes.data_path, error) from error
        # TFDS moves the finished folder into place; another process may be quicker.
        if not (isinstance(error, OSError) and _is_drawn(scenes)):
            raise
    return Scenes(config=config, data_dir=data_dir)


def _is_drawn(scenes):
    """Whether the finished folder is in place (`is_prepared` logs a warning if not)."""
    return (scenes.data_path / "dataset_info.json").exists()


@contextmanager
def _one_progress_bar(scenes):
    """Shows one bar for all splits in the place of TFDS' lines and bars."""
    import tensorflow_datasets as tfds
    from rich.console import Console
    from rich.progress import Progress

    tfds.disable_progress_bar()
    bar = Progress(console=Console(stderr=True), transient=True)
    try:
        with bar, redirect_stdout(io.StringIO()):
            task = bar.add_task("Drawing scenes", total=scenes.picture_count)
            scenes.on_example = lambda: bar.advance(task)
            yield
    finally:
        tfds.enable_progress_bar()
