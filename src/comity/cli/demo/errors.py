"""What can keep the demonstration from running through."""

from __future__ import annotations

from comity.errors import ServiceError

__all__ = ["PlaceError", "SetUpError", "StationError"]


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
