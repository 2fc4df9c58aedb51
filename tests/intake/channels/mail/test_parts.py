"""What a mail says and what it carries, in every form that mailers give it."""

import base64

import pytest

from tests.intake.channels.mail.mails import a_mail, understood

TEXTS = [
    ("text/plain; charset=utf-8", "8bit", "Ñandú".encode(), "Ñandú"),
    ("text/plain; charset=iso-8859-1", "8bit", b"\xd1and\xfa \x93x\x94", "Ñandú “x”"),
    ("text/plain; charset=us-ascii", "8bit", "Ñandú".encode(), "Ñandú"),
    ("text/plain; charset=us-ascii", "8bit", b"\xd1and\xfa", "Ñandú"),
    ("text/plain; charset=utf-8", "8bit", b"\xd1and\xfa en la pasarela", "Ñandú en la pasarela"),
    ("text/plain; charset=iso-8859-1", "8bit", "Ñandú".encode(), "Ñandú"),
    ("text/plain; charset=unknown-8bit", "8bit", b"\xd1and\xfa", "Ñandú"),
    ("text/plain", "8bit", b"\xd1and\xfa", "Ñandú"),
    ('text/plain; charset="utf-8', "quoted-printable", b"=C3=91and=C3=BA", "Ñandú"),
    ("text/plain; charset=utf-8;;", "Quoted-Printable ", b"=c3=91and=c3=ba", "Ñandú"),
    ("text/plain charset=utf-8", "quoted-printable", b"=C3=91an=\r\nd=C3=BA =3D 5 = 5", "Ñandú = 5 = 5"),
    ("text/plain; charset=utf-8", "base64", base64.b64encode("Ñandú".encode()), "Ñandú"),
    ("text/plain; charset=utf-8", "BASE64", b"w5Fhb\r\n mTDug", "Ñandú"),
    ("text/plain; charset=utf-8", "base64", b"w5FhbmTDug==\r\n\r\n-- \r\nlista de correo!\r\n", "Ñandú"),
    ("text/plain; charset=utf-8", "base64", "Ñandú no codificado".encode(), "Ñandú no codificado"),
    ("text/plain; charset=utf-7", "7bit", b"+ANE-and+APo-", "Ñandú"),
    ("text/plain; charset=gb2312", "8bit", "你好，世界".encode("gb18030"), "你好，世界"),
    ("text/plain; charset=iso-2022-jp", "7bit", "こんにちは".encode("iso2022_jp"), "こんにちは"),
    ("text/plain", "7bit", "こんにちは".encode("iso2022_jp"), "こんにちは"),
    ("text/plain; charset=windows-1251", "8bit", "Привет".encode("cp1251"), "Привет"),
    ("text/plain", "8bit", "Привет, не работает вход".encode("cp1251"), "Привет, не работает вход"),
    ("text/plain; charset=cp-850", "8bit", "Ñandú".encode("cp850"), "Ñandú"),
    ('text/plain; charset="windows-1252"; format=flowed', "8bit", b"uno \r\ndos\r\ntres", "uno dos\ntres"),
    ("text/plain; charset=utf-16", "base64", base64.b64encode("Ñandú".encode("utf-16")), "Ñandú"),
    ("text/plain; charset=utf-8", "7bit", b"\xef\xbb\xbfHola", "Hola"),
    ("text/plain; charset=x-mac-roman", "8bit", "Ñandú".encode("mac_roman"), "Ñandú"),
    ("text", "7bit", b"Hola", "Hola"),
    ("plain/text; charset=utf-8", "x-desconocida", "Ñandú".encode(), ""),
    ("text/html; charset=utf-8", "7bit", b"<p>Hola<br>mundo</p><p>&Ntilde;and&uacute;</p>", "Hola\nmundo\n\nÑandú"),
    ("text/html", "8bit", b"<meta charset=iso-8859-1><title>x</title><style>p{}</style>\xd1and\xfa", "Ñandú"),
    ("text/plain", "7bit", b"<html><body><b>Hola</b></body></html>", "Hola"),
    ("multipart/mixed", "7bit", b"Hola sin partes", "Hola sin partes"),
]  # fmt: skip


