"""What made-up people write, so that searches find common words, rare ones and beginnings of both."""

FIRST = (  # noqa: SIM905 - easier to read
    "Rosa Juan María Luis Ana Carlos Juana Pedro Lucía Jorge Elena Mario Silvia Hugo Carmen Raúl Teresa Iván Norma"
    " Félix Gladys Óscar Nelly Víctor Sonia Edwin Marlene Freddy Wara Nayra Amaru Inti Beatriz Ramiro Lidia Gonzalo"
).split()
LAST = (  # noqa: SIM905 - easier to read
    "Mamani Quispe Flores Condori Choque Rojas Vargas López Gutiérrez Torrez Apaza Fernández García Huanca Cruz"
    " Villca Ticona Limachi Colque Yujra Calle Alanoca Chambi Tarqui Zeballos Aguilar Soliz Poma Nina Copa"
).split()
SYSTEMS = ("ciudadania_digital", "ppte", "firma_digital", "gob_bo", "interoperabilidad", "gestion_documental")
_WHAT = (
    "No carga la página de pagos",
    "No puedo entrar a mi cuenta, dice que la contraseña es incorrecta",
    "La firma digital no reconoce el token",
    "Sale error 503 al abrir la página",
    "El trámite quedó observado y no puedo corregirlo",
    "No llega el código de verificación a mi celular",
    "Pagué el trámite y no figura el comprobante",
    "La página queda en blanco después de entrar",
    "No se puede adjuntar el documento en el formulario",
    "El certificado sale con mi nombre mal escrito",
    "Quisiera cambiar el correo de mi cuenta",
    "El botón de enviar no hace nada",
)
_WHEN = (
    "desde ayer",
    "desde esta mañana",
    "hace una semana",
    "cada vez que entro",
    "solo en el celular",
    "en Chrome y en Firefox",
    "cuando adjunto el archivo",
    "después de la actualización",
)
_PLEASE = ("Por favor ayuda.", "Es urgente.", "Gracias.", "Necesito presentarlo hoy.", "¿Qué hago?")
PROBLEMS = tuple(f"{what} {when}. {please}" for what in _WHAT for when in _WHEN for please in _PLEASE)
REPLIES = (
    "Borre los datos de navegación y entre otra vez con su número de carnet.",
    "Ya se restableció el servicio; intente de nuevo y avísenos si continúa.",
    "Le enviamos el enlace para cambiar su contraseña; vence en una hora.",
    "Se corrigió el dato en el registro; descargue el certificado otra vez.",
    "El pago quedó registrado; el comprobante está en su bandeja.",
    "Instale el controlador del token y reinicie el navegador.",
)
_BEGIN = "ba be bi bo bu ca ce co cu da de do fa fe fi fo ga go gu la le li lo ma me mi mo na ne no pa pe pi po".split()  # noqa: SIM905 - easier to read
_MIDDLE = "ran len tir mos dur ces bal ter gon mil sar ven tol rim bus cal den fos gal him".split()  # noqa: SIM905 - easier to read
_END = "ta do ra no sa lio ria dez mar cia tor ble to de".split()  # noqa: SIM905 - easier to read
RARE = tuple(f"{begin}{middle}{end}" for begin in _BEGIN for middle in _MIDDLE for end in _END)
"""About ten thousand words, each in one case of some thousands."""
SEVERAL, SEVERAL_SAY = 20, "quirquincho"
"""A word that so many of the newest cases hold, however many there are."""
