import numpy as np
import pytest

from keras_stylex.metrics import Subject

CONTENTS = np.random.default_rng(0).uniform(size=(5, 16, 24, 3)).astype("float32")
REFERENCES = np.random.default_rng(1).uniform(size=(3, 20, 16, 3)).astype("float32")


def paint(content, style):
    return content * style.mean((1, 2, 3), keepdims=True)


def test_each_content_gets_a_reference_in_turn():
    subject = Subject(paint, CONTENTS, REFERENCES)
    np.testing.assert_array_equal(subject.styles, REFERENCES[[0, 1, 2, 0, 1]])
    np.testing.assert_array_equal(subject.results, paint(CONTENTS, subject.styles))


def test_the_other_reference_is_another_one():
    subject = Subject(paint, CONTENTS, REFERENCES)
    np.testing.assert_array_equal(subject.other_styles, REFERENCES[[2, 0, 1, 2, 0]])
    np.testing.assert_array_equal(
        subject.other_results, paint(CONTENTS, subject.other_styles)
    )


@pytest.mark.parametrize("counts", [(0, 3), (5, 1)])
def test_too_few_pictures_are_refused(counts):
    with pytest.raises(ValueError, match="a content and two references"):
        Subject(paint, CONTENTS[: counts[0]], REFERENCES[: counts[1]])
