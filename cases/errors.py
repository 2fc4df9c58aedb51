"""What can be refused; each carries a sentence for the person, in Spanish."""


class Refused(Exception):
    """An act that the desk does not take; the message says what is wrong and what to do."""


class NotFound(Refused):
    """There is no such thing, or it is not the caller's to see."""


class Forbidden(Refused):
    """The step or the act is somebody else's."""


class Conflict(Refused):
    """Somebody was faster: the stored state is not the one that the caller saw."""


class Invalid(Refused):
    """Fields are missing or wrong; `fields` names each with its own sentence."""

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}
