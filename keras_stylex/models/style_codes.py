"""Arithmetic on style codes: scale, mix, fade."""

from keras import ops

from keras_stylex.errors import InputError


def normalize_style(style_code):
    """Scales style codes `(batch, style_dim)` to unit root mean square."""
    x = ops.cast(style_code, "float32")
    x = x * ops.rsqrt(ops.mean(ops.square(x), axis=-1, keepdims=True) + 1e-6)
    return ops.cast(x, style_code.dtype)


def mix_styles(style_codes, weights):
    """Blends style codes: their weighted sum, scaled to unit root mean square.

    Args:
        style_codes: `(count, style_dim)` style codes.
        weights: `(count,)` floats, 0 or more, not all zero; need not sum to one.

    Returns: `(1, style_dim)` one style code.
    """
    weights = ops.convert_to_tensor(weights, dtype="float32")
    weights = weights / ops.sum(weights)
    style_codes = ops.cast(style_codes, "float32")  # of a mixed precision network, too
    return normalize_style(ops.sum(style_codes * weights[:, None], 0, keepdims=True))


def mix_references(generator, references, weights=None):
    """One style code for one or several references.

    Args:
        generator: `Generator`.
        references: list of `(height, width, 3)` pictures, [0, 1], whose sizes may
            differ, and of `(1, style_dim)` style codes.
        weights: list of floats, 0 or more, one each; or `None` for equal ones.

    Returns: `(1, style_dim)` array.

    Raises:
        InputError: when there is not one weight per reference, one is negative or all
            are 0.
    """
    weights = [1.0] * len(references) if weights is None else list(weights)
    if len(weights) != len(references):
        raise InputError(
            "Each reference needs one weight. "
            f"Received: {len(weights)} for {len(references)} references."
        )
    if not min(weights) >= 0 or not 0 < sum(weights) < float("inf"):
        raise InputError(
            "Weights of references must be 0 or more, and not all 0. "
            f"Received: {' '.join(map(str, weights))}."
        )
    codes = [_encode(generator, reference) for reference in references]
    codes = [ops.cast(code, "float32") for code in codes]
    return ops.convert_to_numpy(mix_styles(ops.concatenate(codes), weights))


def _encode(generator, reference):
    is_code = len(reference.shape) == 2
    return reference if is_code else generator.encode_style(reference[None])


def as_style_code(generator, style):
    """The style code `(1, style_dim)` of whatever says what style is meant.

    Args:
        generator: `Generator`.
        style: A reference `(height, width, 3)`, [0, 1]; a list of references; or a
            style code, which is given back.
    """
    if isinstance(style, (list, tuple)):
        return mix_references(generator, style)
    if len(style.shape) == 3:
        return mix_references(generator, [style])
    return style


def check_strength(strength):
    """Raises `InputError` unless a strength lies in [0, 1]."""
    if not 0 <= strength <= 1:
        raise InputError(f"The strength must lie in [0, 1]. Received: {strength}.")


def fade_style(neutral, style_code, strength):
    """Moves from a neutral style to a style code.

    Args:
        neutral: `(style_dim,)`, the mean style code of content pictures.
        style_code: `(batch, style_dim)` style codes.
        strength: Float or `(batch, 1)` in [0, 1]: 0 is neutral, 1 is the style code.

    Returns: `(batch, style_dim)` style codes, unit root mean square.
    """
    neutral, style_code = (ops.cast(x, "float32") for x in (neutral, style_code))
    return normalize_style((1 - strength) * neutral + strength * style_code)
