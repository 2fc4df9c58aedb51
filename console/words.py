"""The words on the screen for the closed sets of the desk, in the language in use."""

from cases.model import Delivery
from cases.vocabulary import (
    AccountRole,
    Category,
    Channel,
    DeliveryState,
    ReturnReason,
    Role,
    Stage,
    Status,
    Unit,
)
from console.language import gettext as _
from store.sections import Section

SURE = 0.85
LIKELY = 0.6


def channel(value: Channel) -> str:
    """Name a channel."""
    return {
        Channel.WHATSAPP: "WhatsApp",
        Channel.TELEGRAM: "Telegram",
        Channel.EMAIL: _("Correo"),
        Channel.PHONE: _("Teléfono"),
        Channel.API: _("Formulario web"),
    }[value]


def category(value: Category) -> str:
    """Name a category as the manual's facts do."""
    return {
        Category.AVAILABILITY: _("Disponibilidad de servicio"),
        Category.FUNCTIONAL_DESIGN: _("Diseño funcional"),
        Category.SUPPORT: _("Soporte (ninguna de las dos)"),
    }[value]


def category_short(value: Category) -> str:
    """Name a category where there is little room."""
    return {
        Category.AVAILABILITY: _("Disponibilidad"),
        Category.FUNCTIONAL_DESIGN: _("Diseño funcional"),
        Category.SUPPORT: _("Soporte"),
    }[value]


def status(value: Status) -> str:
    """Name a case's status."""
    return {
        Status.OPEN: _("Abierto"),
        Status.WAITING: _("Esperando a la persona"),
        Status.IN_REVIEW: _("En revisión"),
        Status.CLOSED: _("Cerrado"),
    }[value]


def section(value: Section) -> str:
    """Name a part of the operators' queue."""
    return {
        Section.CONFIRM: _("Por confirmar"),
        Section.ANSWER: _("Por responder"),
        Section.RETURNED: _("Devueltos"),
        Section.DUE: _("Por vencer"),
        Section.PERSON: _("Pidió una persona"),
        Section.CURRENT: _("En curso"),
        Section.WAITING: _("Esperando"),
        Section.SNOOZED: _("Pospuestos"),
    }[value]


def stage(value: Stage) -> str:
    """Name a stage in few words; the whole title is the manual's."""
    return {
        Stage.IDENTIFICATION: _("Identificación y análisis"),
        Stage.PROCESSING: _("Coordinación y procesamiento"),
        Stage.NOTIFICATION: _("Notificación de la solución"),
    }[value]


def role(value: Role) -> str:
    """Name who is responsible, in few words."""
    return {
        Role.USUARIO: _("la persona"),
        Role.OPERADOR: _("Operador"),
        Role.SUPERVISOR: _("Supervisor"),
        Role.UIT: "UIT",
        Role.UPAT: "UPAT",
        Role.ACGII: "ACGII",
        Role.ADT: "ADT",
    }[value]


def account_role(value: AccountRole, unit: Unit) -> str:
    """Name what an account may be; a unit's account by its unit."""
    return {
        AccountRole.OPERADOR: _("Operador"),
        AccountRole.SUPERVISOR: _("Supervisor"),
        AccountRole.UNIDAD: unit.upper(),
        AccountRole.ADMIN: _("Administrador"),
    }[value]


def confidence(value: float) -> str:
    """Say how sure the proposal is, in words."""
    if value >= SURE:
        return _("muy probable")
    if value >= LIKELY:
        return _("probable")
    return _("dudoso")


def delivery_state(value: DeliveryState) -> str:
    """Say how far an answer, or a part of it, got."""
    return {
        DeliveryState.QUEUED: _("En cola"),
        DeliveryState.SENDING: _("Enviando"),
        DeliveryState.UNCERTAIN: _("Puede que haya salido"),
        DeliveryState.SENT: _("Enviado"),
        DeliveryState.DELIVERED: _("Entregado"),
        DeliveryState.READ: _("Leído"),
        DeliveryState.FAILED: _("No salió"),
    }[value]


