"""What can keep the demonstration from running through."""

from __future__ import annotations

from typing import Any

from comity.errors import ServiceError

__all__ = ["PlaceError", "RefusedError", "SetUpError", "StationError"]


class PlaceError(ServiceError):
    """The demonstration cannot use this directory."""

    code = "demo.place"
    exit_code = 2
    remedy = "Name another directory with --dir, or leave --dir out."


class SetUpError(ServiceError):
    """A node of the demonstration could not be made or started."""

    code = "demo.set-up"
    cause = "The machine is out of room or memory, or another program holds one of the ports."
    remedy = "Read the log named above, then start the demonstration again."


class StationError(ServiceError):
    """A station of the journey was not passed."""

    code = "demo.station"
    cause = "A node refused the step, or did not answer in time."
    remedy = "Read what the node said above and its log, then start the demonstration again."


class RefusedError(StationError):
    """The node refused a step of the demonstration."""

    code = "demo.refused"

    def __init__(self, status: int, problem: dict[str, Any], what: str) -> None:
        detail = problem.get("detail", "no reason given")
        super().__init__(
            f"{what}: the node answered {status}: {detail}",
            cause=str(problem.get("cause") or ""),
            remedy=str(problem.get("remedy") or ""),
            status=status,
            problem=problem.get("code", ""),
            fields=problem.get("fields", {}),
        )
        self.status = status
