"""What happens between epochs: pictures, figures, warnings, checkpoints."""

from keras_stylex.training.callbacks.checkpoint import Checkpoint as Checkpoint
from keras_stylex.training.callbacks.early_warning import EarlyWarning as EarlyWarning
from keras_stylex.training.callbacks.epoch_evaluation import (
    EpochEvaluation as EpochEvaluation,
)
from keras_stylex.training.callbacks.epoch_log import EpochLog as EpochLog
from keras_stylex.training.callbacks.epoch_scalars import EpochScalars as EpochScalars
from keras_stylex.training.callbacks.nan_guard import NaNGuard as NaNGuard
from keras_stylex.training.callbacks.resumed_epoch import ResumedEpoch as ResumedEpoch
from keras_stylex.training.callbacks.sample_grid import SampleGrid as SampleGrid
from keras_stylex.training.callbacks.stop_signal import StopSignal as StopSignal
from keras_stylex.training.callbacks.stop_together import (
    StopTogether as StopTogether,
)
from keras_stylex.training.callbacks.training_clock import (
    TrainingClock as TrainingClock,
)
from keras_stylex.training.callbacks.training_limit import (
    TrainingLimit as TrainingLimit,
)
from keras_stylex.training.callbacks.training_progress import (
    TrainingProgress as TrainingProgress,
)
