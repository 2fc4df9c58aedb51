"""What each person chose for their own screens."""

from typing import Any

import sqlalchemy as sa

from store.tables import preferences


class PreferenceRows:
    """One small object a person; what is not in it was never chosen."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, user: int) -> dict[str, Any]:
        """Return everything that a person chose."""
        query = sa.select(preferences.c.chosen).where(preferences.c.user_id == user)
        return dict(self._connection.execute(query).scalar() or {})

    def keep(self, user: int, **chosen: Any) -> None:
        """Keep these choices beside the earlier ones."""
        known = self._connection.execute(
            sa.select(preferences.c.chosen).where(preferences.c.user_id == user)
        ).scalar()
        if known is None:
            self._connection.execute(preferences.insert().values(user_id=user, chosen=chosen))
        else:
            self._connection.execute(
                preferences.update().where(preferences.c.user_id == user).values(chosen=known | chosen)
            )
