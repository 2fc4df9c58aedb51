"""Builders for the knowledge base: articles, a small base of them, what a classifier says, a sentence model."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from cases.model import Article, Verdict
from cases.vocabulary import Category
from kb.lexical import Floats

_numbers = itertools.count(1)


def an_article(title: str = "Recuperar la contraseña", **said: Any) -> Article:
    number = next(_numbers)
    values: dict[str, Any] = {
        "id": number,
        "external_id": f"kb-t{number}",
        "version": 1,
        "body": "1. Abra la página.\n2. Elija **Olvidé mi contraseña**.",
        "category": Category.SUPPORT,
        "system": "ciudadania_digital",
        "keywords": (),
        "audience": "public",
        "solved_by": "operador",
        "approved": True,
    }
    return Article(title=title, **(values | said))


PASSWORD = an_article("¿Olvidó su contraseña?", keywords=("clave", "olvidé mi contraseña"))
TOKEN = an_article(
    "La computadora no reconoce el token",
    system="firma_digital",
    keywords=("driver", "puerto USB"),
    body="Cambie de puerto USB e instale el controlador del dispositivo.",
)
RECEIPT = an_article(
    "Dónde descargo el recibo de mi pago",
    system="ppte",
    keywords=("comprobante",),
    body="En «Mis pagos» elija el pago.",
)
OUTAGE = an_article(
    "La plataforma de pagos no abre",
    system="ppte",
    category=Category.AVAILABILITY,
    keywords=("error 503", "caída"),
    body="El servicio está interrumpido; estamos avisados.",
)
QUEUE = an_article(
    "Cola de mensajes SMS detenida",
    audience="internal",
    keywords=("RabbitMQ", "reintentos"),
    body="Reinicie el consumidor de la cola.",
)
BASE = (PASSWORD, TOKEN, RECEIPT, OUTAGE, QUEUE)


def a_verdict(
    category: Category = Category.SUPPORT, system: str = "otro", confidence: float = 0.9
) -> Verdict:
    rest = (1 - confidence) / 2
    return Verdict(
        category=category,
        confidence=confidence,
        probabilities={other: confidence if other is category else rest for other in Category},
        system=system,
        system_confidence=confidence,
        abstain=False,
        evidence=(),
        model="test",
    )


class TwoTopics:
    """A sentence model that knows money from everything else, and counts what it was asked to embed."""

    name = "two-topics"

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> Floats:
        self.embedded.extend(texts)
        return np.array([[1.0, 0.0] if "pago" in text or "billete" in text else [0.0, 1.0] for text in texts])
