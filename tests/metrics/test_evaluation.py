import numpy as np
import pytest

from keras_stylex.data.scenes import MANNERS, ground_truth, manner_of
from keras_stylex.metrics import evaluate_pictures, evaluate_scenes
from keras_stylex.metrics.scene_figures import scene_figures

SIZE = (80, 128)
SCENES = {"count": 6, "size": SIZE}
CONTENT = {"ssim_content", "gradient_correlation", "self_similarity"}
PAIRS = CONTENT | {"color_distance", "sensitivity"}


def copy_content(content, style):
    return content


def copy_style(content, style):
    return style


def test_copying_the_content_changes_nothing_and_ignores_the_style():
    figures = evaluate_scenes(copy_content, **SCENES)
    assert figures["palette_error"] == figures["palette_error_copy_content"]
    assert figures["ssim_content"] == pytest.approx(1)
    assert figures["sensitivity"] == 0
    assert figures["structure"] > figures["structure_limit"]
    assert figures["color_distance"] > 10


def test_copying_the_style_has_its_colors_and_not_the_layout():
    figures = evaluate_scenes(copy_style, **SCENES)
    assert figures["palette_error"] == figures["palette_error_copy_style"]
    assert figures["palette_gap"] == pytest.approx(1)
    assert figures["sensitivity"] == pytest.approx(1)
    assert figures["color_distance"] == 0
    assert figures["structure"] < 0.3
    assert figures["stroke_angle_error"] < 8
    assert figures["stroke_width_error"] < 0.25


def test_the_truth_drawn_again_reaches_the_limits():
    truth = ground_truth("strokes", **SCENES)
    pairs = zip(truth.content, truth.truth_again, strict=True)
    answers = {content.tobytes(): answer for content, answer in pairs}

    def know(content, style):
        return np.stack([answers[picture.tobytes()] for picture in content])

    figures = evaluate_scenes(know, **SCENES)
    assert figures["palette_error"] == figures["palette_error_limit"]
    assert figures["palette_gap"] == 0
    assert figures["structure"] == pytest.approx(figures["structure_limit"], abs=0.05)


def test_figures_are_plain_floats():
    figures = evaluate_scenes(copy_style, **SCENES)
    assert {type(value) for value in figures.values()} == {float}


@pytest.mark.parametrize("config", ["ukiyoe", "pointillist"])
def test_only_paintings_of_strokes_have_figures_of_strokes(config):
    figures = evaluate_scenes(copy_style, config, **SCENES)
    assert not [name for name in figures if name.startswith("stroke_")]


def test_of_mixed_manners_the_strokes_are_measured():
    figures = evaluate_scenes(copy_style, "mixed", count=8, size=SIZE)
    assert figures["stroke_angle_error"] < 12


def test_of_mixed_manners_each_has_its_palette_gap():
    truth = ground_truth("mixed", **SCENES)
    manners = [manner_of(style) for style in truth.styles]
    assert set(manners) == set(MANNERS)
    right = np.array([manner == "strokes" for manner in manners])
    results = np.where(right[:, None, None, None], truth.truth_again, truth.style)
    figures = scene_figures(results, truth)
    gaps = {manner: figures[f"palette_gap_{manner}"] for manner in MANNERS}
    assert gaps == pytest.approx({"strokes": 0, "ukiyoe": 1, "pointillist": 1})
    assert 0 < figures["palette_gap"] < 1


def test_of_one_manner_there_is_one_palette_gap():
    truth = ground_truth("ukiyoe", **SCENES)
    gaps = [name for name in scene_figures(truth.style, truth) if "gap" in name]
    assert gaps == ["palette_gap"]


def test_batches_are_small_and_in_order():
    contents, styles = np.random.default_rng(0).uniform(size=(2, 19, 16, 24, 3))
    sizes = []

    def generate(content, style):
        sizes.append(len(content))
        return content

    figures = evaluate_pictures(generate, contents, styles)
    assert sizes == [16, 3, 16, 3]
    assert figures["ssim_content"] == pytest.approx(1)


def test_any_pictures_give_the_figures_that_need_no_truth():
    contents, styles = np.random.default_rng(0).uniform(size=(2, 3, 16, 24, 3))
    figures = evaluate_pictures(copy_style, contents, styles)
    assert set(figures) == PAIRS
    assert figures["sensitivity"] == pytest.approx(1)


@pytest.mark.parametrize("counts", [(3, 2), (1, 1), (0, 0)])
def test_contents_and_styles_must_be_as_many(counts):
    contents, styles = (np.zeros((count, 16, 16, 3)) for count in counts)
    with pytest.raises(ValueError, match="as many contents as styles"):
        evaluate_pictures(copy_content, contents, styles)
