"""The last figures of a run on its own pictures, kept in its folder."""

import hashlib
import json

from keras_stylex.errors import unwritable
from keras_stylex.training.durable_file import durable_file
from keras_stylex.training.run_evaluation import truth_config


def keep_evaluation(run, figures):
    """Writes down figures with the checksum of the generator that they are of.

    Args:
        run: `Run`.
        figures: dict of numbers by name, measured on the run's own sources.

    Raises:
        InputError: when the folder cannot be written.
    """
    scenes = truth_config(run.config)
    held_out = scenes and f"scenes/{scenes} in no split, with their truth"
    kept = {
        "generator_sha256": _checksum(run.generator_file),
        "content": held_out or run.config.content,
        "style": held_out or run.config.style,
        "figures": figures,
    }
    try:
        with durable_file(run.evaluation_file) as partial:
            partial.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise unwritable(run.evaluation_file, error) from error


def kept_evaluation(run):
    """What `keep_evaluation` wrote: `content`, `style` and `figures`.

    Returns: dict, or `None` where there is none, or the generator is another by now.
    """
    try:
        kept = json.loads(run.evaluation_file.read_text(encoding="utf-8"))
        if kept.pop("generator_sha256") != _checksum(run.generator_file):
            return None
    except (OSError, LookupError, ValueError, AttributeError, TypeError):
        return None  # none was kept, or somebody else's file
    return kept


def _checksum(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()
