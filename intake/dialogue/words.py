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

_A_PERSON = re.compile(
    r"\b(hablar|comunic\w+|contact\w+|atiend\w+|pas[ae]\w*|llam\w+|talk|speak) "
    r"((con|a|me|to|with|una?|el|la|algun|alguna) )*"
    r"(persona|alguien|humano|ser humano|operador\w*|agente|asesor\w*|person|human|someone|somebody)\b"
)
_A_COMPLAINT = re.compile(
    r"\b(quiero|quisiera|deseo|vengo a|necesito)( \w+){0,3} (queja|reclamo|quejarme|reclamar)"
    r"( (por|contra|de|sobre|del|porque)\b|$)"
    r"|\b(queja|reclamo)( \w+){0,3} (atencion|trato|mesa de|ustedes|soporte|funcionari\w+)\b"
    r"|\bi (want|would like) to complain\b"
)
_SOLVED = re.compile(
    r"^(si+ )?(ya )?(me )?(sirvio|funciono|funciona|resolvi|se (resolvio|soluciono|arreglo)|pude|logre|it works|solved|that worked)\b"
)
_NOT_SOLVED = re.compile(
    r"^(no|nada|tampoco|todavia no|sigue)\b( \w+){0,2} "
    r"(sirv\w*|ayud\w*|funcion\w*|resolv\w*|resuelv\w*|solucion\w*|igual|work\w*|help\w*)\b"
)
_BUT = re.compile(r"\b(pero|no|but|not)\b")
_LONGEST_WISH = 14
"""Words up to which a message may be a wish for a person; a longer one tells a problem in which persons occur."""

# fmt: off
_SPOKEN = {
    "en": frozenset(
        {
            "i", "my", "me", "you", "your", "the", "is", "are", "was", "it", "this", "that", "to", "and",
            "of", "for", "with", "can", "cannot", "help", "please", "have", "not", "when", "how", "what",
            "do", "does", "need"
        }
    ),
    "es": frozenset(
        {
            "yo", "mi", "me", "su", "sus", "el", "la", "los", "las", "es", "son", "un", "una", "esto",
            "que", "y", "de", "para", "con", "puedo", "no", "ayuda", "favor", "tengo", "cuando", "como",
            "hacer", "necesito", "se", "al", "del", "por", "en", "le", "lo"
        }
    ),
}
# fmt: on
_ENOUGH = 4
"""Small words of a language that a message must hold to be in it."""

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


def wants_person(said: str) -> bool:
    """Say whether a message, as `plain` writes it, asks for a person."""
    return said in PERSON or (len(said.split()) <= _LONGEST_WISH and _A_PERSON.search(said) is not None)


def complains(said: str) -> bool:
    """Say whether a message, as `plain` writes it, is a complaint about the attention."""
    return said in COMPLAINT or _A_COMPLAINT.search(said) is not None


def solved(said: str) -> bool:
    """Say whether a message, as `plain` writes it, says that what was offered was enough."""
    return said in YES or (_SOLVED.search(said) is not None and _BUT.search(said) is None)


def unsolved(said: str) -> bool:
    """Say whether a message, as `plain` writes it, says that what was offered did not help."""
    return said in NO or _NOT_SOLVED.search(said) is not None


def language_in(text: str) -> str | None:
    """Return the language that a message is clearly written in, or None."""
    small = plain(text).split()
    heard = {language: sum(word in known for word in small) for language, known in _SPOKEN.items()}
    first, second = sorted(heard, key=lambda language: -heard[language])
    return first if heard[first] >= _ENOUGH and heard[first] >= 3 * heard[second] else None


def rating_in(text: str) -> int | None:
    """Return a mark from 1 to 5, or None."""
    said = plain(text)
    return int(said) if said in ("1", "2", "3", "4", "5") else None
