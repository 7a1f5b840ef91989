"""The training pipeline: what one epoch shows, what the next, and how long it is."""

import os
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.data import SkippedFiles, source, unpaired, unpaired_dataset
from keras_stylex.errors import InputError

SIZE = (8, 12)


def dataset(content, style, *args, **kwargs):
    return unpaired_dataset(content, style, SIZE, *args, **kwargs)


def epoch(dataset):
    """One epoch as two arrays `(steps, batch, h, w, 3)`."""
    content, style = zip(*dataset.as_numpy_iterator(), strict=True)
    return np.stack(content), np.stack(style)


def levels(batches):
    """The grey levels of flat pictures, in the order they were seen."""
    return np.round(batches[..., 0, 0, 0].ravel() * 255).astype(int).tolist()


def seen(dataset):
    return tuple(levels(batches) for batches in epoch(dataset))


@pytest.fixture
def ramps(save, tmp_path):
    """`ramps("photos", 2)`: a folder of pictures whose crops show where they lie."""

    def write(folder, count, size=(20, 30)):
        for index in range(count):
            y, x = np.mgrid[: size[0], : size[1]]
            picture = np.stack([4 * y, 4 * x, np.full_like(x, index)], -1)
            save(f"{folder}/{index:03}.png", picture.astype("uint8"))
        return tmp_path / folder

    return write


@pytest.fixture
def reads(monkeypatch):
    """The files that were decoded, in any order, each time they were."""
    files, read = [], source.read_training_image

    def counted(file, *args):
        files.append(os.path.basename(file))
        return read(file, *args)

    monkeypatch.setattr(source, "read_training_image", counted)
    return files


def test_batches_are_floats_of_a_known_shape_and_number(flat_pictures):
    content, style = flat_pictures("a", [0, 51, 255]), flat_pictures("b", [102])
    data = dataset(content, style, 2)
    spec = tf.TensorSpec((2, *SIZE, 3), tf.float32)
    assert data.element_spec == (spec, spec)
    assert len(data) == 2
    photos, paintings = epoch(data)
    assert photos.shape == paintings.shape == (2, 2, *SIZE, 3)
    np.testing.assert_allclose(np.unique(photos), [0, 0.2, 1], rtol=1e-6)
    np.testing.assert_allclose(paintings, 0.4, rtol=1e-6)


@pytest.mark.parametrize("cache", [True, False, "folder"])
def test_both_sources_are_fully_seen_in_every_epoch(flat_pictures, tmp_path, cache):
    content, style = flat_pictures("a", range(3)), flat_pictures("b", range(100, 111))
    cache = tmp_path / "cache" if cache == "folder" else cache
    data = dataset(content, style, 4, cache=cache)
    assert len(data) == 3
    for _ in range(3):
        photos, paintings = seen(data)
        assert len(photos) == len(paintings) == 12
        # The larger one once, but for the one that fills up the last batch; the
        # smaller one round by round.
        assert sorted(paintings[:11]) == list(range(100, 111))
        assert all(sorted(photos[i : i + 3]) == [0, 1, 2] for i in range(0, 12, 3))


def test_the_smaller_source_comes_in_a_new_order_in_every_round(flat_pictures):
    content, style = flat_pictures("a", range(40)), flat_pictures("b", range(5))
    paintings = seen(dataset(content, style, 4))[1]
    rounds = {tuple(paintings[i : i + 5]) for i in range(0, 40, 5)}
    assert len(rounds) >= 6


@pytest.mark.parametrize("cache", [True, False])
def test_one_seed_gives_one_course_and_its_epochs_differ(ramps, cache):
    content, style = ramps("a", 7), ramps("b", 3)
    courses = []
    for seed in (5, 5, 6):
        data = dataset(content, style, 2, seed=seed, cache=cache)
        courses.append([epoch(data) for _ in range(2)])
    for domain in (0, 1):
        one, same, other = ([e[domain] for e in course] for course in courses)
        np.testing.assert_array_equal(one, same)
        assert not np.array_equal(one[0], other[0])
        assert not np.array_equal(one[0], one[1])


