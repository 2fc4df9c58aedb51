"""What the assistant says to a message: it acknowledges, asks at most one thing, offers articles, tells how a case goes.

It says that it is a machine, stops when a person of the desk writes, and sends no article that was not approved.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cases.traffic import Choice
from cases.vocabulary import STAGE_TITLES, Status
from intake.dialogue import words
from intake.dialogue.phrases import Translate, speaking
from intake.dialogue.states import (
    Asked,
    Commenting,
    DialogueState,
    Listening,
    Offer,
    Offered,
    Rating,
    Shown,
)
from intake.dialogue.turns import CaseFacts, Deed, Done, Heard, Say, Turn

QUIET = timedelta(minutes=10)
"""After an acknowledgement of an addition, further ones are not acknowledged for this long."""

INTRODUCED = timedelta(hours=12)
"""For so long the assistant does not say again what it is."""

LONGEST_COMMENT = 1_000


def respond(state: DialogueState, heard: Heard, case: CaseFacts, now: datetime, *, chat: bool) -> Turn:
    """Answer one message about a case; `chat` says whether the channel has short turns."""
    said = words.plain(heard.text)
    state = _hearing(state, heard.text)
    say = speaking(state.language)
    if case.opened_now:
        return _registered(state, heard, case, now, say, chat=chat)
    if case.reopened_now:
        text = say(
            "Reabrí su caso {number}. Una persona del equipo lo revisará otra vez y le responderá por aquí."
        )
        return Turn(
            DialogueState(language=state.language, acknowledged=now), (Say(text.format(number=case.number)),)
        )
    asked = _asked_for(state, said, case, say)
    if asked is not None:
        return asked
    answered = _answer_to_phase(state, heard, said, case, say)
    if answered is not None:
        return answered
    if state.person_writes or case.status is Status.CLOSED:
        return Turn(state)
    return _addition(state, case, now, say)


def _hearing(state: DialogueState, text: str) -> DialogueState:
    """Speak the language that a message is clearly written in."""
    return replace(state, language=words.language_in(text) or state.language)


def _registered(
    state: DialogueState, heard: Heard, case: CaseFacts, now: datetime, say: Translate, *, chat: bool
) -> Turn:
    """Acknowledge a new case; then one thing only: a question where the report is unclear, else what may help."""
    said = words.plain(heard.text)
    lines = [_introduction(state, said, now, say).format(number=case.number)]
    if case.opens is not None:
        lines.append(
            say("Ahora estamos fuera de horario; le respondemos {opens}.").format(opens=_opening(case, say))
        )
    if chat:
        lines.append(say("Escriba *estado* para saber cómo va, o *persona* para hablar con una persona."))
    lines.append(say("También puede seguir su caso aquí: {page}").format(page=case.page))
    fresh = DialogueState(language=state.language, acknowledged=now, introduced=now)
    if words.wants_person(said) or words.complains(said):
        deed = Deed.COMPLAINT if words.complains(said) else Deed.PERSON_WANTED
        called = replace(fresh, wants_person=True)
        return Turn(called, (Say(_written(lines, chat=chat)),), done=(Done(deed),))
    if heard.unsure and chat:
        lines.append(say("Para atenderle mejor, ¿qué le pasa?"))
        return Turn(replace(fresh, phase=Asked()), (Say(_written(lines, chat=chat), _kinds(say)),))
    if heard.offers:
        lines.append(say("Mientras tanto, esto puede ayudarle:"))
        fresh = replace(fresh, phase=Offered(tuple(heard.offers)))
    return Turn(fresh, (Say(_written(lines, chat=chat), _offered(heard.offers)),))


def _opening(case: CaseFacts, say: Translate) -> str:
    """Say when the desk works again, as a person would: today, tomorrow, or by its date."""
    assert case.opens is not None  # asked only where the desk is closed
    days = (case.opens.date() - case.today).days if case.today is not None else -1
    when = {0: say("hoy desde las {time}"), 1: say("mañana desde las {time}")}
    return when.get(days, say("el {date} desde las {time}")).format(
        date=f"{case.opens:%d/%m}", time=f"{case.opens:%H:%M}"
    )


def _introduction(state: DialogueState, said: str, now: datetime, say: Translate) -> str:
    """Say that the case is registered, and what speaks unless it was said lately."""
    if words.complains(said):
        text = say("Lamento lo ocurrido. Registré su queja con el número *{number}* y la verá el supervisor.")
    else:
        text = say(
            "Registré su reporte con el número *{number}*; una persona del equipo lo revisará y le responderá por aquí."
        )
    if state.introduced is not None and now - state.introduced < INTRODUCED:
        return text
    return f"{say('Hola, soy el asistente automático de la mesa de soporte.')} {text}"


def _written(lines: list[str], *, chat: bool) -> str:
    text = "\n\n".join(lines)
    return text if chat else text.replace("*", "")


def _kinds(say: Translate) -> tuple[Choice, ...]:
    """Return the one question's answers, in a citizen's words; the operator decides all the same."""
    told = (
        say("No abre o está caído"),
        say("Abre, pero algo está mal o falta"),
        say("Necesito ayuda para usarlo"),
    )
    return tuple(Choice(label, str(place)) for place, label in enumerate(told, start=1))


def _offered(offers: Sequence[Offer]) -> tuple[Choice, ...]:
    return tuple(Choice(offer.title, str(place), offer.link) for place, offer in enumerate(offers, start=1))


def _asked_for(state: DialogueState, said: str, case: CaseFacts, say: Translate) -> Turn | None:
    """Answer what may be asked at any time: the state, a person, a complaint, another language."""
    if case.linked_now or said in words.STATUS:
        return Turn(state, (Say(status_text(case, say)),))
    if said in words.LANGUAGES:
        return spoken(state, said)
    if said in words.GREETINGS and not state.person_writes:
        return Turn(state, (Say(f"{say('Hola.')} {status_text(case, say)}"),))
    if said in words.THANKS and said and isinstance(state.phase, Listening):
        return Turn(state) if state.person_writes else Turn(state, (Say(say("¡A usted!")),))
    return _called_for(state, said, case, say)


def _called_for(state: DialogueState, said: str, case: CaseFacts, say: Translate) -> Turn | None:
    """Answer who asks for a person or complains."""
    if words.wants_person(said):
        text = say(
            "De acuerdo. Avisé al equipo que quiere hablar con una persona; le escribirán por aquí sobre el caso {number}."
        ).format(number=case.number)
        if case.opens is not None:
            text += " " + say("Será {opens}, cuando abrimos.").format(opens=_opening(case, say))
        called = replace(state, wants_person=True, phase=Listening())
        return Turn(called, (Say(text),), done=(Done(Deed.PERSON_WANTED),))
    if words.complains(said):
        text = say(
            "Lamento lo ocurrido. Anoté su queja en el caso {number} y la verá el supervisor. Si quiere, cuénteme qué pasó."
        ).format(number=case.number)
        called = replace(state, wants_person=True, phase=Listening())
        return Turn(called, (Say(text),), done=(Done(Deed.COMPLAINT),))
    return None


def spoken(state: DialogueState, said: str) -> Turn:
    """Change the language that the assistant speaks, and say so in it."""
    changed = replace(state, language=words.LANGUAGES[said])
    text = speaking(changed.language)("De acuerdo, sigo en español.")
    return Turn(changed, (Say(text),))


def _answer_to_phase(
    state: DialogueState, heard: Heard, said: str, case: CaseFacts, say: Translate
) -> Turn | None:
    """Take what answers the one thing that is waited for; None if it does not."""
    match state.phase:
        case Rating() | Commenting():
            return _opinion(state, heard, said, say)
        case Asked() if not state.person_writes:
            return _kind_told(state, heard, said, case, say)
        case Offered(offers) | Shown(offers=offers) if not state.person_writes:
            if said.isdecimal() and 1 <= int(said) <= len(offers) and case.status is not Status.CLOSED:
                chosen = offers[int(said) - 1].article
                opened = (Done(Deed.ARTICLE_OPENED, article=chosen),)
                return Turn(replace(state, phase=Shown(chosen, offers)), show=chosen, done=opened)
            return _about_offers(state, offers, said, case, say)
        case _:
            return None


def _opinion(state: DialogueState, heard: Heard, said: str, say: Translate) -> Turn | None:
    """Take a mark, or the comment that follows it."""
    still = replace(state, phase=Listening())
    match state.phase:
        case Rating(number) if (rating := words.rating_in(heard.text)) is not None:
            text = say(
                "¡Gracias por su nota! Si quiere, escriba un comentario en su próximo mensaje; si no, no hace falta responder."
            )
            rated = Done(Deed.RATED, case=number, rating=rating)
            return Turn(replace(state, phase=Commenting(number)), (Say(text),), done=(rated,))
        case Commenting(number):
            if said in words.THANKS | words.NO:
                return Turn(still)
            text = say(
                "Gracias, anoté su comentario. Si es un problema nuevo, escríbalo otra vez y lo registro."
            )
            commented = Done(Deed.COMMENTED, case=number, text=heard.text[:LONGEST_COMMENT])
            return Turn(still, (Say(text),), done=(commented,))
        case _:
            return None


def _about_offers(
    state: DialogueState, offers: tuple[Offer, ...], said: str, case: CaseFacts, say: Translate
) -> Turn | None:
    """Take a yes or a no to articles that were offered, or to the one that was shown."""
    still = replace(state, phase=Listening())
    if words.solved(said):
        if not isinstance(state.phase, Shown):
            return Turn(state, (Say(say("¿Cuál quiere ver? Se lo mando por aquí."), _offered(offers)),))
        text = say("¡Qué bien! Lo anoto en su caso {number}. Si vuelve a pasar, escríbanos por aquí.")
        done = (Done(Deed.SELF_SOLVED, article=state.phase.article),)
        return Turn(still, (Say(text.format(number=case.number)),), done=done)
    if words.unsolved(said):
        stays_open = (
            Say(
                say(
                    "Gracias por avisar. Su caso {number} sigue abierto y una persona del equipo lo revisará."
                ).format(number=case.number)
            ),
        )
        if not isinstance(state.phase, Shown):
            return Turn(still, stays_open)
        article = state.phase.article
        left = any(offer.article != article for offer in offers)
        done = (Done(Deed.ARTICLE_NO_HELP, article=article),)
        return Turn(replace(state, phase=Offered(offers)) if left else still, stays_open, done=done)
    return None


def _kind_told(state: DialogueState, heard: Heard, said: str, case: CaseFacts, say: Translate) -> Turn:
    """Take the answer to the one question, pressed or in words; whatever it is, nothing more is asked."""
    kinds = _kinds(say)
    told = kinds[int(said) - 1].label if said in ("1", "2", "3") else None
    lines = [say("Gracias, lo anoté en su caso {number}.").format(number=case.number)]
    phase: Offered | Listening = Listening()
    if heard.offers and told is None:
        lines.append(say("Mientras tanto, esto puede ayudarle:"))
        phase = Offered(tuple(heard.offers))
    done = (Done(Deed.KIND_TOLD, text=told),) if told is not None else ()
    choices = _offered(phase.offers) if isinstance(phase, Offered) else ()
    return Turn(replace(state, phase=phase), (Say("\n\n".join(lines), choices),), done=done)


def _addition(state: DialogueState, case: CaseFacts, now: datetime, say: Translate) -> Turn:
    if state.acknowledged is not None and now - state.acknowledged < QUIET:
        return Turn(state)
    text = say("Agregué su mensaje al caso {number}.").format(number=case.number)
    return Turn(replace(state, acknowledged=now), (Say(text),))


def status_text(case: CaseFacts, say: Translate) -> str:
    """Say how a case goes: stage, unit and estimate, never internal notes (reading of the manual, figure 1)."""
    if case.status is Status.CLOSED:
        return say("Su caso {number} está cerrado. Si el problema sigue, escríbanos y lo revisamos.").format(
            number=case.number
        )
    lines = [
        say("Caso {number}").format(number=case.number),
        say("Etapa {stage} de 3: {title}.").format(stage=case.stage, title=say(STAGE_TITLES[case.stage])),
        say("Lo tiene: {unit}.").format(unit=case.unit_name),
        _estimated(case, say),
    ]
    if case.status is Status.WAITING:
        lines.append(say("Esperamos su respuesta para continuar."))
    return "\n".join(lines)


def _estimated(case: CaseFacts, say: Translate) -> str:
    if case.estimate is None:
        return say("Aún no hay una fecha estimada de solución.")
    if case.late:
        return say(
            "La solución se estimó para {estimate}; está demorando más, y el equipo sigue en ello."
        ).format(estimate=case.estimate)
    return say("Solución estimada: {estimate}.").format(estimate=case.estimate)


def helped(language: str) -> Say:
    """Ask whether an article was enough."""
    say = speaking(language)
    return Say(say("¿Esto resolvió su problema?"), (Choice(say("Sí"), "sí"), Choice(say("No"), "no")))


def gone(language: str) -> Say:
    """Say that an article that was offered may not be sent any more."""
    return Say(
        speaking(language)("Ese artículo ya no está disponible. Una persona del equipo le responderá.")
    )


def greet(state: DialogueState, text: str, case: CaseFacts | None, now: datetime) -> Turn:
    """Answer what is no report: a greeting, thanks, a question for the state, another language."""
    said = words.plain(text)
    if said in words.LANGUAGES:
        return spoken(state, said)
    say = speaking(state.language)
    if case is not None:
        return Turn(state, (Say(status_text(case, say)),))
    if said in words.THANKS and said:
        return Turn(state, (Say(say("¡A usted! Si necesita algo más, escríbanos por aquí.")),))
    if said in words.STATUS:
        return Turn(state, (Say(say("No tiene casos abiertos. Si tiene un problema, cuéntenos qué pasa.")),))
    hello = say("Hola, soy el asistente automático de la mesa de soporte.")
    tell = say(
        "Cuénteme en un mensaje qué pasa y en qué sistema; lo registro y una persona del equipo le responde por aquí."
    )
    return Turn(replace(state, introduced=now), (Say(f"{hello} {tell}"),))


def survey(state: DialogueState, number: str, page: str, *, chat: bool) -> Turn:
    """Ask for a mark once a case is closed; nobody has to answer."""
    say = speaking(state.language)
    text = say("Cerramos su caso {number}. ¿Cómo le atendimos? Del 1 (mal) al 5 (muy bien).").format(
        number=number
    )
    if not chat:
        text += "\n\n" + say("Responda a este correo con el número, o califique aquí: {page}").format(
            page=page
        )
    choices = tuple(Choice(str(mark), str(mark)) for mark in range(1, 6)) if chat else ()
    return Turn(replace(state, phase=Rating(number), person_writes=False), (Say(text, choices),))


def reminder(state: DialogueState, number: str) -> Say:
    """Say once that the desk still waits for the person."""
    text = speaking(state.language)(
        "Seguimos esperando su respuesta sobre el caso {number}. Cuando pueda, escríbanos por aquí."
    )
    return Say(text.format(number=number))
