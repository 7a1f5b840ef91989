"""Painting videos frame by frame, with PyAV: the extra `video`."""
