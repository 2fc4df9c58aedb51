"""The table of `docs/settings.md`, made from the settings themselves; run as a module it prints it."""

from typing import Any

from service.settings import PREFIX, Settings


def shown(default: Any) -> str:
    """Write a default as an administrator would."""
    if default is None:
        return "unset"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def rows() -> list[str]:
    """Return one line a setting."""
    return [
        f"| `{PREFIX}{name.upper()}` | {shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]


if __name__ == "__main__":
    print("\n".join(rows()))  # noqa: T201 - its purpose
