"""Warnings that come when there is something to warn of, and only then."""

from types import SimpleNamespace

import numpy as np
import pytest

from keras_stylex.training.callbacks import EarlyWarning

CONTENT, STYLE = np.random.default_rng(0).random((2, 4, 8, 12, 3)).astype("float32")
WON = {"real": 5.0, "fake": -5.0}


class Painter:
    """Listens to the reference as far as it is told to."""

    def __init__(self, listening, step=500):
        self.listening = listening
        self.generator_optimizer = SimpleNamespace(iterations=step)

    def __call__(self, inputs):
        content, style = inputs
        return (1 - self.listening) * content + self.listening * style


@pytest.fixture
def make_callback():
    def make(listening, step=500, style=STYLE):
        callback = EarlyWarning(CONTENT, style, after_steps=500)
        callback.set_model(Painter(listening, step))
        return callback

    return make


def logits(name, real, fake):
    return {f"logits/{name}_real": real, f"logits/{name}_fake": fake}


def test_an_ignored_reference_is_warned_of_once(make_callback):
    callback = make_callback(listening=0.01)
    with pytest.warns(UserWarning, match="reference is being ignored.* 1%"):
        callback.on_epoch_end(0, {})
    callback.on_epoch_end(1, {})  # a second warning would be an error


def test_it_is_too_early_for_a_warning(make_callback):
    make_callback(listening=0.0, step=499).on_epoch_end(0, logits("style", **WON))


def test_a_reference_that_is_heard_gives_no_warning(make_callback):
    make_callback(listening=0.2).on_epoch_end(0, {})


def test_a_single_reference_cannot_be_ignored(make_callback):
    style = np.repeat(STYLE[:1], 4, axis=0)
    make_callback(listening=0.0, style=style).on_epoch_end(0, {})


@pytest.mark.parametrize("listening", [0.3, 1.0])
def test_sensitivity_is_logged(make_callback, listening):
    logs = {}
    make_callback(listening, step=0).on_epoch_end(0, logs)
    assert logs == {"sensitivity": pytest.approx(listening, rel=1e-5)}


@pytest.mark.parametrize("name", ["content", "style"])
def test_a_discriminator_that_has_won_is_warned_of_once(make_callback, name):
    callback = make_callback(listening=1.0)
    with pytest.warns(UserWarning, match=f"the {name} discriminator has won"):
        callback.on_epoch_end(0, logits(name, **WON))
    callback.on_epoch_end(1, logits(name, **WON))


def test_each_discriminator_has_its_own_warning(make_callback):
    callback = make_callback(listening=1.0)
    with pytest.warns(UserWarning) as given:
        callback.on_epoch_end(0, {**logits("content", **WON), **logits("style", **WON)})
    assert len(given) == 2


@pytest.mark.parametrize("real, fake", [(5.0, -3.0), (3.0, -5.0), (-5.0, -5.0)])
def test_a_discriminator_that_errs_has_not_won(make_callback, real, fake):
    make_callback(listening=1.0).on_epoch_end(0, logits("style", real, fake))
