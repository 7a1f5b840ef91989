import json
from functools import partial

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_stylex import metrics
from keras_stylex.metrics import keras_metrics, kernel_distance, open_features

IMAGES, OTHERS = np.random.default_rng(0).uniform(size=(2, 8, 16, 24, 3)).astype("f4")
PAIRS = {
    keras_metrics.SSIM: metrics.ssim,
    keras_metrics.GradientCorrelation: metrics.structure,
    keras_metrics.SelfSimilarity: metrics.self_similarity,
    keras_metrics.ColorDistance: metrics.color_distance,
    keras_metrics.PaletteError: metrics.palette_error,
}


def colors():
    """Features: the mean of each channel."""
    model = keras.Sequential(
        [keras.Input((16, 24, 3)), keras.layers.GlobalAveragePooling2D()]
    )
    return open_features(model)


def means(images):
    return images.mean((1, 2))


@pytest.mark.parametrize("metric, figure", PAIRS.items())
def test_a_metric_is_the_mean_of_its_figure(metric, figure):
    counter = metric()
    for _ in range(2):
        counter.update_state(OTHERS[:5], IMAGES[:5])
        counter.update_state(OTHERS[5:], IMAGES[5:])
        expected = figure(IMAGES, OTHERS).mean()
        assert float(counter.result()) == pytest.approx(expected, rel=1e-5)
        counter.reset_state()


def test_a_picture_counts_by_its_weight():
    weights = np.array([1.0, 0.0, 0, 0, 0, 0, 0, 0])
    counter = keras_metrics.SSIM()
    counter.update_state(OTHERS, IMAGES, sample_weight=weights)
    expected = metrics.ssim(IMAGES[:1], OTHERS[:1])[0]
    assert float(counter.result()) == pytest.approx(expected, rel=1e-5)


def test_a_metric_of_pairs_can_be_saved_and_compiled():
    model = keras.Sequential([keras.Input((16, 24, 3)), keras.layers.Rescaling(0.5)])
    model.compile(metrics=[keras_metrics.SSIM()], loss="mae")
    logs = model.evaluate(IMAGES, OTHERS, batch_size=4, verbose=0, return_dict=True)
    expected = metrics.ssim(IMAGES * 0.5, OTHERS).mean()
    assert logs["ssim"] == pytest.approx(expected, rel=1e-4)
    config = keras.saving.serialize_keras_object(keras_metrics.ColorDistance())
    again = keras.saving.deserialize_keras_object(config)
    assert isinstance(again, keras_metrics.ColorDistance)


def test_kid_is_that_of_all_pictures_seen():
    kid = keras_metrics.KernelInceptionDistance(colors(), capacity=9)
    expected = kernel_distance(means(IMAGES), means(OTHERS[:5]))
    update = tf.function(kid.update_state)
    for _ in range(2):
        update(OTHERS[:5], IMAGES[:4])
        update(OTHERS[:0], IMAGES[4:])
        # Features are kept as float32.
        assert float(kid.result()) == pytest.approx(expected.value, rel=1e-3)
        error = float(kid.standard_error())
        assert error == pytest.approx(expected.standard_error, rel=1e-3)
        kid.reset_state()


def test_kid_does_not_count_what_comes_after_its_capacity():
    kid = keras_metrics.KernelInceptionDistance(colors(), capacity=5)
    kid.update_state(OTHERS, IMAGES[:3])
    kid.update_state(OTHERS, IMAGES[3:])
    expected = kernel_distance(means(IMAGES[:5]), means(OTHERS[:5]))
    assert float(kid.result()) == pytest.approx(expected.value, rel=1e-3)


def test_fid_is_that_of_all_pictures_seen():
    fid = keras_metrics.FrechetInceptionDistance(colors())
    expected = metrics.frechet_distance(means(IMAGES), means(OTHERS[:5]))
    update = tf.function(fid.update_state)
    for _ in range(2):
        update(OTHERS[:2], IMAGES[:4])
        update(OTHERS[2:5], IMAGES[4:])
        assert float(fid.result()) == pytest.approx(expected, rel=1e-3)
        fid.reset_state()


def test_fid_warns_of_few_pictures_when_it_is_read():
    fid = keras_metrics.FrechetInceptionDistance(colors())
    fid.update_state(OTHERS, IMAGES[:3])
    with pytest.warns(metrics.FewPicturesWarning, match="3 pictures with 3 features"):
        fid.result()


