"""The camera page in a real browser, with a fake camera.

Needs Debian's `chromium`, `playwright` of the test extra, and LiteRT.js: run
`npm ci --ignore-scripts` in examples/web_camera once, or `keras-stylex camera`.
"""

import shutil
import threading
import time

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

from keras_stylex.camera.gallery import find_files, read_exhibit
from keras_stylex.camera.litert_js import find_litert
from keras_stylex.camera.server import CameraServer
from keras_stylex.camera.site import build_site
from keras_stylex.data.images import to_float
from keras_stylex.export.device_network import filter_network
from keras_stylex.export.painters import PairPainter
from keras_stylex.export.recipes import RECIPES
from keras_stylex.export.tflite import convert
from keras_stylex.export.tflite_contents import read_metadata, with_metadata

INT8, FLOAT16 = "filter_my-filter_int8.tflite", "filter_my-filter_float16.tflite"
STYLIZER, WIDE = "stylizer_float16.tflite", "filter_wide_float32.tflite"
LONG_NAME = "harbour-at-dusk-seen-from-afar"
SIZE = (44, 32)  # width and height of the exported filters
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    "--use-fake-device-for-media-stream=fps=60,device-count=2",
    *("--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"),
)
LAST_FRAME = """() => window.lastFrame && ({
    name: lastFrame.name, count: lastFrame.count,
    input: [...lastFrame.input], output: [...lastFrame.output]})"""

RECORD_WISHES = """() => {
    const cameras = navigator.mediaDevices, open = cameras.getUserMedia.bind(cameras);
    cameras.getUserMedia = (ask) => (window.facing = ask.video.facingMode, open(ask));
}"""


@pytest.fixture(scope="module")
def browser():
    chromium, litert = shutil.which("chromium"), find_litert()
    if not chromium:
        pytest.skip("needs a browser: apt-get install chromium")
    if not litert:
        pytest.skip("needs LiteRT.js: npm ci --ignore-scripts in examples/web_camera")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="pip install -e .[test]"
    )
    with playwright.sync_playwright() as started:
        yield started.chromium.launch(executable_path=chromium, args=FLAGS)


@pytest.fixture(scope="module")
def gallery(exported, toy_run, tmp_path_factory):
    """A folder of the exported files, and of a filter of another size."""
    folder = tmp_path_factory.mktemp("gallery")
    for path in exported.folder.glob("*.tflite"):
        shutil.copy(path, folder)
    generator = keras.saving.load_model(toy_run.generator_file)
    network = filter_network(generator, np.ones((1, 4), "f4"), image_size=(32, 120))
    metadata = read_metadata((folder / FLOAT16).read_bytes())
    metadata["inputs"] = {name: list(shape) for name, shape in network.inputs.items()}
    metadata["style"]["name"] = LONG_NAME
    content = convert(network, RECIPES["float32"])
    (folder / WIDE).write_bytes(with_metadata(content, metadata))
    return folder


