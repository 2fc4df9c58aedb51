"""What mail systems call themselves and what they say when they could not deliver, in many languages."""

import re

from intake.channels.mail.text import any_of

DAEMON = re.compile(
    r"(?:"
    + any_of(r"""
        mailer-?daemon|post[-_]?master|mail-?daemon|double-bounce|bounces?|returned-?mail|mmdf|mailerdaemon\w*
        mail(?:er|delivery)?[-_. ]?(?:system|subsystem|agent|administrator)|mail-?admin|maildelivery
        microsoftexchange[0-9a-f]+|mdaemon|lsmtp|undeliver\w*|non-?delivery|mailsweeper|mime-?sweeper|mailmarshal|mailscanner|scanmail|interscan\w*|amavisd?|system[-_.]?attendant
    """)
    + r")(?:[+@.=_-]|$)",
    re.IGNORECASE,
)
"""Local parts that only mail systems have (RFC 2142; the rest by habit)."""

RELAY = re.compile(
    r"(?:uucp|smtpd?|mailers?|mda|mta|mailserver|delivery|(?:mail)?gateway|mailrouter|postino|postman|virus\w*|content-?filter|system[-_.]?admin\w*)(?:[+@.=_-]|$)",
    re.IGNORECASE,
)
"""Local parts that a person or another program may have too."""

UNREAD = re.compile(r"(?:no|do-?not|don'?t)[-_.]?reply", re.IGNORECASE)
"""Local parts of programs that report nothing as a rule."""

DAEMON_NAME = re.compile(
    any_of("""
        mail(?:er)?[- ]?(?:daemon|delivery|system|administrator|router|server)|delivery (?:sub)?system|postmaster
        systems? administrator|administrador del? (?:sistema|correo)|administrador do sistema|systemadministrator|(?:sistema|servidor) de corre(?:o|io)
        administrateur syst[eè]me|microsoft outlook\b.*microsoftexchange|^\"?interscan|mail subsystem|amministratore (?:di )?sistema
    """),
    re.IGNORECASE,
)

SUBJECT = re.compile(
    any_of(r"""
        undeliver|non[- ]?deliver|^ndn:|delivery_failure|fail(?:ed|s|ure)? to deliver|error sending your mail
        message you sent (?:was )?blocked|nondeliverable|not (?:be )?(?:delivered|deliverable)|^\[?bounce\b|delivery status\s*$|loop(?: back)? (?:warning|alert)|not member article|no such user|bounced (?:mail|message)
        delivery (?:status )?(?:notification|failure|report|problem|error|has failed|failed|unsuccessful|attempt)
        deliver(?:y|ing) (?:of|to|your) .{0,60}(?:failed|error|failure)|delivery reports? about|failure delivery
        mail (?:delivery|system|status|could not|sending)? ?(?:failed|failure|error|report|be delivered)
        (?:mail|message|e-?mail) (?:delivery|sending|routing) (?:failed|failure|error|problem|report|delayed|status)
        returned mail|returned to sender|return(?:ed)? (?:message|e-?mail)|failure notice|failed (?:mail|delivery|message)
        unable to deliver|could ?n[o']t (?:be )?deliver|can(?:not|'t) (?:be )?deliver|unknown (?:user|address|recipient)
        (?:message|mail) (?:was )?(?:rejected|refused|blocked|bounced)|rejected(?: mail|:)|warning: (?:message|could not)
        message status|delivery delayed|delayed (?:mail|delivery)|delay\w* of|user unknown|address(?:ee)? unknown
        mailbox (?:full|unavailable|quota|does not)|quota exceeded|over quota
        no (?:se (?:puede|ha podido|pudo)|pudo) entregar|no entregad|devuelto|error (?:de|en la) entrega
        imposible entregar|notificaci[óo]n de (?:estado de )?(?:entrega|error)|fall[oó] (?:de|en la) entrega
        no se entreg[oó]|no fue (?:posible entregar|entregad)|n[ãa]o (?:foi poss[íi]vel|conseguimos|se p[ôo]de) entregar
        correo rechazado|n[ãa]o (?:foi )?(?:entregue|p[oô]de ser entregue)|falha (?:na|de) entrega|devolvid
        notifica[çc][ãa]o de (?:status|estado) d[ea] entrega|non remis|remise (?:impossible|diff)
        [ée]chec de (?:la )?(?:remise|distribution)|unzustellbar|zustell(?:ung|fehler).{0,40}
        recapito non riuscito|non_remis|olevererbar|niet bezorgbaar
        mancata consegna|non recapitabile|consegna (?:fallita|non riuscita)
        impossibile recapitare|impossible de remettre|konnte nicht (?:zugestellt|[üu]bermittelt)|nicht zugestellt
        niet (?:te bezorgen|bezorgd|afgeleverd|worden bezorgd)|onbestelbaar|niedor[eę]cz|nie dostarczon
        недостав|не доставлен|возвращен|kan inte leverer|olevererat|kunne ikke (?:leveres|levere)|uleveret
        ikke leveret|toimitus epäonnistui|perille toimittamaton|nedoručiteln
        erro (?:ao|na|no|de) (?:entreg|envi)|banned (?:contents?|file|attachment)|virus (?:in|found|detected|alert)|content violation
        mail system error|配送エラー|配送でき|送信エラー|配信(?:不能|できません|エラー|に失敗)|送信できません|エラーメール
        退信|投递失败|无法(?:投递|送达)|반송|전송 ?실패
    """),
    re.IGNORECASE,
)
"""Subjects of reports of non-delivery."""

