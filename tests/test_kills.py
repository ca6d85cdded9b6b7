"""Tests of processes killed at random moments; checks/kills.py runs more of them."""

from pathlib import Path

import killing
import pytest
import servers

TRIALS = list(killing.trials(15, seed=7))


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: f"{trial.operation}-{trial.size}")
def test_a_killed_process_leaves_the_old_or_the_new_state(
    trial: killing.Trial, tmp_path: Path
) -> None:
    if trial.full and not killing.can_mount():
        pytest.skip("only root may mount a file system that can be filled")
    if trial.operation != "push":
        killing.run(trial, tmp_path / "place")
        return
    with servers.oxigraph() as url:
        killing.run(trial, tmp_path / "place", url)
