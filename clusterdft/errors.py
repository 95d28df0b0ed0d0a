"""What can go wrong. A message says what was given, what is allowed and what to try."""


class ClusterDftError(Exception):
    """Base class: everything that clusterdft raises on purpose."""


class InputError(ClusterDftError, ValueError):
    """The input is impossible or unknown; nothing was computed."""


class ScfNotConverged(ClusterDftError):
    """The self-consistent field did not converge.

    Attributes
    ----------
    last_step : the last ``ScfStep``, for inspection only: its energy and forces are not results.
    """

    def __init__(self, message, last_step=None):
        super().__init__(message)
        self.last_step = last_step

    def __reduce__(self):
        return type(self), (*self.args, self.last_step)


class StoreError(ClusterDftError):
    """The store cannot be opened, written, or belongs to another search."""
