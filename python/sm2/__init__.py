"""What a training program says to the SM2 tuner and hears from it, and tuning from within Python.

    import sm2

    with sm2.trial(steps_per_unit=468) as t:
        ...
        t.report(step=step, samples=samples, epoch=epoch, loss=loss)
        if t.evaluate(epoch, val_accuracy=accuracy) != "continue":
            ...

    best = sm2.tune(train, {"learning_rate": sm2.log_uniform(1e-4, 1.0)}, metric="val_accuracy")

For PyTorch, Hugging Face, Lightning, Keras and XGBoost: import sm2.pytorch, sm2.transformers, sm2.lightning, sm2.keras,
sm2.xgboost. Each imports its framework; this module imports none.
"""

from .schedule import Schedule
from .space import Parameter, choice, integers, log_uniform, uniform
from .trial import Action, JoinError, Trial, param, trial
from .tuning import Result, StudyError, tune

__all__ = [
    "Action",
    "JoinError",
    "Parameter",
    "Result",
    "Schedule",
    "StudyError",
    "Trial",
    "choice",
    "integers",
    "log_uniform",
    "param",
    "trial",
    "tune",
    "uniform",
]
