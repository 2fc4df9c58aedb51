"""Until when a case can be put off with one choice, in the desk's own time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cases.errors import Invalid
from console.forms import Form
from console.language import gettext as _
from console.times import from_input

MORNING, AFTERNOON = time(8, 30), time(14, 30)
MONDAY = 0
OTHER = "moment"


@dataclass(frozen=True, slots=True)
class Choice:
    """A moment that is offered by name."""

    code: str
    label: str
    at: datetime


def choices(now: datetime, zone: ZoneInfo) -> Sequence[Choice]:
    """Return what is offered now, the soonest first; what is over or the same as another is left out."""
    today = now.astimezone(zone)
    afternoon = datetime.combine(today, AFTERNOON, zone)
    tomorrow = datetime.combine(today + timedelta(days=1), MORNING, zone)
    to_monday = (MONDAY - today.weekday()) % 7 or 7
    monday = datetime.combine(today + timedelta(days=to_monday), MORNING, zone)
    hour = Choice("hour", _("En una hora"), now + timedelta(hours=1))
    offered = [hour]
    if afternoon > hour.at:
        offered.append(Choice("afternoon", _("Esta tarde"), afternoon))
    offered.append(Choice("tomorrow", _("Mañana temprano"), tomorrow))
    if monday != tomorrow:
        offered.append(Choice("monday", _("El próximo lunes"), monday))
    return offered


def chosen(form: Form, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment that a form names; raises Invalid."""
    code = form.get("until", "")
    if code == OTHER:
        try:
            return from_input(form.get("at", ""), zone)
        except ValueError:
            raise Invalid(
                _("Revise los campos marcados."), {"at": _("Escriba la fecha y la hora.")}
            ) from None
    found = next((each.at for each in choices(now, zone) if each.code == code), None)
    if found is None:
        raise Invalid(_("Revise los campos marcados."), {"until": _("Elija hasta cuándo.")})
    return found
