"""TensorFlow Serving's protos, without the seconds that importing TensorFlow takes.

They import `tensorflow.core`, which lies in TensorFlow's folder and needs nothing else
of it. An empty package of that name lets Python find it there. Where TensorFlow is
imported already, it stays.
"""

import importlib.util
import sys
import types

if "tensorflow" not in sys.modules:
    _package = types.ModuleType("tensorflow")
    _package.__path__ = [
        *importlib.util.find_spec("tensorflow").submodule_search_locations
    ]
    sys.modules["tensorflow"] = _package

from tensorflow.core.framework.tensor_pb2 import TensorProto  # noqa: E402
from tensorflow.core.framework.types_pb2 import DT_STRING  # noqa: E402
from tensorflow_serving.apis.predict_pb2 import PredictRequest  # noqa: E402
from tensorflow_serving.apis.prediction_service_pb2_grpc import (  # noqa: E402
    PredictionServiceStub,
)

__all__ = ["DT_STRING", "PredictRequest", "PredictionServiceStub", "TensorProto"]