@pytest.mark.parametrize(("media", "encoding", "body", "text"), TEXTS)
def test_the_text_is_read_in_whatever_charset_and_encoding(
    media: str, encoding: str, body: bytes, text: str
) -> None:
    fields = (f"Content-Type: {media}", f"Content-Transfer-Encoding: {encoding}")

    assert understood(a_mail(body, *fields)).text == text


HTML = [
    ("<ul><li>uno<li>dos</ul><ol><li>tres</ol>", "- uno\n- dos\n\n1. tres"),
    ("<table><tr><td>Trámite</td><td>12</td></tr><tr><td>Error</td><td>503</td></tr></table>", "Trámite 12\nError 503"),
    ("<div>uno</div><div><br></div><div>dos</div>", "uno\n\ndos"),
    ('ver <a href="https://a.example/x">el enlace</a>', "ver el enlace <https://a.example/x>"),
    ('<a href="https://a.example">https://a.example</a>', "https://a.example"),
    ('<span style="display:none">oculto</span>visible<script>x()</script>', "visible"),
    ('<img src="https://rastreo.example/p.gif" alt=""><img src="cid:1" alt="captura">', "[captura]"),
    ("<pre>a\n  b</pre>", "a\n  b"),
    ("<!--[if mso]>x<![endif]--><o:p></o:p>a&nbsp;&lt;b&gt;", "a <b>"),
    ("a<blockquote>cita</blockquote>b", "a\n\nb"),
    ("<p>sin cierre <b>negrita <p>otro", "sin cierre negrita\n\notro"),
    ('Hola<div class="gmail_quote"><div class="gmail_attr">En 2025 algo ajeno:<br></div><blockquote>a</blockquote></div>',
     "Hola"),
    ('Hola<hr><div id="divRplyFwdMsg"><b>Von:</b> x<br></div><div>anterior</div>', "Hola"),
    ('Hola<div class="moz-cite-prefix">X, 3/3/25:</div><blockquote type="cite">a</blockquote>Respuesta', "Hola\n\nRespuesta"),
    ('<blockquote style="margin:0 0 0 40px;border:none;padding:0px">sangría</blockquote>', "sangría"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "text"), HTML)
def test_html_is_read_as_a_person_reads_it(html: str, text: str) -> None:
    found = understood(a_mail(html, "Subject: Re: x", "Content-Type: text/html; charset=utf-8"))

    assert found.text == text


def parts(*entities: str, kind: str = "mixed", boundary: str = "lim", extra: str = "") -> bytes:
    body = "".join(f"--{boundary}\n{entity}\n" for entity in entities) + f"--{boundary}--\n"
    return a_mail(
        f"preámbulo\n{body}epílogo", f'Content-Type: multipart/{kind}; boundary="{boundary}"{extra}'
    )


PLAIN = "Content-Type: text/plain; charset=utf-8\n\nHola, ñandú"
RICH = "Content-Type: text/html; charset=utf-8\n\n<b>Hola, rico</b>"


def test_of_alternatives_the_plain_one_is_read_unless_it_says_nothing() -> None:
    empty = "Content-Type: text/plain\n\n \n"
    notice = "Content-Type: text/plain\n\nYour mail client does not support HTML messages.\n"

    assert understood(parts(PLAIN, RICH, kind="alternative")).text == "Hola, ñandú"
    assert understood(parts(empty, RICH, kind="alternative")).text == "Hola, rico"
    assert understood(parts(notice, RICH, kind="alternative")).text == "Hola, rico"
    assert understood(parts(RICH, kind="alternative")).text == "Hola, rico"