def delivery(value: Delivery) -> str:
    """Say how far an answer got, and why no further."""
    said = delivery_state(value.state)
    return f"{said}: {value.reason}" if value.reason else said


def proof(value: str) -> str:
    """Say how an address was found to be a person's; a proof that is new here keeps its own name."""
    return {
        "code": _("con un código que escribió"),
        "link": _("abrió el enlace de su caso"),
        "consent": _("lo pidió por teléfono"),
        "operator": _("la unió el personal"),
    }.get(value, value)


def proven(value: bool | None) -> str:  # noqa: FBT001 - the checks' own three answers
    """Say whether a sender is who they say."""
    if value is None:
        return _("remitente sin comprobar")
    return _("remitente comprobado") if value else _("remitente falso")


def template_status(value: str) -> str:
    """Say what a provider answered about a template; a word that is new here keeps itself."""
    return {
        "approved": _("aprobada"),
        "pending": _("en revisión"),
        "received": _("recibida"),
        "rejected": _("rechazada"),
        "paused": _("en pausa"),
        "disabled": _("desactivada"),
        "unsubmitted": _("sin presentar"),
    }.get(value, value)


def return_reason(value: str) -> str:
    """Name why a case was given back; a code that is new here keeps its own name."""
    return dict(return_reasons()).get(value, value)


def return_reasons() -> list[tuple[str, str]]:
    """Return the reasons for giving a case back, each with its code, in the order in which forms offer them."""
    named = {
        ReturnReason.INCOMPLETE: _("Respuesta incompleta"),
        ReturnReason.CLASSIFICATION: _("Clasificación equivocada"),
        ReturnReason.UNIT: _("No corresponde a la unidad"),
        ReturnReason.EVIDENCE: _("Faltan pruebas o datos"),
        ReturnReason.TONE: _("Lenguaje o trato"),
        ReturnReason.NOT_SOLVED: _("No resuelve lo que la persona pidió"),
        ReturnReason.OTHER: _("Otro motivo"),
    }
    return [(code.value, words) for code, words in named.items()]


def kind(value: str) -> str:
    """Name the kind of a line of the record; one that is new here keeps its own name."""
    return {
        "step": _("Numeral"),
        "interpretation": _("Interpretación"),
        "return": _("Devolución"),
        "classification": _("Clasificación"),
        "assignment": _("Asignación"),
        "estimate": _("Estimación"),
        "waiting": _("Espera"),
        "reopening": _("Reapertura"),
        "split": _("División"),
        "merge": _("Unión"),
        "person_wanted": _("Pidió una persona"),
        "article_opened": _("Leyó un artículo"),
        "self_solved": _("Resuelto por autoservicio"),
        "follows": _("Sigue a un caso cerrado"),
        "clock-near": _("Plazo por vencer"),
        "clock-late": _("Plazo vencido"),
        "migration": _("Cambio de versión del procedimiento"),
        "identity_joined": _("Dirección unida a la persona"),
        "identity_separated": _("Dirección separada de la persona"),
        "consent": _("Aceptó que se le responda por otro canal"),
        "answered_by_other": _("Escribió alguien que no es la persona del caso"),
        "answer_withdrawn": _("Respuesta retirada antes de salir"),
        "kept_apart": _("Quedó aparte: es otro asunto"),
        "call_attempt": _("Intento de llamada"),
        "confirmation_withdrawn": _("Confirmación retirada del aprendizaje"),
        "complaint": _("Queja"),
        "kind_told": _("Dijo qué le pasa"),
        "article_no_help": _("Un artículo no le sirvió"),
        "rated": _("Nota de la atención"),
        "commented": _("Comentario sobre la atención"),
        "reminder": _("Recordatorio a la persona"),
        "snooze": _("Pospuesto"),
        "snooze_over": _("Dejó de estar pospuesto"),
    }.get(value, value)