@pytest.mark.parametrize("cache", [True, False])
def test_every_epoch_has_its_own_order(flat_pictures, cache):
    folder = flat_pictures("a", range(12))
    data = dataset(folder, folder, 4, cache=cache)
    (one, same), (other, _) = seen(data), seen(data)
    assert sorted(one) == sorted(same) == sorted(other) == list(range(12))
    assert one != same and one != other


@pytest.mark.parametrize("cache", [True, False])
def test_a_training_that_goes_on_later_sees_what_it_would_have_seen(ramps, cache):
    content, style = ramps("a", 5), ramps("b", 2)
    data = dataset(content, style, 2, cache=cache)
    course = [epoch(data) for _ in range(3)]
    later = dataset(content, style, 2, first_epoch=1, cache=cache)
    for expected in course[1:]:
        np.testing.assert_array_equal(epoch(later), expected)


def test_an_epoch_that_was_broken_off_does_not_change_the_next(ramps):
    content, style = ramps("a", 9), ramps("b", 2)
    whole, broken = dataset(content, style, 1), dataset(content, style, 1)
    epoch(whole)
    next(iter(broken))
    np.testing.assert_array_equal(epoch(broken), epoch(whole))


def test_repeat_puts_the_same_epochs_one_after_the_other(ramps):
    content, style = ramps("a", 5), ramps("b", 2)
    data = dataset(content, style, 2)
    endless = dataset(content, style, 2, repeat=True)
    assert endless.cardinality() == tf.data.INFINITE_CARDINALITY
    expected = np.concatenate([epoch(data) for _ in range(2)], axis=1)
    np.testing.assert_array_equal(epoch(endless.take(6)), expected)


@pytest.mark.parametrize("cache", [True, False])
@pytest.mark.parametrize("first", [0, 1, 3, 4, 8])
def test_a_training_that_goes_on_within_an_epoch_sees_the_same_batches(
    ramps, cache, first
):
    sources = ramps("a", 5), ramps("b", 2)  # three batches an epoch
    endless = dataset(*sources, 2, repeat=True, cache=cache)
    later = dataset(*sources, 2, repeat=True, first_batch=first, cache=cache)
    expected = epoch(endless.take(first + 5))
    for domain, actual in enumerate(epoch(later.take(5))):
        np.testing.assert_array_equal(actual, expected[domain][first:])


def test_the_first_batch_is_counted_from_the_first_epoch(ramps):
    sources = ramps("a", 5), ramps("b", 2)
    options = {"repeat": True, "cache": False}
    one = dataset(*sources, 2, first_epoch=2, first_batch=1, **options).take(3)
    other = dataset(*sources, 2, first_batch=7, **options).take(3)
    np.testing.assert_array_equal(epoch(one), epoch(other))


def corners(batches):
    """Top left pixel and direction of every crop of the ramps."""
    return {
        (*pixels[0, 0, :2], pixels[0, 0, 1] > pixels[0, 1, 1])
        for pixels in batches.reshape(-1, *batches.shape[2:])
    }


@pytest.mark.parametrize("cache", [True, False, "folder"])
def test_the_cache_does_not_freeze_crops_and_flips(ramps, tmp_path, cache):
    cache = tmp_path / "cache" if cache == "folder" else cache
    folder = ramps("a", 1)
    data = dataset(folder, folder, 1, load_size=20, cache=cache)
    crops = [epoch(data) for _ in range(8)]
    for domain in (0, 1):
        places = set().union(*(corners(c[domain]) for c in crops))
        assert len(places) >= 6  # of 13 * 19 * 2
        assert len({mirrored for *_, mirrored in places}) == 2


def test_the_two_domains_are_cropped_and_ordered_independently(ramps):
    folder = ramps("a", 12)
    photos, paintings = epoch(dataset(folder, folder, 4, load_size=20))
    assert levels(photos[..., 2:]) != levels(paintings[..., 2:])
    assert len(corners(photos) - corners(paintings)) >= 6


