"""The phone examples, as far as that goes where neither can be built."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import keras
import pytest

from keras_stylex.export import RECIPES, DeviceNetwork
from keras_stylex.export.metadata import VALUE_RANGE, describe
from keras_stylex.export.parity import Parity
from keras_stylex.export.style import Style
from keras_stylex.export.tflite_checks import TFLiteVerification
from keras_stylex.export.tflite_contents import METADATA_NAME

EXAMPLES = Path(__file__).parents[2] / "examples"
ANDROID, IOS = EXAMPLES / "android", EXAMPLES / "ios"
MAIN = ANDROID / "app/src/main"
KOTLIN = {path.name: path.read_text("utf-8") for path in MAIN.glob("kotlin/**/*.kt")}
SWIFT = {
    path.name: path.read_text("utf-8") for path in IOS.glob("StylexCamera/*.swift")
}
NAME = "{http://schemas.android.com/apk/res/android}name"
RANGES = {
    "Kotlin": re.search(r'Regex\("""(.+)"""\)', KOTLIN["FilterMetadata.kt"])[1],
    "Swift": re.search("#/(.+)/#", SWIFT["FilterMetadata.swift"])[1],
}


@pytest.fixture(scope="module")
def metadata():
    frame = keras.Input((32, 44, 3), batch_size=1, name="frame")
    network = DeviceNetwork("stylize", keras.Model([frame], frame + 0), "stylized")
    seen = TFLiteVerification(9, Parity(0.5, 0.25, 40.0), 3, 2, 1)
    style = Style("wave", None, 0.8, ({"name": "a.jpg"},), None)
    return describe(network, RECIPES["float16"], seen, style)


def test_the_android_app_reads_what_an_export_writes(metadata):
    fields = re.findall(r'json\.get\w+\("(\w+)"\)', KOTLIN["FilterMetadata.kt"])
    assert sorted(fields) == ["inputs", "output", "signature", "style", "value_range"]
    assert set(fields) <= set(metadata)
    assert metadata["style"]["name"] == "wave"


def test_the_ios_app_reads_what_an_export_writes(metadata):
    keys = re.search(
        r"enum CodingKeys.+?\{(.+?)\}", SWIFT["FilterMetadata.swift"], re.S
    )
    fields = re.findall(r'"(\w+)"|(\w+)(?=[,\n])', keys[1].replace("case ", ""))
    fields = {quoted or plain for quoted, plain in fields}
    assert fields == {"inputs", "output", "signature", "style", "value_range"}
    assert fields <= set(metadata)


@pytest.mark.parametrize("language", RANGES)
def test_the_apps_tell_float_filters_from_integer_ones(language):
    pattern = re.compile(RANGES[language])
    assert pattern.fullmatch(VALUE_RANGE["float32"]).groups() == ("0", "1")
    assert pattern.fullmatch(VALUE_RANGE["uint8"]) is None


@pytest.mark.parametrize("code", [KOTLIN, SWIFT])
def test_the_apps_read_the_entry_that_an_export_embeds(code):
    (source,) = [code[name] for name in code if name.startswith("FilterMetadata.")]
    assert re.search(r'embeddedMetadata\(.*?"(\w+)"', source)[1] == METADATA_NAME


def test_the_readmes_put_the_filter_where_the_apps_look_for_it():
    name = re.search('const val MODEL = "(.+)"', KOTLIN["Filter.kt"])[1]
    places = re.findall(r"cp \S+ examples/android/(\S+)", readme(ANDROID))
    assert places == [f"app/src/main/assets/{name}"]
    resource = re.search(
        r'forResource: "(\w+)", withExtension: "(\w+)"', SWIFT["Filter.swift"]
    )
    places = re.findall(r"cp \S+ examples/ios/(\S+)", readme(IOS))
    assert places == [f"Filter/{resource[1]}.{resource[2]}"]
    assert "path: Filter\n" in (IOS / "project.yml").read_text("utf-8")


def test_the_build_files_have_the_versions_that_the_readmes_name():
    catalog = (ANDROID / "gradle/libs.versions.toml").read_text("utf-8")
    versions = dict(re.findall(r'^([\w-]+) = "([^"]+)"', catalog, re.M))
    assert "1.6.2" in readme(ANDROID) and versions["camerax"] == "1.6.2"
    assert (
        "2.3.0's `CompiledModel`" in readme(ANDROID) and versions["litert"] == "2.3.0"
    )
    build = (ANDROID / "app/build.gradle.kts").read_text("utf-8")
    assert "minSdk = 24" in build and "API level 24" in readme(ANDROID)
    assert "compileSdk = 36" in build and "platform 36" in readme(ANDROID)
    podfile = (IOS / "Podfile").read_text("utf-8")
    assert "'~> 2.17.0'" in podfile and "TensorFlowLiteSwift 2.17 " in readme(IOS)
    assert podfile.count("17.0'") == 3 and "iOS 17 " in readme(IOS)


def test_gradle_uses_what_the_catalogue_names():
    catalog = (ANDROID / "gradle/libs.versions.toml").read_text("utf-8")
    named = re.findall(r"^([\w-]+) = \{", catalog, re.M)
    files = [ANDROID / "build.gradle.kts", ANDROID / "app/build.gradle.kts"]
    text = "".join(file.read_text("utf-8") for file in files)
    used = re.findall(r"libs\.(?:plugins\.)?([\w.]+)\)", text)
    assert {name.replace(".", "-") for name in used} == set(named)
    references = re.findall(r'version\.ref = "([\w-]+)"', catalog)
    assert set(references) == set(re.findall(r'^([\w-]+) = "', catalog, re.M))


def test_the_manifest_the_layout_and_the_code_name_the_same_things():
    manifest = ElementTree.parse(MAIN / "AndroidManifest.xml").getroot()
    layout = (MAIN / "res/layout/activity_camera.xml").read_text("utf-8")
    strings = ElementTree.parse(MAIN / "res/values/strings.xml").getroot()
    ElementTree.fromstring(layout)
    assert manifest.find(".//activity").get(NAME) == ".CameraActivity"
    assert "class CameraActivity" in KOTLIN["CameraActivity.kt"]
    assert "class ComparisonView" in KOTLIN["ComparisonView.kt"]
    assert "<org.kerasstylex.camera.ComparisonView" in layout
    code = "".join(KOTLIN.values())
    xml = layout + (MAIN / "AndroidManifest.xml").read_text("utf-8")
    ids = set(re.findall(r'"@\+id/(\w+)"', layout))
    assert set(re.findall(r"R\.id\.(\w+)", code)) == ids
    used = re.findall(r"R\.string\.(\w+)", code) + re.findall(r"@string/(\w+)", xml)
    assert set(used) == {string.get("name") for string in strings}


@pytest.mark.parametrize("folder, sources", [(ANDROID, KOTLIN), (IOS, SWIFT)])
def test_every_readme_names_every_source_file(folder, sources):
    missing = [name for name in sources if f"`{name}`" not in readme(folder)]
    assert missing in ([], ["StylexCameraApp.swift"])


def readme(folder):
    return (folder / "README.md").read_text("utf-8")