def test_texts_between_pictures_are_all_read() -> None:
    picture = 'Content-Type: image/png; name="captura.png"\nContent-Transfer-Encoding: base64\n\niVBORw=='
    found = understood(parts(PLAIN, picture, "\nSegundo texto"))

    assert found.text == "Hola, ñandú\n\nSegundo texto"
    assert [(file.name, file.media_type, file.content) for file in found.attachments] == [
        ("captura.png", "image/png", b"\x89PNG")
    ]


NAMES = [
    ('Content-Disposition: attachment; filename="informe.pdf"', "informe.pdf"),
    ("Content-Disposition: attachment; filename=informe final.pdf", "informe final.pdf"),
    ("Content-Disposition: attachment; filename=informe.pdf; size=12", "informe.pdf"),
    ('Content-Disposition: attachment; filename="informe; final.pdf"', "informe; final.pdf"),
    ("Content-Disposition: attachment; filename*=UTF-8''a%C3%B1o%202025.pdf", "año 2025.pdf"),
    ("Content-Disposition: attachment; filename*=iso-8859-1'es'a%F1o.pdf", "año.pdf"),
    ("Content-Disposition: attachment; filename*0*=utf-8''a%C3%B1; filename*1*=o%20; filename*2=2025.pdf", "año 2025.pdf"),
    ("Content-Disposition: attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
    ("Content-Disposition: attachment; filename*0*=utf-8''a%C3; filename*1*=%B1o.pdf", "año.pdf"),
    ('Content-Disposition: attachment; filename="ano.pdf"; filename*=UTF-8\'\'a%C3%B1o.pdf', "año.pdf"),
    ('Content-Disposition: attachment; filename="=?utf-8?Q?a=C3=B1o.pdf?="', "año.pdf"),
    ("Content-Disposition: attachment; filename==?utf-8?B?YcOxby5wZGY=?=", "año.pdf"),
    ('Content-Disposition: attachment;\n filename="=?utf-8?Q?a=C3=B1o_?=\n =?utf-8?Q?2025.pdf?="', "año 2025.pdf"),
    ('Content-Disposition: attachment; filename="año.pdf"', "año.pdf"),
    ('Content-Type: application/pdf; name="=?iso-8859-1?Q?a=F1o.pdf?="\nContent-Disposition: attachment', "año.pdf"),
    ("Content-Type: application/pdf; name=plano.pdf", "plano.pdf"),
    ("Content-Type: application/pdf; name*=utf-8''pl%C3%A1no.pdf", "pláno.pdf"),
    ('Content-Type: application/pdf; name="a.pdf"\nContent-Disposition: attachment; filename="b.pdf"', "b.pdf"),
    ('Content-Disposition: attachment; filename="C:\\\\Users\\\\juan\\\\informe.pdf"', "informe.pdf"),
    ('Content-Disposition: attachment; filename="../../etc/passwd"', "passwd"),
    ('Content-Disposition: attachment; filename="sin comilla.pdf', "sin comilla.pdf"),
    ("Content-Disposition: attachment; filename='simple.pdf'", "simple.pdf"),
    ('Content-Disposition: inline; filename="foto.jpg"\nContent-Type: image/jpeg', "foto.jpg"),
    ('Content-Disposition: ATTACHMENT; FILENAME="GRITO.PDF"', "GRITO.PDF"),
    ("Content-Type: image/png\nContent-ID: <x@y>", "imagen-1.png"),
    ("Content-Type: application/octet-stream\nContent-Location: informe.pdf", "informe.pdf"),
    ("Content-Type: application/octet-stream\nContent-Description: informe.pdf", "informe.pdf"),
    ("Content-Type: text/calendar; method=REQUEST", "invitacion.ics"),
    ("Content-Type: application/ms-tnef", "winmail.dat"),
    ("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "smime.p7m"),
    ("Content-Type: application/pkcs7-signature", "smime.p7s"),
    ("Content-Type: application/pgp-signature", "signature.asc"),
    ("Content-Type: application/zip\nContent-Disposition: attachment", "adjunto-1.zip"),
    ('Content-Type: text/plain; name="notas.txt"\nContent-Disposition: attachment', "notas.txt"),
    ('Content-Type: text/html; name="pagina.html"\nContent-Disposition: inline', "pagina.html"),
    ('Content-Type: application/pdf;\n\tname="a b\n c.pdf"', "a b c.pdf"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "name"), NAMES)
def test_a_file_has_its_name(fields: str, name: str) -> None:
    fields = fields if "Content-Type" in fields else f"Content-Type: application/pdf\n{fields}"
    found = understood(parts(PLAIN, f"{fields}\n\nx"))

    assert [(file.name, file.content) for file in found.attachments] == [(name, b"x")]
    assert found.text == "Hola, ñandú"


def test_a_mail_that_is_one_file_has_no_text() -> None:
    found = understood(a_mail(base64.b64encode(b"%PDF"), 'Content-Type: application/pdf; name="a.pdf"',
                              "Content-Transfer-Encoding: base64"))  # fmt: skip

    assert (found.text, [(file.name, file.content) for file in found.attachments]) == (
        "",
        [("a.pdf", b"%PDF")],
    )


def test_a_mail_in_a_mail_is_kept_whole() -> None:
    inner = "Content-Type: message/rfc822\n\nFrom: b@c.bo\nSubject: =?utf-8?Q?Pago_ca=C3=ADdo?=\n\nno aparece"
    found = understood(parts(PLAIN, inner))

    assert found.text == "Hola, ñandú"
    assert [file.name for file in found.attachments] == ["Pago caído.eml"]
    assert found.attachments[0].content.startswith(b"From: b@c.bo\r\n")


def test_nested_signed_and_related_parts_are_sorted() -> None:
    related = (
        'Content-Type: multipart/related; boundary="r"\n\n--r\n'
        + RICH
        + '\n--r\nContent-Type: image/gif; name="logo.gif"\nContent-ID: <l>\n\nGIF\n--r--'
    )
    alternative = f'Content-Type: multipart/alternative; boundary="a"\n\n--a\n{PLAIN}\n--a\n{related}\n--a--'
    signature = "Content-Type: application/pgp-signature; name=signature.asc\n\nxyz"
    found = understood(parts(alternative, signature, kind="signed"))

    assert found.text == "Hola, ñandú"
    assert [file.name for file in found.attachments] == ["logo.gif", "signature.asc"]


def test_an_encrypted_mail_is_shown_as_its_parts() -> None:
    found = understood(
        parts(
            "Content-Type: application/pgp-encrypted\n\nVersion: 1",
            'Content-Type: application/octet-stream; name="encrypted.asc"\n\n-----BEGIN PGP MESSAGE-----',
            kind="encrypted",
        )
    )

    assert [file.name for file in found.attachments] == ["version.asc", "encrypted.asc"]


def test_uuencoded_files_in_a_text_are_files() -> None:
    found = understood(a_mail("Hola\n\nbegin 644 nota.txt\n$:&]L80``\n`\nend\n\nChau"))

    assert found.text == "Hola\n\n\nChau"
    assert [(file.name, file.content) for file in found.attachments] == [("nota.txt", b"hola")]


@pytest.mark.parametrize(
    "fields",
    [
        'Content-Type: application/zip; x-unix-mode=0600;\nname="año.zip"',
        "Content-Type: application/zip\nContent-Disposition: attachment; filename=\"UTF-8''a%C3%B1o.zip\"",
        "Content-Type: application/zip\nContent-Disposition: attachment; filename=\"UTF-8''x%20y.zip\"; filename*=UTF-8''a%C3%B1o.zip",
    ],
)
def test_names_with_a_fold_or_a_star_forgotten_are_read(fields: str) -> None:
    body = f"--b\n\nHola\n--b\n{fields}\nContent-Transfer-Encoding: base64\n\nSG9sYQ==\n--b--\n"
    (file,) = understood(a_mail(body, "Content-Type: multipart/mixed; boundary=b")).attachments

    assert (file.name, file.content) == ("año.zip", b"Hola")