def test_crops_are_cut_from_the_picture_at_load_size(save, tmp_path):
    y, x = np.mgrid[:16, :24]
    picture = np.stack([4 * y, 4 * x, 0 * x], -1).astype("uint8")
    save("a/a.png", picture)
    photos, _ = epoch(dataset(tmp_path / "a", tmp_path / "a", 1, load_size=(16, 24)))
    crop = np.round(photos[0, 0] * 255).astype("uint8")
    top, left = crop[..., 0].min() // 4, crop[..., 1].min() // 4
    window = picture[top : top + SIZE[0], left : left + SIZE[1]]
    mirrored = window[:, ::-1]
    assert np.array_equal(crop, window) or np.array_equal(crop, mirrored)


def test_pictures_are_kept_an_eighth_larger_than_the_crops(flat_pictures, monkeypatch):
    covers = []

    def read(file, cover):
        covers.append(cover)
        return np.zeros((*cover, 3), "uint8")

    monkeypatch.setattr(source, "read_training_image", read)
    folder = flat_pictures("a", [1])
    unpaired_dataset(folder, folder, (128, 64))
    unpaired_dataset(folder, folder, (128, 64), augment="strong")
    unpaired_dataset(folder, folder, (128, 64), augment=False)
    assert covers == [(144, 72)] * 2 + [(192, 96)] * 2 + [(128, 64)] * 2


def test_strong_augmentation_varies_colours_of_content_pictures_alone(save, tmp_path):
    colour = (160, 100, 90)
    save("a/a.png", np.full((18, 30, 3), colour, "uint8"))
    data = dataset(tmp_path / "a", tmp_path / "a", 24, augment="strong")
    photos, paintings = epoch(data)
    assert (np.round(255 * paintings) == colour).all()
    assert len(np.unique(photos[0, :, 0, 0], axis=0)) > 20
    assert np.ptp(photos, axis=(2, 3)).max() == 0


def test_strong_augmentation_turns_pictures_the_same_way_in_every_training(ramps):
    sources = ramps("a", 5, (24, 36)), ramps("b", 3, (24, 36))
    options = {"augment": "strong", "repeat": True}
    expected = epoch(dataset(*sources, 2, **options).take(5))
    # Turned: down a column, the coordinate along the row changes, too.
    assert np.ptp(expected[1][..., 0, 1], axis=-1).max() > 4 / 255
    later = epoch(dataset(*sources, 2, **options, first_batch=4).take(1))
    for domain in (0, 1):
        np.testing.assert_array_equal(later[domain], expected[domain][4:])


def test_without_augmentation_every_epoch_is_the_same_in_order(ramps):
    content, style = ramps("a", 3), ramps("b", 2)
    data = dataset(content, style, 2, augment=False, load_size=(20, 30))
    photos, paintings = epoch(data)
    np.testing.assert_array_equal(epoch(data), (photos, paintings))
    assert levels(photos[..., 2:]) == [0, 1, 2, 0]
    assert levels(paintings[..., 2:]) == [0, 1, 0, 1]
    y, x = np.mgrid[6:14, 9:21]  # the middle of 20x30
    expected = np.stack([4 * y, 4 * x, 0 * x], -1) / 255
    np.testing.assert_allclose(photos[0, 0], expected, rtol=1e-6)


def test_sets_smaller_than_a_batch_repeat(flat_pictures):
    content, style = flat_pictures("a", [1]), flat_pictures("b", [2, 3])
    data = dataset(content, style, 5)
    assert len(data) == 1
    photos, paintings = seen(data)
    assert photos == [1] * 5
    assert {2, 3} == set(paintings)


def test_more_pictures_than_the_shuffle_buffer_are_all_seen(flat_pictures, monkeypatch):
    monkeypatch.setattr(unpaired, "SHUFFLE_BUFFER", 4)
    folder = flat_pictures("a", range(30))
    data = dataset(folder, folder, 5)
    first, second = seen(data)[0], seen(data)[0]
    assert sorted(first) == sorted(second) == list(range(30))
    # Mixed beyond the reach of the buffer, which moves pictures 4 places to the front.
    assert any(level > place + 8 for place, level in enumerate(first))


