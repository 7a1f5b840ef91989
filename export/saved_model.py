"""Writes what TensorFlow Serving serves."""

from pathlib import Path

import tensorflow as tf

from keras_stylex.errors import InputError, unwritable
from keras_stylex.export.folder import whole_folder
from keras_stylex.export.saved_model_checks import verify_saved_model
from keras_stylex.export.serving_files import write_settings, write_warmup
from keras_stylex.export.serving_signatures import serving_signatures


def export_saved_model(
    generator,
    folder,
    version=1,
    pictures=None,
    style=None,
    overwrite=False,
    verify=True,
):
    """Writes `folder/version/`, a SavedModel that takes any batch and any size.

    What it can be asked is described at `serving_signatures`. Warm-up requests lie
    inside, `models.config` and `batching.config` beside the versions; see
    `serving_files`. The version appears under its number when it is whole and verified;
    a server that watches the folder does not see it before.

    Args:
        generator: `Generator`.
        folder: Path of the folder of versions; its name becomes the model's.
        version: Integer, 1 or more; servers take the highest.
        pictures: list of `(height, width, 3)` real pictures to verify it on, [0, 1];
            sizes may differ. `None` draws some.
        style: `(height, width, 3)` reference to verify it on, or `None`.
        overwrite: Boolean, whether this version may be replaced.
        verify: Boolean, whether to compare it with Keras, in a fresh process.

    Returns: `SavedModelVerification`, or `None` when it is not verified.

    Raises:
        InputError: when the version exists, is no positive integer, or cannot be
            written.
        VerificationError: when it does not do what it should; nothing is left.
    """
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise InputError(f"The version must be 1, 2, 3, ... Received: {version!r}.")
    folder, verification = Path(folder), None
    existed = folder.exists()
    try:
        with whole_folder(folder / str(version), overwrite) as partial:
            _write(generator, partial, folder.resolve().name)
            if verify:
                verification = verify_saved_model(partial, generator, pictures, style)
        write_settings(folder)
    finally:
        if not existed and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return verification


def _write(generator, folder, name):
    module = tf.Module()  # of variables only: it loads where Keras is not installed
    module.weights = [weight.value for weight in generator.variables]
    try:
        tf.saved_model.save(module, str(folder), serving_signatures(generator))
        write_warmup(folder, name, generator.style_dim)
    except tf.errors.OpError as error:  # TensorFlow's own file system speaks so
        raise unwritable(folder.parent, error) from error