REPORTS_BY_NAME = re.compile(
    r"\s*(?:ndn:|undeliver(?:able|ed)\b|returned mail\b|delivery status notification\b|delivery failure\s*:|failure notice\b|non-?deliver(?:y|able)\b|\[bounce\]|mail delivery (?:failed|failure)\s*:)",
    re.IGNORECASE,
)
"""Beginnings of subjects that only mail systems write, in the words of their programs."""

SAID = re.compile(
    any_of(r"""
        this is the (?:qmail|mail system|postfix|mail delivery|machine generated)|qmail-send program
        created automatically by mail delivery|(?:returned|bounced) (?:mail|message|to sender|below)
        (?:could not|couldn'?t|cannot|can'?t|unable to|wasn'?t able to|not able to|was not|were not|failed to|not) (?:be )?deliver
        had (?:permanent )?(?:fatal )?delivery (?:problem|error)|not a member of this|duplicated message-id|loop condition
        deliver(?:y|ed|ing)? .{0,60}(?:failed|failure|permanent|unsuccessful)|delivery (?:status|to the following|attempt)
        permanent(?:ly)? (?:fatal )?(?:error|fail)|did not reach (?:some|the|all)|undeliver|non-?delivery
        user (?:is )?(?:unknown|not found|does ?n)|unknown (?:user|recipient|address|local)
        no such (?:local )?(?:user|recipient|mailbox|address|domain|account|person)|not listed in|transcript of session
        mailbox (?:is )?(?:full|unavailable|disabled|not found|quota|has exceeded|does not)
        (?:over|exceed\w*) .{0,30}quota|quota exceed|session transcript|relay(?:ing)? (?:access )?denied
        recipient (?:address )?(?:rejected|unknown|not found|refused|does not)
        address (?:rejected|unknown|not found|does ?n|was not found)|host (?:or domain name )?(?:unknown|not found)
        domain (?:does not exist|not found)|account (?:is )?(?:disabled|inactive|suspended|unavailable|has been)
        rejected (?:by|your|for|due)|(?:message|mail) (?:was )?(?:rejected|refused|blocked)
        (?:was|been|were) (?:blocked|stopped) (?:by|because|due)|delivery of the (?:e-?)?mail was (?:stopped|blocked)
        usu[áa]rio (?:inexistente|desconhecido|n[ãa]o)|usuario (?:inexistente|desconocido)|not be found|name was not found
        generated (?:the following )?error|the following (?:recipient|address|error|user|destination)
        no (?:se )?(?:ha podido|pudo|puede|han podido|fue posible) (?:ser )?entreg|no existe (?:el|la|ese|esa) (?:usu|dir|bu|cu)
        buz[óo]n (?:lleno|no)|entrega .{0,40}(?:fall|error|imposible)
        n[ãa]o (?:foi|p[ôo]de|pode) (?:poss[íi]vel|ser)? ?entreg|n'a (?:pas )?pu [êe]tre|nicht (?:zugestellt|[üu]bermittelt)
        falha (?:na|de) entrega|fehler bei der (?:nachrichten)?zustellung|fehler bei der nachrichten|[ée]chec de (?:la )?remise
        non [èe] stat[oa] (?:possibile )?(?:recapit|consegn)|niet (?:worden )?(?:bezorgd|afgeleverd)
        не (?:может быть|было|удалось) достав|配信(?:でき|不能)|送信でき|あて先|無法|无法|退回|전송하지|배달되지
    """),
    re.IGNORECASE,
)
"""What such reports say."""

