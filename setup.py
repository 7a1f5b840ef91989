"""The package list; everything else about the distribution stands in setup.cfg."""

from setuptools import find_packages, setup

setup(
    packages=find_packages(include=["keras_stylex", "keras_stylex.*"])
    + ["keras_stylex.export"],
    package_dir={"keras_stylex.export": "export"},
)
