import re
from pathlib import Path

from keras_stylex.metrics.glossary import MEANINGS

DOCUMENT = Path(__file__).parents[2] / "docs" / "evaluation.md"


def test_every_figure_is_documented_and_no_other():
    rows = re.findall(r"^\| (`.*?) \|", DOCUMENT.read_text(encoding="utf-8"), re.M)
    documented = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(documented) == sorted(MEANINGS)
