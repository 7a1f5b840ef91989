"""All variables of a training, as arrays and back."""

import keras
import numpy as np


def state_variables(model):
    """Every variable that a step changes or reads, by name.

    Names are a group and a number, since Keras numbers its own names through a process.

    Args:
        model: A compiled `StyleTransferGAN`.

    Returns: dict of Keras variables: weights, averages and seeds (`model/...`), the
        slots and counters of both optimizers, the means of the epoch (`metrics/...`);
        but not learning rates, which are options.
    """
    groups = {
        "model": model.variables,
        "generator_optimizer": model.generator_optimizer.variables,
        "discriminator_optimizer": model.discriminator_optimizer.variables,
        "metrics": model.metrics_variables,
    }
    return {
        f"{group}/{number:04d}": variable
        for group, variables in groups.items()
        for number, variable in enumerate(_without_rates(variables))
    }


def state_arrays(model):
    """The values of `state_variables`, as NumPy arrays by name."""
    return {
        name: keras.ops.convert_to_tensor(_own(variable)).numpy()
        for name, variable in state_variables(model).items()
    }


def is_finite(arrays):
    """Whether no value is infinite or not a number."""
    return all(np.isfinite(array).all() for array in arrays.values())


def restore_state(model, arrays):
    """Gives a model's variables these values, but for the means of the epoch.

    Args:
        model: A compiled `StyleTransferGAN` with the same variables.
        arrays: As `state_arrays` returned them.
    """
    for name, variable in state_variables(model).items():
        if not name.startswith("metrics/"):
            variable.assign(arrays[name])


def restore_metrics(model, arrays):
    """Gives the means of the epoch under way the values they had."""
    for name, variable in state_variables(model).items():
        if name.startswith("metrics/"):
            variable.assign(arrays[name])


def _own(variable):
    """What this worker has of a variable.

    To read what is added up over replicas, such as Keras' mean loss (which we do not
    use), would take all workers; and only the chief saves.
    """
    if variable.aggregation != "sum":
        return variable
    return getattr(variable.value, "values", [variable.value])[0]


def _without_rates(variables):
    return [variable for variable in variables if variable.name != "learning_rate"]
