"""Locks a file for each GPU that it is shown, says what it is shown, trains for the time given, and prints its metric.

Where another one has a GPU already, the file `clash` tells.
"""

import fcntl
import os
import sys
import time

NAMES = ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "SM2_DEVICES")
SHOWN = [os.environ.get(name, "") for name in ("CUDA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES")]
LOCKS = []

for gpu in ",".join(SHOWN).split(","):
    if gpu in ("", "-1"):
        continue
    LOCKS.append(open(f"lock-{gpu}", "w", encoding="utf-8"))
    try:
        fcntl.flock(LOCKS[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        with open("clash", "a", encoding="utf-8") as clash:
            clash.write(f"{gpu}\n")
for name in NAMES:
    print(f"{name} {os.environ.get(name, '(unset)')}")
time.sleep(float(sys.argv[1]))
print("accuracy=0.5", flush=True)