@pytest.mark.parametrize("counts, batch_size", [((6, 2), 2), ((1, 1), 1)])
def test_pictures_are_decoded_once(flat_pictures, tmp_path, reads, counts, batch_size):
    content, style = map(flat_pictures, "ab", map(range, counts))
    for cache in (True, tmp_path / "cache"):
        data = dataset(content, style, batch_size, cache=cache)
        assert len(reads) == 2  # to see that there are any
        epoch(data)
        # A picture that comes twice in a row may be decoded by two threads at once.
        assert len(reads) >= sum(counts)
        reads.clear()
        epoch(data)
        epoch(data)
        assert reads == []


@pytest.mark.parametrize(
    "limit, workers, kept",
    [(5400, 1, True), (5399, 1, False), (2880, 2, True), (2879, 2, False)],
)
def test_pictures_are_kept_in_memory_where_they_fit(
    flat_pictures, reads, monkeypatch, limit, workers, kept
):
    monkeypatch.setattr(unpaired, "CACHE_BYTES", limit)
    content, style = flat_pictures("a", range(10)), flat_pictures("b", range(5))
    data = dataset(content, style, 5, load_size=(10, 12), shard=(0, workers))
    epoch(data)
    reads.clear()
    epoch(data)
    assert (reads == []) == kept


def test_without_a_cache_nothing_is_decoded_in_vain(flat_pictures, reads):
    folder = flat_pictures("a", range(50))
    data = dataset(folder, folder, 2, cache=False)
    reads.clear()
    epoch(data)
    assert len(reads) < 2 * (50 + 20)


def test_a_cache_folder_serves_later_trainings_and_is_never_out_of_date(
    flat_pictures, save, tmp_path, reads
):
    content, cache = flat_pictures("a", [10, 20]), tmp_path / "cache"
    data = {"batch_size": 2, "cache": cache}
    assert set(seen(dataset(content, content, **data))[0]) == {10, 20}
    reads.clear()
    assert set(seen(dataset(content, content, **data))[0]) == {10, 20}
    assert reads == []
    save("a/020.png", np.full((30, 30, 3), 30, "uint8"))
    assert set(seen(dataset(content, content, **data))[0]) == {10, 30}
    wide = unpaired_dataset(content, content, (16, 16), **data)
    assert epoch(wide)[0].shape[2:] == (16, 16, 3)


def test_a_damaged_file_in_the_cache_folder_is_replaced(flat_pictures, tmp_path):
    content, cache = flat_pictures("a", [10]), tmp_path / "cache"
    seen(dataset(content, content, 1, cache=str(cache)))
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    for rest in (b"", whole[:-5]):
        file.write_bytes(rest)
        assert seen(dataset(content, content, 1, cache=str(cache)))[0] == [10]
        assert file.read_bytes() == whole


def test_a_cache_folder_that_cannot_be_made_is_refused(flat_pictures, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="file: cannot be made as a cache folder"):
        dataset(
            flat_pictures("a", [1]), flat_pictures("b", [1]), cache=tmp_path / "file"
        )


@pytest.mark.parametrize("cache", [True, False, "folder"])
def test_broken_files_neither_end_training_early_nor_stop_it(
    flat_pictures, tmp_path, cache
):
    cache = tmp_path / "cache" if cache == "folder" else cache
    content, style = flat_pictures("a", range(5)), flat_pictures("b", [100, 101])
    for index in range(6):
        (content / f"{index:03}_broken.jpg").write_text("not a picture")
    skipped = SkippedFiles()
    data = dataset(content, style, 2, cache=cache, skipped=skipped)
    assert len(data) == 6
    for _ in range(2):
        photos, paintings = seen(data)
        assert len(photos) == len(paintings) == 12
        assert set(photos) == set(range(5))
    assert [os.path.basename(file) for file, _ in skipped] == [
        f"{index:03}_broken.jpg" for index in range(6)
    ]


def test_sources_without_a_single_good_picture_are_refused_at_once(
    flat_pictures, tmp_path
):
    good = flat_pictures("a", [1])
    bad = tmp_path / "bad"
    bad.mkdir()
    with pytest.raises(InputError, match="bad: no pictures in this folder"):
        dataset(good, bad)
    (bad / "a.jpg").write_text("not a picture")
    for pair in ((good, bad), (bad, good)):
        with pytest.raises(InputError, match="bad: none of its 1 pictures can be used"):
            dataset(*pair)


