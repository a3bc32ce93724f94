"""What a training program says to the SM2 tuner and hears from it.

    import sm2

    with sm2.trial(steps_per_unit=468) as t:
        ...
        t.report(step=step, samples=samples, epoch=epoch, loss=loss)
        if t.evaluate(epoch, val_accuracy=accuracy) != "continue":
            ...
"""

from .schedule import Schedule
from .trial import Action, JoinError, Trial, trial

__all__ = ["Action", "JoinError", "Schedule", "Trial", "trial"]
