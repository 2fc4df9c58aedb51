"""How mail clients, in their users' languages, introduce the mail that is answered, and sign for their makers."""

import re

from intake.channels.mail.text import any_of

_DIRECTION = "\u200e\u200f\u202a-\u202e\u2066-\u2069"

WROTE = re.compile(
    r"(?<!\w)(?:"
    + any_of(r"""
        wrote|writes|quoting|quoted
        escribi[óo]|escribe|escribía|ha escrito|va escriure|escreveu|escreve|citando|citação de
        a [ée]crit|[ée]crivait|ha scritto|scrive|a scris
        schrieb|schreibt|geschrieben|zitat von|schreef|schrijft|geschreven|skrev|skriver|skreiv|kirjoitti|kirjoittaa
        napisał\w*(?:\([ao]\))?|napisan[ae]|pisze|napsal\w*(?:\(a\))?|píše|napísal\w*(?:\(a\))?|je napisao
        на?писал\w*(?:\(а\))?|пишет|написав|пише
        yazdı|írta|έγραψε|kirjutas|rašė|đã viết
    """)
    + r")(?!\w)|写道|寫道|のメール|書きました|작성",
    re.IGNORECASE,
)
"""Verbs of an attribution line, "On …, somebody wrote:"."""

TOLD = re.compile(
    r"\b(?:me|nos|le|les|te|se|lo|m['\u2019]a|nous a|mi ha|ci ha|mir|uns)\s+(?:ha |han |había )?"
    r"(?:escrib|escrev|écrit|scritto|schrieb|geschrieben)|\bwrote (?:to )?(?:me|us)\b",
    re.IGNORECASE,
)
"""Somebody tells that somebody wrote to them: a sentence, unless quoted lines follow."""

OPENING = re.compile(
    rf"^[\s*_>\"'{_DIRECTION}]*(?:"
    + any_of(r"""
        (?:on|at|el|em|no dia|am|le|il(?: giorno)?|op|w dniu|dnia|den|dne|dňa|dana|på|v|în|in data|vào|في|בתאריך|在)(?=\D{0,40}\d)
        missatge de|wiadomość napisana
        quoting|citando|citat|zitat von|citação de
        (?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mi[ée]|jue|vie|s[áa]b|dom|seg|ter|qua|qui|sex)\w*[.,]?\s(?=\D{0,30}\d)
        (?:mo|di|mi|do|fr|sa|so|mer|jeu|ven|sam|dim|gio|ma|wo|za|zo|pon|wt|śr|czw|pt|sob|niedz|ndz)\w*[.,]?\s(?=\D{0,30}\d)
        (?:пн|вт|ср|чт|пт|сб|вс|нд|понед|втор|сред|четв|пятн|субб|воскр)\w*[.,]?\s(?=\D{0,30}\d)
        (?:mån|tis|ons|tors|fre|lör|sön|man|tir|tor|lør|søn|ti|ke|to|pe|la|su|po|út|st|čt|pá|ne)\w*[.,]?\s(?=\D{0,30}\d)
        \d{1,4}[./\-年년 ]
    """)
    + ")",
    re.IGNORECASE,
)
"""How most attribution lines begin: a preposition, a weekday or a date."""

DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{2,4}")
TIMED = re.compile(r"(?<!\d)\d{1,2}[:.hH]\d{2}(?!\d)")
ADDRESSED = re.compile(r"[^\s<>\"(]+@[^\s<>\")]+")

DIVIDER = re.compile(
    r"^[\s>*]*[-_=~*\u2010-\u2015]{2,}+[\s*]*(?:"
    + any_of(r"""
        original message|original e?-?mail|reply message
        mensaje (?:original|de origen)|mensagem original|missatge original
        (?:ursprüngliche|original|antwort)[ -]?nachricht|originalnachricht
        message (?:d['\u2019]origine|original|initial)|messaggio originale|mesaj(?:ul)? original
        oorspronkelijk bericht|origineel bericht
        oryginalna wiadomość|wiadomość oryginalna|treść oryginalnej wiadomości|původní (?:zpráva|e-?mail)|pôvodná správa
        (?:исходное|оригинальное) сообщение|оригінальне повідомлення
        ursprungligt meddelande|originalmeddelande|opprinnelig melding|original melding
        oprindelig (?:meddelelse|besked)|original besked|alkuperäinen viesti
        eredeti üzenet|orijinal mesaj|özgün i̇?leti|αρχικό μήνυμα
        元のメッセージ|원본 ?(?:메시지|메일|이메일)|原始(?:邮件|郵件|訊息)|回复的原邮件
    """)
    + r")[\s*]*[-_=~*:\u2010-\u2015\s]*",
    re.IGNORECASE,
)
"""A line that begins the answered mail, "-----Mensaje original-----"."""

