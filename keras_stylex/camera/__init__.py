"""Exported filters live on the camera, in a browser: the page's server.

The page itself is `examples/web_camera`. Nothing here imports TensorFlow.
"""
