"""Responders are known by their fields and subjects; people who write of holidays or of machines are answered."""

import pytest

from tests.intake.channels.mail.mails import understood


@pytest.mark.parametrize(
    "field",
    [
        "X-Apple-Action: vacation", "X-ML-Name: vecinos", "Preference: auto_reply", "Subject: Auto: Re: Pago",
        "Subject: I'm out of the office", "Subject: Confirmación automática de recepción", "Subject: [AUTO] Pago",
        "In-Reply-To: <7.0.abc@example.bo>\nSubject: De vacaciones", "In-Reply-To: <7.0.abc@example.bo>\nSubject: Absence: Pago",
        "Content-Type: multipart/report; report-type=disposition-notification",
    ],
)  # fmt: skip
def test_a_responder_is_known_by_its_fields_and_subjects(field: str) -> None:
    assert understood(f"From: Ana <ana@example.org>\n{field}\n\nGracias.", "ana@example.org").automatic


@pytest.mark.parametrize(
    "subject",
    [
        "De vacaciones no pude pagar", "Estoy fuera de La Paz, ¿puedo renovar?", "Mensaje automático que recibí", "Vacaciones",
        "Automatic message error", "On leave without pay", "Absence certificate", "Auto Supremo 12", "Auto: solicito copia",
        "Complaint about message from your office",
    ],
)  # fmt: skip
def test_a_person_who_writes_of_holidays_or_machines_is_answered(subject: str) -> None:
    assert not understood(
        f"From: Ana <ana@example.org>\nSubject: {subject}\n\nHola.", "ana@example.org"
    ).automatic
