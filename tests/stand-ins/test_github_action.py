"""Runs the steps of examples/github-action as GitHub's runner would: with its shell, its files and its variables."""

import os
import re
import signal
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "examples/github-action"
ROLLCALL = Path(os.environ["ROLLCALL_BIN"]).absolute()
SHELL = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail"]


class Runner:
    """As much of GitHub's runner as the action and the workflow need; anything else in them is an error."""

    def __init__(self, directory):
        self.temporary = directory / "temporary"
        self.temporary.mkdir()
        self.directory = directory
        self.variables = {}
        self.outputs = {}

    def action(self, inputs):
        action = yaml.safe_load((ACTION / "action.yml").read_text())
        assert action["runs"]["using"] == "composite"
        assert inputs.keys() <= action["inputs"].keys()
        inputs = {name: inputs.get(name, value["default"]) for name, value in action["inputs"].items()}
        outer, self.outputs = self.outputs, {}
        for step in action["runs"]["steps"]:
            assert step["shell"] == "bash"
            self.step(step, {f"inputs.{name}": value for name, value in inputs.items()})
        outputs = {name: self.expand(value["value"], {}) for name, value in action["outputs"].items()}
        self.outputs = outer
        return outputs

    def step(self, step, names):
        assert step.keys() <= {"name", "id", "if", "shell", "env", "run"}
        if "if" in step and not self.condition(step["if"], names):
            return
        files = {name: self.directory / name for name in ("GITHUB_ENV", "GITHUB_OUTPUT")}
        for file in files.values():
            file.write_text("")
        script = self.directory / "step.sh"
        script.write_text(self.expand(step["run"], names))
        environment = os.environ | self.variables | files | {
            "GITHUB_ACTION_PATH": str(ACTION), "RUNNER_TEMP": str(self.temporary),
        } | {name: self.expand(value, names) for name, value in step.get("env", {}).items()}
        environment.pop("ROLLCALL_BIN")
        # Fails by the timeout if a program that the step leaves running keeps its output open.
        result = subprocess.run([*SHELL, script], cwd=ROOT, env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, timeout=60)
        assert result.returncode == 0, f"{step['name']}: {result.stdout}"
        self.variables |= pairs(files["GITHUB_ENV"])
        if "id" in step:
            self.outputs |= {f"steps.{step['id']}.outputs.{name}": value
                             for name, value in pairs(files["GITHUB_OUTPUT"]).items()}

    def condition(self, text, names):
        if text == "always()":
            return True
        name, value = re.fullmatch(r"(\S+) == '(\S*)'", text).groups()
        return names[name] == value

    def expand(self, text, names):
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: (names | self.outputs)[found[1]], text)


def pairs(file):
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


@pytest.fixture
def runner(tmp_path):
    runner = Runner(tmp_path)
    yield runner
    if pid := runner.variables.get("ROLLCALL_PID"):
        try:
            os.kill(int(pid), signal.SIGTERM)
        except ProcessLookupError:
            pass


def is_running(url):
    try:
        with urlopen(url + "/-/stand-in/time", timeout=10):
            return True
    except OSError:
        return False


def test_the_workflow_passes_with_the_program_that_the_action_installs(runner, monkeypatch):
    # Stands in for cargo, which would compile for minutes. It installs the program from the root of the project.
    cargo = runner.directory / "bin/cargo"
    cargo.parent.mkdir()
    cargo.write_text(f"""#!/bin/bash -eu
[[ $1 = install && $2 = --locked && $3 = --path && $5 = --root && $# = 6 ]]
grep --quiet '^name = "rollcall"' "$4/Cargo.toml"
mkdir -p "$6/bin" && ln -s "{ROLLCALL}" "$6/bin/rollcall"
""")
    cargo.chmod(0o755)
    monkeypatch.setenv("PATH", str(cargo.parent), prepend=os.pathsep)

    url = None
    for step in yaml.safe_load((ACTION / "workflow.yml").read_text())["jobs"]["test"]["steps"]:
        if step.get("uses", "").startswith("OWNER/rollcall/examples/github-action@"):
            outputs = runner.action(step["with"])
            runner.outputs |= {f"steps.{step['id']}.outputs.{name}": value for name, value in outputs.items()}
            url = runner.variables["ROLLCALL_URL"]
            assert outputs == {"url": url, "token": runner.variables["ROLLCALL_TOKEN"]}
            assert is_running(url)
        elif step.get("uses") != "actions/checkout@v4":
            runner.step(step, {})
    assert not is_running(url)


def test_the_action_takes_a_program_and_an_edition(runner):
    url = runner.action({"binary": str(ROLLCALL), "edition": "2026.8"})["url"]

    with urlopen(url + "/api/v3/schema/?format=json", timeout=30) as response:
        assert b'"version":"2026.8' in response.read().replace(b" ", b"")


def test_a_seed_with_an_error_fails_the_step_and_says_why(runner, tmp_path):
    (tmp_path / "seed.yaml").write_text("users: [{username: ada, nmae: Ada}]")

    with pytest.raises(AssertionError, match="nmae"):
        runner.action({"binary": str(ROLLCALL), "seed": str(tmp_path / "seed.yaml")})
