"""A generator that is small, but has every part."""

import pytest


@pytest.fixture(scope="module")
def generator(make_generator):
    return make_generator()
