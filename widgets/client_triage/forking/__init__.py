"""Kernels forked from a warm process: a kernel provisioner for Jupyter.

`client_triage.forking.provisioner` is the side of the server, `client_triage.forking.parent` the
warm process. This room knows nothing of the others, and serves any IPython kernel.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from client_triage.forking.provisioner import ForkingProvisioner, can_fork, end, warm

__all__ = ["ForkingProvisioner", "can_fork", "end", "warm"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Import a public name when it is asked for: the warm process needs none of them."""
    if name in __all__:
        from client_triage.forking import provisioner

        return getattr(provisioner, name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
