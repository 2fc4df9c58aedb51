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

LONGEST_COMMENT = 1_000


def respond(state: DialogueState, heard: Heard, case: CaseFacts, now: datetime, *, chat: bool) -> Turn:
    """Answer one message about a case; `chat` says whether the channel has short turns."""
    say = speaking(state.language)
    said = words.plain(heard.text)
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


def _registered(
    state: DialogueState, heard: Heard, case: CaseFacts, now: datetime, say: Translate, *, chat: bool
) -> Turn:
    """Acknowledge a new case; then one thing only: a question where the report is unclear, else what may help."""
    lines = [
        say(
            "Hola, soy el asistente automático de la mesa de soporte. Registré su reporte con el número *{number}*; "
            "una persona del equipo lo revisará y le responderá por aquí."
        ).format(number=case.number)
    ]
    if case.opens is not None:
        lines.append(
            say("Ahora estamos fuera de horario: le respondemos desde {opens}.").format(opens=case.opens)
        )
    if chat:
        lines.append(say("Escriba *estado* para saber cómo va, o *persona* para hablar con una persona."))
    lines.append(say("También puede seguir su caso aquí: {page}").format(page=case.page))
    fresh = DialogueState(language=state.language, acknowledged=now)
    said = words.plain(heard.text)
    if said in words.PERSON | words.COMPLAINT:
        deed = Deed.PERSON_WANTED if said in words.PERSON else Deed.COMPLAINT
        called = replace(fresh, wants_person=True)
        return Turn(called, (Say(_written(lines, chat=chat)),), done=(Done(deed),))
    if heard.unsure and chat:
        lines.append(say("Para atenderle mejor, ¿qué le pasa?"))
        return Turn(replace(fresh, phase=Asked()), (Say(_written(lines, chat=chat), _kinds(say)),))
    if heard.offers:
        lines.append(say("Mientras tanto, esto puede ayudarle:"))
        fresh = replace(fresh, phase=Offered(tuple(heard.offers)))
    return Turn(fresh, (Say(_written(lines, chat=chat), _offered(heard.offers)),))


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
    if said in words.PERSON:
        text = say(
            "De acuerdo. Avisé al equipo que quiere hablar con una persona; le escribirán por aquí sobre el caso {number}."
        ).format(number=case.number)
        if case.opens is not None:
            text += " " + say("Será desde {opens}, cuando abrimos.").format(opens=case.opens)
        called = replace(state, wants_person=True, phase=Listening())
        return Turn(called, (Say(text),), done=(Done(Deed.PERSON_WANTED),))
    if said in words.COMPLAINT:
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


def _answer_to_phase(  # noqa: PLR0911 - one way out for each thing that is waited for
    state: DialogueState, heard: Heard, said: str, case: CaseFacts, say: Translate
) -> Turn | None:
    """Take what answers the one thing that is waited for; None if it does not."""
    still = replace(state, phase=Listening())
    match state.phase:
        case Rating(number):
            rating = words.rating_in(heard.text)
            if rating is None:
                return None
            text = say(
                "¡Gracias por su nota! Si quiere, escriba un comentario en su próximo mensaje; si no, no hace falta responder."
            )
            return Turn(
                replace(state, phase=Commenting(number)),
                (Say(text),),
                done=(Done(Deed.RATED, case=number, rating=rating),),
            )
        case Commenting(number):
            if said in words.THANKS | words.NO:
                return Turn(still)
            text = say(
                "Gracias, anoté su comentario. Si es un problema nuevo, escríbalo otra vez y lo registro."
            )
            return Turn(
                still,
                (Say(text),),
                done=(Done(Deed.COMMENTED, case=number, text=heard.text[:LONGEST_COMMENT]),),
            )
        case Asked() if not state.person_writes:
            return _kind_told(state, heard, said, case, say)
        case Offered(offers) | Shown(offers=offers) if said.isdecimal() and 1 <= int(said) <= len(offers):
            if state.person_writes or case.status is Status.CLOSED:
                return None
            chosen = offers[int(said) - 1].article
            opened = (Done(Deed.ARTICLE_OPENED, article=chosen),)
            return Turn(replace(state, phase=Shown(chosen, offers)), show=chosen, done=opened)
        case Shown(article, offers) if said in words.YES and not state.person_writes:
            text = say("¡Qué bien! Lo anoto en su caso {number}. Si vuelve a pasar, escríbanos por aquí.")
            solved = (Done(Deed.SELF_SOLVED, article=article),)
            return Turn(still, (Say(text.format(number=case.number)),), done=solved)
        case Shown(article, offers) if said in words.NO and not state.person_writes:
            text = say(
                "Gracias por avisar. Su caso {number} sigue abierto y una persona del equipo lo revisará."
            )
            left = tuple(offer for offer in offers if offer.article != article)
            phase = Offered(offers) if left else Listening()
            told = (Done(Deed.ARTICLE_NO_HELP, article=article),)
            return Turn(replace(state, phase=phase), (Say(text.format(number=case.number)),), done=told)
        case _:
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
        say("Solución estimada: {estimate}.").format(estimate=case.estimate)
        if case.estimate
        else say("Aún no hay una fecha estimada de solución."),
    ]
    if case.status is Status.WAITING:
        lines.append(say("Esperamos su respuesta para continuar."))
    return "\n".join(lines)


def helped(language: str) -> Say:
    """Ask whether an article was enough."""
    say = speaking(language)
    return Say(say("¿Esto resolvió su problema?"), (Choice(say("Sí"), "sí"), Choice(say("No"), "no")))


def gone(language: str) -> Say:
    """Say that an article that was offered may not be sent any more."""
    return Say(
        speaking(language)("Ese artículo ya no está disponible. Una persona del equipo le responderá.")
    )


def greet(state: DialogueState, text: str, case: CaseFacts | None) -> Turn:
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
    return Turn(
        state,
        (
            Say(
                say(
                    "Hola, soy el asistente automático de la mesa de soporte. Cuénteme en un mensaje qué pasa y en qué "
                    "sistema; lo registro y una persona del equipo le responde por aquí."
                )
            ),
        ),
    )


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