def notice(value: str) -> str:
    """Say what a notice is about, without naming anybody."""
    return {
        "mention": _("Lo mencionan en una nota"),
        "whisper": _("Un supervisor le dice algo"),
        "assigned": _("Le entregaron un caso"),
        "returned": _("Volvió un caso"),
        "wrote": _("La persona escribió"),
        "due": _("Un plazo vence o venció"),
        "back": _("Terminó lo pospuesto"),
    }.get(value, value)


def clock(value: str) -> str:
    """Name what a clock of a case measures."""
    return {"step": _("Plazo del paso"), "estimate": _("Estimación")}.get(value, value)


def quarantine(value: str) -> str:
    """Say why something is in quarantine; a reason that is new here keeps its own name."""
    return {
        "forged": _("Firma falsa o ausente"),
        "unreadable": _("No se pudo leer"),
        "no-id": _("Sin identificador del mensaje"),
        "group-chat": _("Vino de un grupo"),
        "oversize": _("Demasiado grande"),
        "not-understood": _("No se pudo entender"),
        "translator-failed": _("Falló al interpretarlo"),
        "not-taken-in": _("Falló al registrarlo"),
        "sender-not-proven": _("El remitente no es quien dice"),
    }.get(value, value)


def quarantine_why(value: str) -> str:
    """Say in a sentence what happened, and what it means; nothing of a reason that is new here."""
    return {
        "forged": _(
            "Llegó a la dirección de un proveedor sin su firma: puede haberlo enviado cualquiera. "
            "No se leyó ni se respondió."
        ),
        "unreadable": _("El proveedor lo firmó, pero no tiene la forma que ese canal usa."),
        "no-id": _("No trae el identificador del proveedor: no se puede saber si ya se había recibido."),
        "group-chat": _("La mesa atiende a cada persona por separado; al grupo se le dijo una vez."),
        "oversize": _("Pasa del tamaño que la mesa acepta; quedó donde estaba, sin leer."),
        "not-understood": _("No se encontró en él un mensaje de una persona."),
        "translator-failed": _(
            "El programa falló al interpretarlo. Quien administra debe revisar el detalle."
        ),
        "not-taken-in": _("Se entendió, pero no se pudo guardar después de varios intentos."),
        "sender-not-proven": _(
            "Las comprobaciones del correo dicen que otra persona usa esa dirección. "
            "No se unió a ningún caso, para que nadie hable en nombre de otro."
        ),
    }.get(value, "")


def quarantine_release(value: str) -> str:
    """Say what releasing something from quarantine does."""
    if value == "sender-not-proven":
        return _(
            "Al liberarlo entra como escrito por esa dirección, aunque no esté comprobado: "
            "hágalo solo si sabe que es de la persona."
        )
    return _(
        "Al liberarlo se interpreta otra vez, como recién llegado; si vuelve a fallar, regresa a la cuarentena."
    )


def training(value: str) -> str:
    """Say what became of a training."""
    return {
        "asked": _("pedido"),
        "training": _("entrenando"),
        "activated": _("puesto en uso"),
        "kept": _("no se usó"),
        "failed": _("falló"),
    }.get(value, value)


def training_why(value: str | None) -> str:
    """Say why a training ended as it did; nothing of a reason that is new here."""
    return {
        "not-worse": _("No es peor que el que estaba en uso."),
        "same": _("Salió el mismo modelo que ya estaba en uso."),
        "worse-held-out": _("Acierta menos que el que está en uso en los mensajes reservados."),
        "worse-than-shipped": _("Acierta menos que el modelo instalado en los mensajes reservados."),
        "worse-newest": _("Acierta menos en las confirmaciones nuevas que ninguno de los dos aprendió."),
        "changed-meanwhile": _("Mientras se entrenaba se puso en uso otro modelo."),
    }.get(value or "", "")


def audience(value: str) -> str:
    """Say who may read an article."""
    return {"public": _("Público"), "internal": _("Interno")}[value]