def test_workers_see_disjoint_pictures_in_equally_many_batches(flat_pictures):
    content, style = flat_pictures("a", range(7)), flat_pictures("b", range(100, 103))
    parts = [dataset(content, style, 2, shard=(i, 3)) for i in range(3)]
    assert [len(part) for part in parts] == [2, 2, 2]
    photos, paintings = zip(*(seen(part) for part in parts), strict=True)
    assert [set(p) for p in photos] == [{0, 3, 6}, {1, 4}, {2, 5}]
    assert [set(p) for p in paintings] == [{100}, {101}, {102}]


def test_workers_do_not_crop_alike(ramps):
    folder = ramps("a", 2)
    data = [dataset(folder, folder, 1, load_size=20, shard=(i, 2)) for i in (0, 1)]
    places = [set().union(*(corners(epoch(d)[0]) for _ in range(8))) for d in data]
    assert places[0] != places[1]


def test_shards_are_not_divided_again_by_tf_distribute(flat_pictures):
    options = dataset(flat_pictures("a", [1]), flat_pictures("b", [1])).options()
    policy = options.experimental_distribute.auto_shard_policy
    assert policy == tf.data.experimental.AutoShardPolicy.OFF


def test_sources_of_different_kinds_go_together(flat_pictures):
    pictures = np.stack([np.full((20, 20, 3), level, "uint8") for level in (1, 2, 3)])
    tensors = tf.data.Dataset.from_tensor_slices(pictures)
    for cache in (True, False):
        data = dataset(flat_pictures("a", [9]), tensors, 3, cache=cache)
        assert len(data) == 1
        photos, paintings = seen(data)
        assert photos == [9] * 3 and sorted(paintings) == [1, 2, 3]


def test_a_model_fits_on_it_and_knows_the_number_of_steps(flat_pictures):
    class Counter(keras.Model):
        def train_step(self, data):
            content, style = data
            return {"mean": tf.reduce_mean(content) + tf.reduce_mean(style)}

    class Steps(keras.callbacks.Callback):
        planned = []

        def on_epoch_begin(self, number, logs=None):
            self.planned.append(self.params["steps"])

    # Keras assumes that it was asked to shuffle.
    warnings.filterwarnings("ignore", message="`shuffle=True` was passed")
    model, steps = Counter(), Steps()
    model.compile(optimizer="sgd")
    data = dataset(flat_pictures("a", range(5)), flat_pictures("b", [51]), 2)
    history = model.fit(data, epochs=2, verbose=0, callbacks=[steps])
    assert steps.planned == [3, 3]
    assert len(history.history["mean"]) == 2


@pytest.mark.parametrize(
    "options, reason",
    [
        ({"image_size": 0}, "must be at least 1"),
        ({"batch_size": 0}, "must be at least 1"),
        (
            {"load_size": (128, 127)},
            r"load_size=\(128, 127\) is smaller than image_size",
        ),
        ({"shard": (2, 2)}, "shard 2 of 2"),
        ({"shard": (0, 2)}, "fewer than the 2 workers"),
        ({"first_batch": -1, "repeat": True}, "first_batch=-1 must be at least 0"),
        ({"first_batch": 1}, "first_batch=1 .* needs repeat=True"),
        ({"augment": "more"}, "augment='more' must be True, False or \"strong\""),
    ],
)
def test_impossible_numbers_are_refused(flat_pictures, options, reason):
    folder = flat_pictures("a", [1])
    with pytest.raises(InputError, match=reason):
        unpaired_dataset(folder, folder, **options)


@pytest.mark.parametrize("global_seed", [0, 7])
def test_a_global_seed_of_any_value_gives_a_course(flat_pictures, global_seed):
    tf.random.set_seed(global_seed)
    try:
        folder = flat_pictures("photos", [3, 9, 20])
        numbers, _ = seen(dataset(folder, folder))
    finally:
        tf.random.set_seed(None)
    assert set(numbers) == {3, 9, 20}
