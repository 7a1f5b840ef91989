"""The package list; everything else about the distribution stands in setup.cfg."""

from setuptools import find_packages, setup

setup(
    packages=find_packages(include=["keras_stylex", "keras_stylex.*"])
    + ["keras_stylex.export", "keras_stylex.camera.page"],
    package_dir={
        "keras_stylex.export": "export",
        "keras_stylex.camera.page": "examples/web_camera",
    },
)
