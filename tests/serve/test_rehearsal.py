"""What the process that kernels are forked from holds once it has rehearsed."""

import subprocess
import sys

AFTERWARDS = """
from client_triage.serve.rehearsal import rehearse
rehearse()
from comm import get_comm_manager
print(len(get_comm_manager().comms))
"""


def test_a_kernel_begins_without_any_comm():
    run = [sys.executable, "-c", AFTERWARDS]  # closes the widgets of its whole process
    assert subprocess.run(run, capture_output=True, check=True, text=True).stdout == "0\n"
