"""Turns a generator into what is deployed: a SavedModel, and TFLite files."""