FORWARDED = re.compile(
    r"^[\s>*]*(?:[-_=~*]{2,}+[\s*]*)?(?:"
    + any_of(r"""
        (?:begin )?forwarded message|mensaje reenviado|inicio del mensaje reenviado
        mensagem (?:encaminhada|reencaminhada)|in[íi]cio da mensagem (?:encaminhada|reencaminhada)
        weitergeleitete nachricht|anfang der weitergeleiteten nachricht
        message transf[ée]r[ée]|début du message (?:transféré|réexpédié)|messaggio inoltrato|inizio messaggio inoltrato
        doorgestuurd bericht|begin doorgestuurd bericht|przekazana wiadomość|přeposlaná zpráva
        пересланное сообщение|пересылаемое сообщение
        vidarebefordrat (?:meddelande|brev)|videresendt (?:melding|meddelelse|besked)|edelleenlähetetty viesti
        転送メッセージ|전달된 메[시세]지|转发的邮件|轉寄郵件
    """)
    + r")[\s*]*(?:[-_=~*:\s]*)$",
    re.IGNORECASE,
)
"""A line after which a mail is passed on: that is content, not a quotation."""

FORWARD_SUBJECT = re.compile(
    r"^\s*(?:fwd?|rv|enc|wg|tr|i|doorst|pd|vb|vl|fs|转发|轉寄)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE
)
ANSWER_SUBJECT = re.compile(
    r"^\s*(?:re|r|rta|resp|res|aw|antw?|sv|odp|odg|vs|ynt|回复|回覆|答复)\s*(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)

ABOVE = re.compile(
    r"^[\s>#*=_-]*(?:"
    + any_of(r"""
        (?:please )?(?:type|write|enter|add) your (?:reply|response) above this line|(?:please )?reply above this line
        (?:por favor,? )?(?:escrib[ae]|responda|responde|conteste) (?:s?u respuesta )?(?:por )?(?:encima|arriba) de esta línea
        (?:por favor,? )?(?:escreva|responda) (?:a )?(?:sua resposta )?acima desta linha
    """)
    + r")[\s#*=._-]*$",
    re.IGNORECASE,
)
"""A line that a help desk puts above its own mail, "##- Please type your reply above this line -##"."""

LABELS = {
    "from": any_of("""
        from|de|de la|von|da|van|od|от|від|från|fra|από|kimden|gönderen|feladó|lähettäjä
        remitente|remetente|expéditeur|mittente|absender|avsändare|afsender|afzender|nadawca|odesílatel|odosielateľ
        差出人|送信者|送信元|보낸 ?사람|发件人|寄件者|寄件人
    """),
    "date": any_of("""
        sent|sent at|sent on|date|enviado(?: el| em)?|enviada(?: em)?|enviados|fecha(?: de envío)?|data(?: invio)?|enviat
        gesendet(?: am)?|datum|envoyé(?: le)?|inviato|verzonden|wysłan[oe]|odesláno|odoslané|elküldve|dátum
        отправлено|дата|надіслано|skickat|sendt|dato|lähetetty|päivämäärä|tarih|gönderildi|trimis|στάλθηκε
        日時|送信日時|日付|보낸 ?날짜|날짜|发送时间|发送日期|日期|寄件日期|傳送時間
    """),
    "to": any_of("""
        to|para|an|à|pour|a|per|aan|do|кому|till|til|vastaanottaja|komu|címzett|kime|alıcı|către|προς
        destinatario|destinatário|destinataire|empfänger|ontvanger|mottagare|modtager|odbiorca|adresát
        宛先|받는 ?사람|收件人|收件者
    """),
    "subject": any_of("""
        subject|asunto|assunto|assumpte|betreff|objet|oggetto|onderwerp|temat|тема|ämne|emne|aihe|otsikko
        předmět|predmet|tárgy|konu|subiect|θέμα|件名|제목|主题|主題|主旨
    """),
    "copy": any_of(r"""
        cc|c\.c\.|cco|bcc|copia|cópia|con copia(?: a)?|kopie|kopia|kopi|copie|копия|копія|másolat|참조|抄送|副本
        reply-to|responder a|importancia|importance|organization|importância|wichtigkeit
    """),
}
LABEL = re.compile(
    r"^[\s>|]*[*_]{0,2}\s*(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in LABELS.items())
    + r")\s*[*_]{0,2}\s*[:：][*_]{0,2}(?:\s|$)",
    re.IGNORECASE,
)
"""A line of the header block that Outlook, Notes and others put above the answered mail."""

_BY = "from|via|with|using|desde|do|da|de|con|com|por|mediante|a partir|depuis|avec|par|von|mit|über|dal|dalla|vanaf|met|van"
_BY_TOO = "z|ze|za|od|från|med|min|fra|laitteesta|с|со|із|з|din"
_MINE = "a|an|my|mi|mis|un|una|meu|minha|um|uma|mon|ma|meinem|meiner|mein|mio|mia|mijn|min|mitt|mit|mé|mého|moj\\w*|mojego|моего|моей|мого|meu"
_GADGET = (
    "iphon|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|motorola|nokia|htc|blackberry|windows|outlook|gmail|yahoo"
    "|(?:air|proton|web|blue|hot|post)?mail|mailbox|correo (?:de|para)|mobile?|móvil|movil|celular|tel[ée]fono|phone|handy"
    "|smartphone|tablet|device|dispositivo|aparelho|appareil|t[ée]l[ée]phone|thunderbird|spark|k-9|aol|zimbra|email|e-mail|verizon|t-mobile"
)
_EXCUSE = re.compile(
    r"(?:so |and )?(?:please|excuse|sorry|pardon|forgive|apolog|perd[oó]n|disculp|desculp|brevity|typos|erreur|tippfehler)",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"^[\s*_(<]*(?:(?:"
    + any_of("""
        sent|enviado|enviada|enviat|envoyé|gesendet|inviato|verstuurd|verzonden|wysłan[eoay]\\w*|skickat|skickades
        sendt|lähetetty|odesláno|odoslané|отправлено|надіслано|trimis|gönderildi|küldve|elküldve
    """)
    + rf")\s+(?:{_BY}|{_BY_TOO})\s+(?:{_MINE}\b|(?:[\w.'\u2019&\[-]+\s+){{0,4}}?\[?(?:{_GADGET})).{{0,90}}|"
    + any_of(r"""
        von meinem .{2,60} gesendet|diese nachricht wurde von .{2,60} gesendet\.?|lähetetty .{2,60}|skickat .{2,60}|iPhone'umdan gönderildi
        .{2,40}(?:から送信|에서 보냄|ból küldve)|(?:发自|從)我的.{2,40}
        (?:get|obtener|obtenga|obter(?: o)?|obtenha|télécharger|obtenir|ottieni|scarica|download) outlook (?:for|para|pour|per|voor)\b.{0,80}
        (?:hämta|hent|pobierz|získejte|скачайте|hanki) outlook\b.{0,80}
        outlook für \w+ (?:beziehen|herunterladen).{0,60}|yahoo ?mail: .{0,80}
    """)
    + r")\s*[)>]*$",
    re.IGNORECASE,
)
"""A line that a telephone or its mail program signs with."""


def signs(line: str) -> bool:
    """Say whether a telephone or its mail program wrote a line; one that goes on to say something is a person's."""
    if not _SIGNED.match(line):
        return False
    _, comma, rest = line.partition(", ")
    return not comma or _EXCUSE.match(rest.strip()) is not None


CLOSER = re.compile(
    r"^[\s*_]*(?:"
    + any_of("""
        este|esta|el presente|la información|aviso|advertencia|nota|cláusula|antes de imprimir|piense antes
        this|the information|confidential|disclaimer|notice|important|before printing|please consider
        diese|ce message|questo messaggio|por favor,? considere
        libre de virus|virus-free|sin virus|não contém v[ií]rus|livre de v[ií]rus
    """)
    + r")\b",
    re.IGNORECASE,
)
LEGAL = re.compile(
    any_of("""
        confidenci|confidential|privileg|destinatario|intended (?:recipient|solely|only)|vertraulich|confidentiel
        riservat|imprimir|printing|print this|virus|medio ambiente|environment|prohibid|proibid
    """),
    re.IGNORECASE,
)
"""Words of the notices that institutions put below every mail; both must fit."""

SHORT_NOTICE = re.compile(
    any_of(r"""
        (?:imprim|impress|print|druck).{0,80}(?:ambient|environment|umwelt|planet|papel|paper|árbol|tree|necesari|necessary)
        (?:ambient|environment|planet|naturaleza).{0,60}(?:imprim|print)|virus-free|(?:libre|livre|sin|sem|no contiene|não contém) (?:de )?v[ií]rus
        (?:confiden|privileg).{0,80}(?:destinatari|recipient|addressee)|(?:intended|sólo|solamente|exclusiv).{0,40}(?:recipient|destinatari)
    """),
    re.IGNORECASE,
)
"""What a notice of one line says; people write of viruses and of confidence too."""