@pytest.fixture(scope="module")
def address(browser, gallery):
    """Where the page is served."""
    exhibits = [read_exhibit(path) for path in find_files([gallery])]
    refused = ["filter_notes.tflite: is none of ours"]
    with CameraServer(build_site(exhibits, refused, find_litert()), port=0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.address
        server.shutdown()
        thread.join()


@pytest.fixture
def visit(browser, address):
    """`visit(camera=True)`: opens the page, whose camera is allowed or not."""
    contexts = []

    def open_page(camera=True, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        if camera:
            context.grant_permissions(["camera"])
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(f"{address}?inspect")
        return page

    yield open_page
    for context in contexts:
        context.close()


def wait_for(look, seconds=10):
    """What `look` returns, as soon as that is true of it."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    return seen


def frame(page, name=INT8):
    """The last frame that a filter painted: what went in, and what came out."""

    def look():
        seen = page.evaluate(LAST_FRAME)
        return seen if seen and seen["name"] == name else None

    seen = wait_for(look)
    dtype = "uint8" if "int8" in name else "float32"
    return tuple(np.array(seen[key], dtype) for key in ("input", "output"))


def choose(page, name):
    card = page.get_by_role("radio", name=name)
    card.evaluate("radio => radio.closest('label').scrollIntoView()")
    card.check(force=True)


def interpret(path, given):
    """What LiteRT in Python makes of the one input of a file."""
    interpreter = Interpreter(str(path))
    interpreter.allocate_tensors()
    (details,) = interpreter.get_input_details()
    interpreter.set_tensor(details["index"], given.reshape(details["shape"]))
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"]).ravel()


def text_is_mirrored(page):
    """The fake camera writes the time from the left edge on, in light green."""
    rows = frame(page)[0].reshape(32, 44, 3)[:8].astype(float)
    left, right = np.split(np.ptp(rows, axis=0).sum(-1), 2)
    return right.sum() > left.sum()


def takes_focus(page):
    """What of the stage takes the focus, besides the notice."""
    parts = "[...document.querySelectorAll('#stage > :not(#notice)')]"
    takes = "part => (part.focus(), part === document.activeElement)"
    return page.evaluate(f"{parts}.filter({takes}).map(part => part.id)")


def count(page):
    return page.evaluate("window.lastFrame?.count ?? 0")


def test_frames_of_the_camera_are_painted_as_in_python_to_the_bit(visit, gallery):
    page = visit()
    given, painted = frame(page)
    assert given.size == 32 * 44 * 3 and given.std() > 5  # a picture, not darkness
    assert (painted == interpret(gallery / INT8, given)).all()
    assert page.evaluate("crossOriginIsolated")
    assert "threads" in page.inner_text("#engine-used")
    before = count(page)
    wait_for(lambda: count(page) > before + 5)
    wait_for(lambda: "frames/s" in page.inner_text("#speed"))


def test_the_page_asks_nobody_but_its_own_server(visit, address):
    page = visit()
    frame(page)
    assert len(page.asked) > 10
    assert all(url.startswith((address, "blob:")) for url in page.asked)
    problem = page.evaluate("fetch('http://127.0.0.1:1/').catch(error => `${error}`)")
    assert "TypeError" in problem


def test_filters_of_several_sizes_and_types_hang_in_one_gallery(visit, gallery):
    page = visit()
    frame(page)
    assert page.get_by_role("radio").count() == 4
    assert "filter_notes.tflite" in page.inner_text("#refused")
    choose(page, "harbour")
    given, painted = frame(page, WIDE)
    assert given.size == 32 * 120 * 3 and given.max() <= 1
    np.testing.assert_allclose(painted, interpret(gallery / WIDE, given), atol=1e-4)
    box = page.locator("#stage").bounding_box()
    assert box["width"] / box["height"] == pytest.approx(120 / 32, abs=0.2)
    choose(page, "int8")
    assert frame(page)[0].size == 32 * 44 * 3


def test_a_card_says_its_whole_name_its_recipe_and_which_side_is_which(visit):
    page = visit(viewport={"width": 390, "height": 844})
    frame(page)
    card = page.locator(".gallery label", has_text=LONG_NAME)
    assert card.inner_text().split("\n") == [LONG_NAME, "float16", "32 high × 120 wide"]
    cut = "name => name.scrollHeight > name.clientHeight"
    cut += " || name.scrollWidth > name.clientWidth"
    assert not card.locator("strong").evaluate(cut)


def test_strength_is_offered_where_the_model_takes_it(visit, gallery, paintings):
    page = visit()
    frame(page)
    slider = page.get_by_role("slider", name="Strength")
    assert slider.count() == 0  # a filter has its strength folded in
    choose(page, "Your own style")
    frame(page, STYLIZER)
    reference = Image.open(paintings / "x.png").resize(SIZE)
    path = gallery / "reference.png"
    reference.save(path)
    page.set_input_files("#style-file", path)
    wait_for(lambda: page.inner_text("#style-name") == path.name)
    slider.fill("30")
    assert page.inner_text("#strength-value") == "30 %"
    style = [to_float(np.asarray(reference))]
    paint = PairPainter(gallery / STYLIZER, style, strength=0.3)

    def agrees():
        given, painted = frame(page, STYLIZER)
        expected = paint.runner(frame=given.reshape(1, 32, 44, 3), **paint.style)
        return np.allclose(painted, expected.ravel(), atol=2e-3)

    wait_for(agrees)


def test_a_refused_camera_is_said_plainly_and_pictures_do(visit, gallery, save):
    page = visit(camera=False)
    alert = page.get_by_role("alert")
    alert.get_by_text("The camera was not allowed").wait_for()
    assert page.get_by_role("button", name="Snapshot").is_disabled()
    assert takes_focus(page) == []  # what the notice hides is out of reach
    page.get_by_role("button", name="Use the sample picture").click()
    frame(page)
    pixels = np.random.default_rng(3).integers(0, 256, (32, 44, 3), dtype="uint8")
    page.set_input_files("#file", save("photo.png", pixels))
    # neither mirrored nor scaled nor recoloured
    wait_for(lambda: (frame(page)[0] == pixels.ravel()).all())
    given, painted = frame(page)
    assert (painted == interpret(gallery / INT8, given)).all()
    assert page.get_by_role("button", name="Try the camera again").is_hidden()
    assert alert.count() == 0 and takes_focus(page) == ["divider"]

    with page.expect_download() as download:
        page.get_by_role("button", name="Snapshot").click()
    assert download.value.suggested_filename.endswith(".png")
    snapshot = np.asarray(Image.open(download.value.path()).convert("RGB"))
    assert (snapshot.ravel() == painted).all()


def test_a_file_that_is_no_picture_is_named_and_frames_go_on(visit, tmp_path):
    page = visit()
    frame(page)
    (tmp_path / "diary.png").write_text("Dear diary")
    page.set_input_files("#file", tmp_path / "diary.png")
    page.get_by_text("diary.png is no picture or video").wait_for()
    before = count(page)
    wait_for(lambda: count(page) > before)


def test_a_clip_of_the_camera_is_downloaded_and_plays_as_a_file(visit, tmp_path):
    page = visit()
    frame(page)
    clip = page.get_by_role("button", name="Clip")
    clip.click()
    page.get_by_text("Recording").wait_for()
    time.sleep(0.7)
    with page.expect_download() as download:
        page.get_by_role("button", name="Stop").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.stat().st_size > 1000
    page.set_input_files("#file", path)
    camera = page.get_by_role("button", name="Camera", exact=True)
    wait_for(lambda: camera.get_attribute("aria-pressed") == "false")
    wait_for(lambda: count(page) > 2)


def test_a_model_that_arrives_damaged_is_named_and_the_others_work(visit):
    page = visit()
    frame(page)

    def damage(route):
        content = route.fetch().body()
        route.fulfill(body=content[: len(content) // 3])

    page.route("**/models/*.tflite", damage)
    choose(page, "harbour")
    page.get_by_text(f"{WIDE} could not be run").wait_for()
    page.unroute("**/models/*.tflite")
    choose(page, "my-filter float16")
    frame(page, FLOAT16)


@pytest.mark.parametrize("size", [(320, 568), (844, 390), (1400, 900)])
def test_the_page_fits_any_screen_and_goes_on_when_turned(visit, size):
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True)
    frame(page)
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    box = page.locator("#stage").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    smallest = "Math.min(...[...document.querySelectorAll('button, .button, select')]"
    smallest += ".map(e => e.offsetHeight).filter(Boolean))"
    assert page.evaluate(smallest) >= 44  # what a finger hits
    before = count(page)
    wait_for(lambda: count(page) > before + 2)


def walk(page, stop):
    """Presses Tab up to an id, or a type of input; returns all that had the focus."""
    seen, focus = [], "document.activeElement"
    while stop not in seen:
        page.keyboard.press("Tab")
        seen.append(page.evaluate(f"{focus}.id || {focus}.type"))
        assert len(seen) < 10, seen
    return seen


def test_everything_is_within_reach_of_keys(visit):
    page = visit()
    frame(page)
    assert walk(page, "divider") == ["divider"]
    divider = page.get_by_role("slider", name="Divider")
    for key, value in [("ArrowRight", 52), ("PageDown", 42), ("Home", 0), ("End", 100)]:
        page.keyboard.press(key)
        assert divider.get_attribute("aria-valuenow") == str(value)
    assert walk(page, "snapshot") == ["camera", "flip", "file", "snapshot"]
    with page.expect_download():
        page.keyboard.press("Enter")
    assert walk(page, "radio") == ["clip", "radio"]
    while not page.get_by_role("radio", name="Your own style").is_checked():
        page.keyboard.press("ArrowDown")  # the radio group's own keys
    frame(page, STYLIZER)
    assert walk(page, "strength") == ["strength"]
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#strength-value") == "99 %"
    assert walk(page, "engine") == ["style-file", "engine"]


def test_the_divider_follows_the_pointer(visit):
    page = visit()
    frame(page)
    box = page.locator("#stage").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, middle)
    page.mouse.up()
    divider = page.get_by_role("slider", name="Divider")
    assert divider.get_attribute("aria-valuenow") == "25"


def test_the_camera_at_the_back_is_not_mirrored(visit):
    page = visit()
    page.evaluate(RECORD_WISHES)
    assert text_is_mirrored(page)
    flip = page.get_by_role("button", name="Flip")
    flip.click()
    wait_for(lambda: not text_is_mirrored(page))
    assert page.evaluate("window.facing") == "environment"
    flip.click()
    wait_for(lambda: text_is_mirrored(page))
    assert page.evaluate("window.facing") == "user"


@pytest.fixture
def on_cpu(visit):
    """A page of a browser with WebGPU, a float filter on the CPU yet."""
    page = visit()
    frame(page)
    gpu = "navigator.gpu?.requestAdapter().then(Boolean, () => false) ?? false"
    if not page.evaluate(gpu):
        pytest.skip("needs WebGPU: this chromium has no SwiftShader to emulate it")
    choose(page, "my-filter float16")
    frame(page, FLOAT16)
    assert "WebAssembly" in page.inner_text("#engine-used")  # no real GPU
    return page


def test_a_float_filter_paints_on_webgpu_what_it_paints_in_python(on_cpu, gallery):
    on_cpu.get_by_label("Runs on").select_option("webgpu")
    wait_for(lambda: on_cpu.inner_text("#engine-used") == "WebGPU")
    on_cpu.evaluate("delete window.lastFrame")  # the CPU's
    given, painted = frame(on_cpu, FLOAT16)
    np.testing.assert_allclose(painted, interpret(gallery / FLOAT16, given), atol=1e-3)


def test_where_webgpu_paints_something_else_the_cpu_takes_over(on_cpu, save):
    other = save("other.png", np.zeros((32, 44, 3), "uint8"))
    on_cpu.route("**/models/*.png", lambda route: route.fulfill(path=other))
    on_cpu.get_by_label("Runs on").select_option("webgpu")
    on_cpu.get_by_text("WebGPU paints this filter wrongly here").wait_for()
    assert "WebAssembly" in on_cpu.inner_text("#engine-used")
    before = count(on_cpu)
    wait_for(lambda: count(on_cpu) > before)
