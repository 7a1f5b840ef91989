"""Compiles the phone examples as far as a computer can, and compares their pixels.

    python benchmarks/phone_examples.py android FILTER --kotlin JARS --json org-json.jar
    python benchmarks/phone_examples.py ios FILTER --inside "chroot /srv/swift"

FILTER is a float16 filter. JARS is a folder that holds the Kotlin compiler: unzip the
wheel of `pip download --no-deps kotlin-jupyter-kernel`. With --android, all of the
Android example is compiled, against that jar of Android's classes and the signatures in
examples/android/check/stubs; without it, only what needs no Android. Takes a minute.
"""

import argparse
import re
import shlex
import subprocess
import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from phone_frames import write_cases

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
ANDROID, IOS = EXAMPLES / "android", EXAMPLES / "ios"
PACKAGE = "org.kerasstylex.camera"
KOTLIN = ANDROID / "app/src/main/kotlin" / PACKAGE.replace(".", "/")
SWIFT = IOS / "StylexCamera"
PURE = (
    "EmbeddedMetadata",
    "FilterMetadata",
    "FrameSampler",
    "PixelWriter",
    "FrameRate",
)
TOLERANCE = 1e-4  # of a range of 1: float32 places on frames of some ten pixels
TURNS = {  # degrees and mirroring; AVFoundation turns and mirrors by itself
    "android": tuple(product((0, 90, 180, 270), (False, True))),
    "ios": ((0, False),),
}


def main():
    args = parse_arguments()
    check = {"android": run_kotlin, "ios": run_swift}[args.platform]
    with TemporaryDirectory() as folder:
        cases = Path(folder, "cases")
        cases.mkdir()
        metadata, expected = write_cases(cases, args.filter, TURNS[args.platform])
        printed = check(args, Path(folder), cases).splitlines()
        check_metadata(metadata, printed[0])
        check_refusals(cases, printed[1:])
        print("\n".join(printed[1:]), end="\n\n")
        found = {name: difference(cases / name, expected[name]) for name in expected}
        print(table(found))
        if max(found.values()) > TOLERANCE:
            sys.exit("The example's pixels are not NumPy's.")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("platform", choices=TURNS)
    parser.add_argument("filter", type=Path, help="a float16 filter")
    parser.add_argument("--kotlin", type=Path, help="folder of the compiler's jars")
    parser.add_argument("--json", type=Path, help="jar of org.json")
    parser.add_argument("--android", type=Path, help="android.jar")
    parser.add_argument("--inside", default="", help="goes before swiftc and programs")
    return parser.parse_args()


def run_kotlin(args, folder, cases):
    """What the Android example's check program prints."""
    if args.android:
        resources = folder / "R.kt"
        resources.write_text(resource_class(), "utf-8")
        stubs = sorted(ANDROID.glob("check/stubs/*.kt"))
        sources = [*sorted(KOTLIN.glob("*.kt")), *stubs, resources]
        kotlinc(args, folder / "app.jar", sources, args.android)
    sources = [*(KOTLIN / f"{n}.kt" for n in PURE), ANDROID / "check/CheckFrames.kt"]
    kotlinc(args, folder / "check.jar", sources, args.json)
    jars = class_path(folder / "check.jar", args.json, *stdlib(args))
    return run("java", "-cp", jars, f"{PACKAGE}.CheckFramesKt", cases)


def kotlinc(args, out, sources, library):
    options = ("-no-stdlib", "-no-reflect", "-jvm-target", "17", "-Werror")
    compiler = ("-cp", f"{args.kotlin}/*", "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler")
    jars = class_path(library, *stdlib(args))
    run("java", *compiler, *options, "-classpath", jars, "-d", out, *sources)


def stdlib(args):
    return args.kotlin.glob("kotlin-stdlib*.jar")


def class_path(*jars):
    return ":".join(map(str, jars))


def resource_class():
    """What Android's build makes of the resources, as far as a compiler needs it."""
    resources = ANDROID / "app/src/main/res"
    layout = (resources / "layout/activity_camera.xml").read_text("utf-8")
    strings = (resources / "values/strings.xml").read_text("utf-8")
    names = {
        "id": re.findall(r'"@\+id/(\w+)"', layout),
        "layout": ["activity_camera"],
        "string": re.findall(r'<string name="(\w+)"', strings),
    }
    kinds = (
        f"object {kind} {{ {'; '.join(f'const val {name} = 0' for name in found)} }}"
        for kind, found in names.items()
    )
    return f"package {PACKAGE}\n\nobject R {{ {'; '.join(kinds)} }}\n"


def run_swift(args, folder, cases):
    """What the iOS example's check program prints."""
    swiftc = (*shlex.split(args.inside), "swiftc")
    run(*swiftc, "-frontend", "-parse", *sorted(SWIFT.glob("*.swift")))
    pure = [SWIFT / f"{name}.swift" for name in PURE]
    stub, module = IOS / "check/stubs/TensorFlowLite.swift", "TensorFlowLite"
    options = ("-swift-version", "5", "-warnings-as-errors", "-parse-as-library")
    built = ("-module-name", module, "-o", folder / f"{module}.swiftmodule")
    run(*swiftc, *options, "-emit-module", *built, stub)
    run(*swiftc, *options, "-typecheck", "-I", folder, *pure, SWIFT / "Filter.swift")
    program = folder / "check"
    sources = (*pure, IOS / "check/main.swift")
    run(*swiftc, *options[:-1], "-O", *sources, "-o", program)
    return run(*shlex.split(args.inside), program, cases)


def run(*command):
    """What a command prints; ends with what it says when it fails."""
    command = list(map(str, command))
    print(f"{' '.join(command)[:100]} ...", file=sys.stderr)
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


def check_metadata(metadata, printed):
    """Ends when the program read anything else in the filter than what is there."""
    ((name, shape),) = metadata["inputs"].items()
    fields = [metadata["signature"], name, metadata["output"], *shape[1:3], 0.0, 1.0]
    expected = " ".join(map(str, [*fields, metadata["style"]["name"]]))
    if printed != expected:
        sys.exit(f"Expected: {expected}. The program read: {printed}")


def check_refusals(cases, printed):
    """Ends when the program took a file that is not a float filter's."""
    refused = {line.split(":")[0] for line in printed if not line.endswith("taken")}
    if refused != {file.name for file in cases.glob("bad_*")}:
        sys.exit("\n".join(["Files that are not filters should be refused:", *printed]))


def table(found):
    """How far the program's values are from NumPy's, file by file."""
    rows = [f"| {name} | {found[name]:.1e} |" for name in sorted(found)]
    return "\n".join(["| file | greatest difference |", "|---|---:|", *rows])


def difference(file, expected):
    kind = "u1" if expected.dtype == "uint8" else "<f4"
    values = np.fromfile(file, kind).reshape(expected.shape)
    return np.abs(values.astype("float64") - expected).max()


if __name__ == "__main__":
    main()
