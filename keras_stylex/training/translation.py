"""One pass of the generator over a batch: all pictures and codes the losses need."""

from typing import Any, NamedTuple

from keras import ops

from keras_stylex.training.recolor import recolor


class Translation(NamedTuple):
    """What the generator makes of a batch; every field is a tensor or list of them.

    Attributes:
        content_code: Ec(x), a list of features, finest first.
        content_style: Es(x).
        style_code: Es(y).
        stylized: G(x, y).
        reconstructed_content: G(x, x).
        reconstructed_style: G(y, y).
        stylized_content_code: Ec(G(x, y)).
        stylized_style_code: Es(G(x, y)).
        cycled: D(Ec(G(x, y)), Es(x)).
    """

    content_code: Any
    content_style: Any
    style_code: Any
    stylized: Any
    reconstructed_content: Any
    reconstructed_style: Any
    stylized_content_code: Any
    stylized_style_code: Any
    cycled: Any


def translate(generator, content, style, seed_generator):
    """Encodes, decodes and encodes again, with as few and as large calls as possible.

    Args:
        generator: `Generator`.
        content: `(batch, height, width, 3)` pictures, [0, 1], sides divisible by 2.
        style: a tensor of the same shape.

    Returns: `Translation`.
    """
    both = ops.concatenate([content, style], axis=0)
    recolored = recolor(style, seed_generator)
    content_codes = generator.encode_content(
        ops.concatenate([content, recolored], axis=0)
    )
    content_code = [ops.split(code, 2)[0] for code in content_codes]
    content_style, style_code = ops.split(generator.encode_style(both), 2)
    decoded = generator.decode(
        [
            ops.concatenate([codes, code], axis=0)
            for codes, code in zip(content_codes, content_code, strict=True)
        ],
        ops.concatenate([content_style, style_code, style_code], axis=0),
    )
    reconstructed_content, reconstructed_style, stylized = ops.split(decoded, 3)
    stylized_content_code = generator.encode_content(stylized)
    return Translation(
        content_code=content_code,
        content_style=content_style,
        style_code=style_code,
        stylized=stylized,
        reconstructed_content=reconstructed_content,
        reconstructed_style=reconstructed_style,
        stylized_content_code=stylized_content_code,
        stylized_style_code=generator.encode_style(stylized),
        cycled=generator.decode(stylized_content_code, content_style),
    )
