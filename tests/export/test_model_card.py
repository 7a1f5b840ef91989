"""The model card: what the run was, and nothing of the machine it ran on."""

from dataclasses import replace

import numpy as np
import pytest

from keras_stylex.export.artefact import Artefact
from keras_stylex.export.card_sections import short_source
from keras_stylex.export.model_card import CARD_NAME, ModelCard
from keras_stylex.export.parity import Parity
from keras_stylex.export.style import Style

STYLE = Style(
    name="great-wave",
    code=np.zeros((1, 4)),
    strength=0.8,
    references=(
        {"name": "wave|1.jpg", "sha256": "00", "weight": 2.0},
        {"name": "b.png", "sha256": "11", "weight": 0.5},
    ),
    picture=np.zeros((4, 6, 3)),
)
FACTS = {
    "content": "/home/somebody/photos",
    "style": "tfds:scenes/ukiyoe:trainB",
    "content_pictures": 1322,
    "style_pictures": None,
    "batch_size": 4,
    "image_size": 128,
    "load_size": 288,
    "preset": "stylex_mobile",
    "objective": "hinge",
    "seed": 0,
    "loss_weights": {"palette": 4.0, "r1": 2.5},
    "steps": 9961,
    "minutes": 31.04,
    "evaluation": {
        "content": "/mnt/disk/held out",
        "style": "paintings/",
        "figures": {"pictures": 64, "palette_gap": 0.37777},
    },
}


@pytest.fixture
def card():
    int8 = Artefact("filter.tflite", "int8", 41_600, Parity(0.0915, 0.1, 43.06))
    return ModelCard(STYLE, [int8], 581_396, FACTS, "CC BY 4.0", ["5 < 6"])


def test_it_tells_the_run_line_by_line(card):
    lines = card.markdown().splitlines()
    expected = [
        "# Model card: great-wave, strength 0.8",
        "Warning: 5 < 6",
        "| network | stylex_mobile, 581,396 weights |",
        r"| references | wave\|1.jpg (weight 2); b.png (weight 0.5) |",
        "| licence | CC BY 4.0 |",
        "| filter.tflite | 42 | 43.1 | 0.0915 |",
        "| content pictures | `photos`, 1,322 when counted |",
        "| style pictures | `tfds:scenes/ukiyoe:trainB`, their number is not stated |",
        "| steps | 9,961 |",
        "| minutes | 31.0 |",
        "| picture size | crops of 128 x 128 pixels, cut from pictures whose shorter "
        "side has 288 |",
        "| seed | 0 |",
        "| loss weights | palette 4, r1 2.5 |",
        "Contents from `held out`, references from `paintings/`; by `keras-stylex "
        "evaluate`.",
        "| pictures | 64 |",
        "| palette gap | 0.3778 |",
    ]
    assert [line for line in expected if line not in lines] == []
    for place in ("/home", "somebody", "/mnt"):
        assert place not in card.markdown()


def test_what_is_not_known_is_not_made_up(card):
    text = replace(card, training={}, licence=None, warnings=[]).markdown()
    for row in ("content pictures", "style pictures", "steps", "minutes", "seed"):
        assert f"| {row} | not stated |" in text
    assert "| network | not stated, 581,396 weights |" in text
    assert "| licence | not stated: that of the run" in text
    assert "| loss weights | not stated |" in text
    assert "None was kept: `keras-stylex evaluate RUN`" in text
    assert "Warning" not in text and "None |" not in text


@pytest.mark.parametrize(
    "source, short",
    [
        ("photos/", "photos/"),
        ("../data/photos", "../data/photos"),
        ("/home/me/photos/", "photos"),
        ("/home/me/shards/*.tfrecord", "shards/*.tfrecord"),
        ("/*.tfrecord", "*.tfrecord"),
        ("tfds:cycle_gan/monet2photo:trainB", "tfds:cycle_gan/monet2photo:trainB"),
    ],
)
def test_sources_are_named_without_the_machine_they_lie_on(source, short):
    assert short_source(source) == short


def test_every_export_has_one(whole_export):
    folder, artefacts = whole_export
    card = (folder / CARD_NAME).read_text(encoding="utf-8")
    assert "great-wave, strength 0.8" in card and "Warning: 5 < 6 & more" in card
    assert [each.name for each in artefacts if f"| {each.name} |" not in card] == []


def test_credits_that_are_known_are_its_last_section(card):
    facts = {**FACTS, "credits": "- photos, 2 from a/b: Somebody"}
    text = replace(card, training=facts).markdown()
    assert text.endswith("\n## Credits\n\n- photos, 2 from a/b: Somebody\n")
    assert "State here" not in text and "State here" in card.markdown()


def test_it_says_when_pictures_of_an_evaluation_were_trained_on(card):
    seen = "It was trained on pictures of these sources, too."
    assert seen not in card.markdown()
    own = {name: FACTS[name] for name in ("content", "style")}
    evaluation = {**FACTS["evaluation"], **own}
    text = replace(card, training={**FACTS, "evaluation": evaluation}).markdown()
    assert seen in text
