"""Reads an MLflow file store as MLflow does, and prints it as JSON: python3 mlflow_store.py FOLDER.

After mlflow/store/tracking/file_store.py, mlflow/utils/validation.py and mlflow/entities/ (RunStatus, LifecycleStage) of
github.com/mlflow/mlflow: what MLflow would refuse ends it with an error. Needs PyYAML, by which MLflow reads meta.yaml.
"""

import json
import re
import sys
from pathlib import Path
from urllib.parse import unquote, urlparse

import yaml

STATUS = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
NAME = re.compile(r"^[/\w.\- ]*$")  # of metrics, parameters and tags
EXPERIMENT = re.compile(r"^[a-zA-Z0-9][\w\-]{0,63}$")
RUN = re.compile(r"^[a-zA-Z0-9][\w\-]{0,255}$")
LONGEST_NAME, LONGEST_PARAMETER, LONGEST_TAG = 250, 500, 5000


def check(holds, what):
    if not holds:
        sys.exit(f"MLflow would refuse it: {what}")


def files(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = str(path.relative_to(folder))
            check(NAME.match(name) and len(name) <= LONGEST_NAME, f"the name {name!r}")
            yield name, path.read_text(encoding="utf-8")


def metric(line):
    parts = line.strip().split(" ")
    check(len(parts) == 3, f"the line {line!r}")
    time, value, step = int(parts[0]), float(parts[1]), int(parts[2])
    return {"time": time, "value": value, "step": step}


def run(folder, experiment):
    meta = yaml.safe_load((folder / "meta.yaml").read_text(encoding="utf-8"))
    check(RUN.match(meta["run_id"]) and meta["run_id"] == meta["run_uuid"] == folder.name, f"run {folder.name}")
    check(meta["experiment_id"] == experiment, f"run {folder.name} of experiment {meta['experiment_id']!r}")
    check(meta["lifecycle_stage"] == "active", "its stage")
    check(isinstance(meta["start_time"], int), "its start")
    check(meta["end_time"] is None or isinstance(meta["end_time"], int), "its end")
    check(meta["tags"] == [] and meta["source_type"] == 4, "what is kept for old versions")
    params, tags = dict(files(folder / "params")), dict(files(folder / "tags"))
    check(all(len(value) <= LONGEST_PARAMETER for value in params.values()), "a parameter's length")
    check(all(len(value) <= LONGEST_TAG for value in tags.values()), "a tag's length")
    check(tags.get("mlflow.runName") == meta["run_name"], "its name")
    return {
        "status": STATUS[meta["status"]],
        "start": meta["start_time"],
        "end": meta["end_time"],
        "artifacts": meta["artifact_uri"],
        "params": params,
        "tags": tags,
        "metrics": {name: [metric(line) for line in text.splitlines()] for name, text in files(folder / "metrics")},
    }


def experiment(folder):
    meta = yaml.safe_load((folder / "meta.yaml").read_text(encoding="utf-8"))
    check(EXPERIMENT.match(folder.name) and meta["experiment_id"] == folder.name, f"experiment {folder.name}")
    check(meta["lifecycle_stage"] == "active", "its stage")
    check(Path(unquote(urlparse(meta["artifact_location"]).path)) == folder, f"its place {meta['artifact_location']}")
    runs = [run(each, folder.name) for each in sorted(folder.iterdir()) if each.is_dir() and each.name != "tags"]
    return {"name": meta["name"], "tags": dict(files(folder / "tags")), "runs": runs}


root = Path(sys.argv[1]).resolve()
print(json.dumps([experiment(folder) for folder in sorted(root.iterdir()) if folder.name != ".trash"]))
