"""What each figure says, in a line: for tables and reports."""

from typing import NamedTuple

HIGHER, LOWER, NEITHER = "higher", "lower", ""


class Meaning(NamedTuple):
    """Which way is better, and what it measures."""

    better: str
    text: str


MEANINGS = {
    "pictures": Meaning(NEITHER, "content pictures painted"),
    "references": Meaning(NEITHER, "different references"),
    "palette_error": Meaning(LOWER, "colours against the truth, 8x8 pixels averaged"),
    "palette_error_copy_content": Meaning(NEITHER, "... of the content unchanged"),
    "palette_error_copy_style": Meaning(NEITHER, "... of the reference unchanged"),
    "palette_error_limit": Meaning(NEITHER, "... of the truth drawn again"),
    "palette_gap": Meaning(LOWER, "0: as the truth drawn again, 1: as the reference"),
    "palette_gap_strokes": Meaning(LOWER, "... of scenes painted in strokes"),
    "palette_gap_ukiyoe": Meaning(LOWER, "... of scenes printed from woodblocks"),
    "palette_gap_pointillist": Meaning(LOWER, "... of scenes painted in dots"),
    "structure": Meaning(HIGHER, "correlation of edges with the scene's"),
    "structure_limit": Meaning(NEITHER, "... of the truth itself"),
    "stroke_angle_error": Meaning(LOWER, "degrees between strokes and the truth's"),
    "stroke_width_error": Meaning(LOWER, "of the strokes, relative to the truth's"),
    "ssim_content": Meaning(HIGHER, "similarity of brightness to the content"),
    "gradient_correlation": Meaning(HIGHER, "correlation of edges with the content's"),
    "self_similarity": Meaning(HIGHER, "what is alike in the content stays alike"),
    "reconstruction_content": Meaning(LOWER, "|G(x, x) - x| of contents"),
    "reconstruction_style": Meaning(LOWER, "|G(y, y) - y| of references"),
    "color_distance": Meaning(LOWER, "colours against the reference's, Lab units"),
    "sensitivity": Meaning(HIGHER, "change with the reference; 0 is ignoring it"),
    "lab_histogram_distance": Meaning(LOWER, "colours of both sets, 1: none shared"),
    "sliced_wasserstein": Meaning(LOWER, "textures of both sets, all scales"),
    "sliced_wasserstein_finest": Meaning(LOWER, "... at the finest scale"),
    "classifier_accuracy": Meaning(NEITHER, "of a classifier, on held-out pictures"),
    "classified_as_style": Meaning(HIGHER, "results which it takes for style pictures"),
    "kid": Meaning(LOWER, "features of results against the references'"),
    "kid_standard_error": Meaning(NEITHER, "... and its standard error"),
    "kid_content": Meaning(NEITHER, "... of the contents unchanged"),
    "fid": Meaning(LOWER, "features, as normal distributions; needs thousands"),
    "retrieval": Meaning(HIGHER, "results whose style code is nearest to their own"),
    "retrieval_color": Meaning(HIGHER, "... whose colours are"),
    "retrieval_candidates": Meaning(NEITHER, "... among so many references"),
    "diversity": Meaning(HIGHER, "difference of one content in different styles"),
    "shift_error": Meaning(LOWER, "|G(Wx) - W G(x)|, shifts of 1 to 8 pixels"),
    "pan_error": Meaning(LOWER, "... from frame to frame, a pixel each"),
    "noise_gain": Meaning(LOWER, "change by noise, 1: as much as of a copy"),
}


def readable(value):
    """A figure as text: counts as they are, others with four digits."""
    return str(value) if isinstance(value, int) else f"{value:.4f}"