NOBODY = re.compile(
    any_of(r"""
        (?:user|account|recipient|mailbox|address|addressee|alias)(?: name)?(?: is| was|\(s\))?(?: currently)? ?(?:unknown|not found|does(?:n'?t| not) exist|disabled|inactive|invalid|suspended|no longer (?:exist|valid|in use|active))
        (?:unknown|invalid|no such|non-?existent|nonexistent|disabled|inactive|bad destination|bad) (?:local )?(?:user|account|recipient|mailbox|address|addressee|alias|destination|person)
        (?:no|not a valid|isn'?t a valid) (?:mailbox|user|recipient|account)\b|not (?:listed|found) in|account (?:that you tried to reach|has been) (?:does not exist|disabled|is disabled)
        does(?:n'?t| not) have an? .{0,40}account|doesn'?t have an? account|this (?:user|account) does(?:n'?t| not)
        user .{0,80} (?:does(?:n'?t| not) exist|not (?:listed|found|known)|unknown)|mailbox unavailable|recipientnotfound
        (?:unknown|unrouteable|unresolvable|no such) (?:domain|host)|(?:domain|host)(?: name)?(?: or domain name)? (?:does(?:n'?t| not) exist|not found|unknown)|no mx record|nxdomain
        (?:usuario|destinatario|buz[óo]n|direcci[óo]n|cuenta|casilla) .{0,60}(?:no (?:existe|se encontr|encontrad|v[áa]lid|ha sido encontrad)|desconocid|deshabilitad|inexistente|inactiv)
        no existe (?:el |la |ese |esa )?(?:usuario|destinatario|buz[óo]n|direcci[óo]n|cuenta|casilla|dominio)
        (?:usu[áa]rio|destinat[áa]rio|caixa|endere[çc]o|conta) .{0,60}(?:n[ãa]o (?:existe|encontrad|localizad)|desconhecid|inexistente|desativad)
        (?:empf[äa]nger|benutzer|adresse) .{0,40}(?:unbekannt|nicht gefunden|existiert nicht)|destinataire inconnu|adresse .{0,30}(?:inconnue|introuvable)
        utente sconosciuto|indirizzo inesistente|onbekende gebruiker|адрес .{0,30}не (?:существует|найден)|пользователь .{0,30}не найден
    """),
    re.IGNORECASE,
)
"""What servers say where nobody is."""

REFUSED = re.compile(
    any_of(r"""
        spam|virus|malware|phish|black-?list|block-?list|\brbl\b|dnsbl|spamhaus|barracuda|reputation|content|polic(?:y|ies)|dmarc|dkim|\bspf\b
        unauthenticated|not authorized|too (?:large|big)|size limit|attachment|quota|mailbox (?:is )?full|over.?quota|rate limit|relay|blocked|greylist
    """),
    re.IGNORECASE,
)
"""What they say where the mail, not the address, was the reason."""

GAVE_UP = re.compile(
    any_of(r"""
        (?:given|giving|gave) up|expired|too (?:long|old)|permanent|retry (?:time(?:out)?|limit) (?:exceeded|has)|no (?:further|more) (?:attempts|retries)
        will not be (?:retried|delivered)|(?:could not|cannot|was not) be delivered (?:for|after|within)|se (?:agot|desisti|venci)|ya no se (?:intentar|volver)
    """),
    re.IGNORECASE,
)
GOES_ON = re.compile(
    any_of(r"""
        will (?:keep|continue|be re-?tr|retry|try)|keep(?:s)? trying|still (?:being )?(?:trying|retried)|no (?:action|need)|do not (?:need to )?resend|(?:only|just) a warning|warning only|this is a warning
        delay|retras|demorad|se seguir|volver[áa] a intentar|atras|seguir[áa] intentando|verz[öo]ger|retard
    """),
    re.IGNORECASE,
)