SETS = {
    keras_metrics.LabHistogramDistance: metrics.lab_histogram_distance,
    partial(keras_metrics.SlicedWasserstein, (16, 24)): metrics.sliced_wasserstein,
}


@pytest.mark.parametrize("metric, figure", SETS.items())
def test_figures_of_sets_are_those_of_all_pictures_seen(metric, figure):
    counter, expected = metric(), np.mean(figure(IMAGES**2, OTHERS[:5]))
    update, result = tf.function(counter.update_state), tf.function(counter.result)
    for _ in range(2):
        update(OTHERS[:2], IMAGES[:4] ** 2)
        update(OTHERS[2:5], IMAGES[4:] ** 2)
        assert float(counter.result()) == pytest.approx(expected, rel=1e-5)
        assert float(result()) == pytest.approx(expected, rel=1e-5)
        counter.reset_state()


@pytest.mark.parametrize(
    "make",
    [
        lambda: keras_metrics.KernelInceptionDistance(colors()),
        lambda: keras_metrics.FrechetInceptionDistance(colors()),
        *SETS,
    ],
)
def test_distances_of_sets_have_no_sample_weights(make):
    with pytest.raises(ValueError, match="no sample_weight"):
        make().update_state(OTHERS, IMAGES, sample_weight=np.ones(8))


@pytest.fixture
def network(tmp_path):
    """The path of a file with a network of three features."""
    pool = keras.layers.GlobalAveragePooling2D()
    keras.Sequential([keras.Input((16, 24, 3)), pool]).save(tmp_path / "colors.keras")
    return tmp_path / "colors.keras"


@pytest.mark.parametrize(
    "kind, options",
    [
        (keras_metrics.KernelInceptionDistance, {"capacity": 9}),
        (keras_metrics.FrechetInceptionDistance, {}),
    ],
)
def test_distances_by_features_of_a_file_come_back_from_a_file(kind, options, network):
    metric = kind(network, name="own", **options)
    again = deserialized(metric)
    assert again.get_config() == metric.get_config()
    for counter in (metric, again):
        counter.update_state(OTHERS, IMAGES)
    assert float(again.result()) == float(metric.result()) != 0


def test_textures_come_back_from_a_file():
    metric = keras_metrics.SlicedWasserstein((16, 24), capacity=3)
    again = deserialized(metric)
    assert (again.image_size, again.capacity) == ((16, 24), 3)


def deserialized(metric):
    text = json.dumps(keras.saving.serialize_keras_object(metric))
    return keras.saving.deserialize_keras_object(json.loads(text))


def test_features_of_a_model_in_memory_cannot_be_saved():
    metric = keras_metrics.KernelInceptionDistance(colors())
    with pytest.raises(ValueError, match="give the path of its .keras file"):
        metric.get_config()


# A process of its own: logical devices are set up before TensorFlow starts.
PROGRAM = """
import json
import keras
import numpy as np
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, halves)

from keras_stylex.metrics import keras_metrics, open_features

pictures = np.random.default_rng(0).uniform(size=(2, 12, 16, 24, 3)).astype("f4")
model = keras.Sequential(
    [keras.Input((16, 24, 3)), keras.layers.GlobalAveragePooling2D()]
)


def count(strategy):
    with strategy.scope():
        features = open_features(model)
        counters = [
            keras_metrics.SSIM(),
            keras_metrics.KernelInceptionDistance(features, capacity=16),
            keras_metrics.FrechetInceptionDistance(features),
            keras_metrics.LabHistogramDistance(),
        ]
    dataset = tf.data.Dataset.from_tensor_slices(tuple(pictures)).batch(4)

    @tf.function
    def step(real, fake):
        for counter in counters:
            counter.update_state(real, fake)

    for batch in strategy.experimental_distribute_dataset(dataset):
        strategy.run(step, batch)
    return {counter.name: float(counter.result()) for counter in counters}


one = count(tf.distribute.get_strategy())
two = count(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]))
print(json.dumps([one, two]))
"""


def test_two_replicas_count_what_one_counts(warm_python, tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    run = warm_python.start(tmp_path / "program.py")
    assert run.wait() == 0, run.err
    one, two = json.loads(run.out.splitlines()[-1])
    names = {"ssim", "kid", "fid", "lab_histogram_distance"}
    assert set(one) == names and one["kid"] != 0
    assert two == pytest.approx(one, rel=1e-3)
