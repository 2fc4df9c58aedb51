"""Builders of messages and of a small corpus for the classifier's tests."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from intake.classifier.training.corpus import Example

SYSTEMS = {
    "ciudadania_digital": "ciudadanía digital",
    "gob_bo": "el portal gob.bo",
    "ppte": "la plataforma de pagos",
    "gestion_documental": "las hojas de ruta",
}
REPORTS = {
    "availability": (
        "desde las 8 no abre {}, a nadie en la oficina le carga",
        "{} sale error 503 desde ayer, en todas las máquinas igual",
        "se cayó {} y ninguno de mis colegas puede entrar, página en blanco",
        "no responde {}, gateway timeout, probamos tres redes",
    ),
    "functional_design": (
        "{} exige dos apellidos y mi cliente tiene uno solo, deberían cambiar la regla",
        "no existe la opción para anular en {}, pongan ese botón",
        "el formulario de {} no acepta la letra ñ, corrijan esa validación",
        "{} limita a 5 MB y los planos nunca entran, amplíen el tope",
    ),
    "support": (
        "olvidé mi contraseña de {}, ¿cómo la recupero?",
        "¿qué requisitos necesito para {}? gracias",
        "me equivoqué al llenar mis datos en {}, ¿dónde los corrijo?",
        "{} no abre en mi celular viejo, en el de mi hijo sí, ¿qué hago?",
    ),
}
OPENINGS = ("", "Buenos días, ", "hola joven ", "Estimados: ", "disculpe ")


def an_example(text: str = "no abre la página", category: str = "availability", **said: Any) -> Example:
    return Example(text=text, category=category, **said)


def a_corpus() -> list[Example]:
    """Return 240 messages by five writers, each category in each system."""
    found = []
    for (category, reports), (system, name), (writer, opening) in itertools.product(
        REPORTS.items(), SYSTEMS.items(), enumerate(OPENINGS)
    ):
        for number, report in enumerate(reports):
            found.append(
                an_example(
                    opening + report.format(name),
                    category,
                    id=f"{category}-{system}-{writer}-{number}",
                    channel="whatsapp",
                    system=system,
                    writer=f"w{writer}",
                    hard="rule" if number == 0 else None,
                )
            )
    return found


class CountingEncoder:
    """A sentence model that knows three words, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        self.asked += len(texts)
        return np.array([[word in text for word in ("nadie", "exige", "¿")] for text in texts], np.float32)
