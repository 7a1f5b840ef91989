"""What a served model can be asked, as TensorFlow functions."""

import tensorflow as tf

from keras_stylex.export.picture_bytes import decode_picture, encode_picture

SMALL_PIXELS = 256 * 256  # up to which pictures of one size are painted together


def serving_signatures(generator):
    """Makes the functions of a SavedModel, which take any batch and any size.

    Pictures are float32 `(batch, height, width, 3)` in [0, 1]; `stylized` has the size
    of `content`.

    - `serving_default`: `content`, `style` to `stylized`.
    - `encode_style`: `style` to `style_code`, `(batch, style_dim)` float32.
    - `stylize_with_code`: `content`, `style_code`, `strength` (`(batch,)` or
      `(batch, 1)`) to `stylized`. A strength outside of [0, 1] is taken as the nearest
      end, so that one request cannot fail the others of its batch.
    - `stylize_bytes`: `content_bytes`, `style_bytes`, string `(batch,)`, JPEG or PNG
      files (see `decode_picture`) of one or of many sizes, to `stylized_bytes`, PNG
      files, and `error`, both string `(batch,)`.

    A server may merge requests into one batch, so a bad row of `stylize_bytes` does not
    fail its batch: its `stylized_bytes` is empty and its `error` names the input and
    says why. In all other rows `error` is empty. A batch of a single bad row raises
    InvalidArgument with the same words; a client thus looks at both. Errors of rows
    bear no index: a row's place in a merged batch is not its place in the request.
    Whole rows of one size, up to `SMALL_PIXELS` each, go through the network together,
    all others one by one.

    Args:
        generator: `Generator`.

    Returns: dict of `tf.function` by the name of the signature.
    """
    pictures, strings = (
        tf.TensorSpec((None, None, None, 3)),
        tf.TensorSpec((None,), "string"),
    )

    def serving_default(content, style):
        return {"stylized": generator([content, style])}

    def encode_style(style):
        return {"style_code": tf.cast(generator.encode_style(style), tf.float32)}

    def stylize_with_code(content, style_code, strength):
        strength = tf.clip_by_value(tf.reshape(strength, (-1, 1)), 0.0, 1.0)
        return {"stylized": generator.stylize(content, style_code, strength)}

    def stylize_bytes(content_bytes, style_bytes):
        return _stylize_rows(generator, content_bytes, style_bytes)

    specs = {
        serving_default: (pictures, pictures),
        encode_style: (pictures,),
        stylize_with_code: (
            pictures,
            tf.TensorSpec((None, generator.style_dim)),
            tf.TensorSpec(None),
        ),
        stylize_bytes: (strings, strings),
    }
    return {
        function.__name__: tf.function(function, spec, autograph=False)
        for function, spec in specs.items()
    }


def _stylize_rows(generator, content_bytes, style_bytes):
    rows = (tf.size(content_bytes), tf.size(style_bytes))
    same = tf.debugging.Assert(
        tf.equal(*rows),
        ["content_bytes and style_bytes have different lengths:", *rows],
    )
    with tf.control_dependencies([same]):
        (content, small), (style, small_style) = (
            _decode_together(encoded) for encoded in (content_bytes, style_bytes)
        )
        stylized, *errors = tf.cond(
            small & small_style,
            lambda: _stylize_together(generator, content, style),
            lambda: _stylize_each(generator, content_bytes, style_bytes),
        )
    names = ("content_bytes", "style_bytes")
    lone = _name_errors([f"{name}[0]" for name in names], errors)
    refused = tf.debugging.Assert(
        tf.not_equal(tf.size(stylized), 1) | tf.reduce_all(tf.equal(lone, "")), [lone]
    )
    with tf.control_dependencies([refused]):
        return {
            "stylized_bytes": tf.identity(stylized),
            "error": _name_errors(names, errors),
        }


def _decode_together(encoded):
    """Decodes several small pictures of one size.

    Returns: `((values, shape), whether)`: what to make a batch of, and whether it makes
        one: there are several, all of them whole, small and of one size.
    """
    encoded = encoded[: tf.where(tf.size(encoded) > 1, tf.size(encoded), 0)]
    pixels, sizes, errors = tf.map_fn(
        _decode_small,
        encoded,
        fn_output_signature=(
            tf.RaggedTensorSpec((None,), tf.float32, ragged_rank=0),
            tf.TensorSpec((2,), tf.int32),
            tf.string,
        ),
    )
    size = tf.reduce_max(sizes, 0)  # differs from the smallest where there are none
    alike = tf.reduce_all(tf.equal(size, tf.reduce_min(sizes, 0)))
    whether = alike & tf.reduce_all(tf.equal(errors, ""))
    shape = tf.concat([[tf.size(encoded)], size, [3]], 0)
    return (pixels.flat_values, shape), whether


def _decode_small(encoded):
    picture, error = decode_picture(encoded, SMALL_PIXELS)
    return tf.reshape(picture, [-1]), tf.shape(picture)[:2], error


def _stylize_together(generator, content, style):
    """Runs the network once: the costs of a run weigh more than a small picture."""
    pictures = [tf.reshape(*each) for each in (content, style)]
    for each in pictures:
        each.set_shape((None, None, None, 3))
    encoded = tf.map_fn(encode_picture, generator(pictures), tf.string)
    return encoded, *[tf.fill(tf.shape(encoded), "")] * 2


def _stylize_each(generator, content_bytes, style_bytes):
    return tf.map_fn(
        lambda row: _stylize_row(generator, *row),
        (content_bytes, style_bytes),
        fn_output_signature=(tf.string,) * 3,
        parallel_iterations=1,  # the memory of one picture, not of ten
    )


def _stylize_row(generator, content_bytes, style_bytes):
    (content, content_error), (style, style_error) = (
        decode_picture(encoded) for encoded in (content_bytes, style_bytes)
    )
    stylized = tf.cond(
        tf.equal(content_error + style_error, ""),
        lambda: encode_picture(generator([content[None], style[None]])[0]),
        lambda: tf.constant(b""),
    )
    return stylized, content_error, style_error


def _name_errors(names, errors):
    """One string a row: `name: error; name: error`, empty where there is no error."""
    content, style = (
        tf.where(tf.equal(error, ""), "", f"{name}: " + error)
        for name, error in zip(names, errors, strict=True)
    )
    both = tf.not_equal(content, "") & tf.not_equal(style, "")
    return content + tf.where(both, "; ", "") + style
