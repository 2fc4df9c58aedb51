"""What the shortest messages mean, as people type them."""

import re
import unicodedata

STATUS = frozenset(
    {"estado", "como va mi caso", "como va", "estado de mi caso", "ver estado", "status", "my case"}
)
PERSON = frozenset(
    {
        "persona",
        "hablar con una persona",
        "quiero hablar con una persona",
        "quiero hablar con alguien",
        "hablar con alguien",
        "humano",
        "operador",
        "hablar con un operador",
        "agente",
        "asesor",
        "person",
        "human",
        "talk to a person",
    }
)
COMPLAINT = frozenset(
    {
        "queja",
        "reclamo",
        "quiero quejarme",
        "quiero reclamar",
        "tengo una queja",
        "tengo un reclamo",
        "quiero hacer un reclamo",
        "quiero hacer una queja",
        "quiero presentar una queja",
        "quiero presentar un reclamo",
        "complaint",
    }
)
THANKS = frozenset(
    {
        "gracias",
        "muchas gracias",
        "mil gracias",
        "ok",
        "ok gracias",
        "oki",
        "ya",
        "listo",
        "listo gracias",
        "perfecto",
        "perfecto gracias",
        "excelente",
        "buenisimo",
        "genial",
        "gracias muy amable",
        "muy amable",
        "ya gracias",
        "dios le pague",
        "pagui",
        "yuspagara",
        "thanks",
        "thank you",
        "",
    }
)
GREETINGS = frozenset(
    {
        "hola",
        "hola buenas",
        "hola buenos dias",
        "hola buen dia",
        "hola buenas tardes",
        "hola buenas noches",
        "buenas",
        "buen dia",
        "buenos dias",
        "buenas tardes",
        "buenas noches",
        "holaa",
        "holi",
        "que tal",
        "hola que tal",
        "saludos",
        "imaynalla",
        "kamisaki",
        "hello",
        "hi",
        "good morning",
    }
)
YES = frozenset(
    {"si", "sii", "ya funciona", "si gracias", "si me sirvio", "resuelto", "listo ya funciona", "yes"}
)
NO = frozenset({"no", "noo", "no me sirvio", "no funciona", "todavia no", "no gracias", "not yet"})
ENGLISH = frozenset({"english", "in english", "in english please", "english please", "ingles"})
SPANISH = frozenset({"espanol", "castellano", "en espanol", "spanish"})
LANGUAGES = {**dict.fromkeys(ENGLISH, "en"), **dict.fromkeys(SPANISH, "es")}

NO_REPORT = STATUS | THANKS | GREETINGS | ENGLISH | SPANISH
"""What says nothing that a case could be made of, and brings no closed one back."""


def plain(text: str) -> str:
    """Write a short message as it is compared: lower case, no accents, marks or doubled spaces."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s]", " ", letters).split())


def reports(text: str) -> bool:
    """Say whether a message may be about a problem: a greeting, thanks or a question for the state are not.

    What reports brings a closed case back.
    """
    return plain(text) not in NO_REPORT


def rating_in(text: str) -> int | None:
    """Return a mark from 1 to 5, or None."""
    said = plain(text)
    return int(said) if said in ("1", "2", "3", "4", "5") else None
