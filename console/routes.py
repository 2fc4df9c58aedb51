"""Every address of the console and what answers it."""

from aiohttp import web

from console import acts, assets, files
from console.keys import CONSOLE
from console.live import stream
from console.pages import (
    article,
    article_edit,
    articles,
    calls,
    case,
    channels,
    conversations,
    gaps,
    help_article,
    help_index,
    learning,
    login,
    phone,
    procedure,
    procedures,
    quarantine,
    queue,
    report_cases,
    report_month,
    reports,
    review,
    self_solved,
    start,
    track,
    unit,
)
from console.visitor import who

NUMBER = r"{number:\d{4}-\d{1,9}}"
ARTICLE = r"{article:\d{1,12}}"


async def static(request: web.Request) -> web.Response:
    """Send a file that the pages load."""
    return assets.respond(request.app[CONSOLE].assets, request)


async def live(request: web.Request) -> web.StreamResponse:
    """Stream the names of what changes to somebody of the desk."""
    who(request)
    return await stream(request.app[CONSOLE].live, request)


ROUTES = (
    web.get("/", start.show),
    web.get("/login", login.show),
    web.post("/login", login.log_in),
    web.post("/logout", login.log_out),
    web.post("/idioma", login.choose_language),
    web.get("/casos", queue.show),
    web.get(f"/casos/{NUMBER}", case.show),
    web.post(f"/casos/{NUMBER}/respuesta", acts.reply),
    web.post(f"/casos/{NUMBER}/nota", acts.note),
    web.post(f"/casos/{NUMBER}/clasificacion", acts.confirm),
    web.post(f"/casos/{NUMBER}/hasta-resolver", acts.pass_on),
    web.post(f"/casos/{NUMBER}/paso", acts.step),
    web.post(f"/casos/{NUMBER}/asignacion", acts.assign),
    web.post(f"/casos/{NUMBER}/tomar", acts.take),
    web.post(f"/casos/{NUMBER}/espera", acts.wait),
    web.post(f"/casos/{NUMBER}/estimacion", acts.estimate),
    web.post(f"/casos/{NUMBER}/division", acts.split),
    web.post(f"/casos/{NUMBER}/union", acts.merge),
    web.post(f"/casos/{NUMBER}/reapertura", acts.reopen),
    web.post(rf"/casos/{NUMBER}/mensajes/{{message:\d{{1,12}}}}/reintento", acts.retry),
    web.post(f"/casos/{NUMBER}/direcciones", acts.join),
    web.post(rf"/casos/{NUMBER}/direcciones/{{link:\d{{1,12}}}}/separacion", acts.separate),
    web.post(f"/casos/{NUMBER}/codigo", acts.send_code),
    web.post(f"/casos/{NUMBER}/aparte", acts.apart),
    web.get(r"/adjuntos/{file:\d{1,12}}", files.attachment),
    web.get("/revision", review.show),
    web.get("/unidad", unit.show),
    web.get("/telefono", phone.show),
    web.post("/telefono", phone.save),
    web.get("/llamadas", calls.show),
    web.post(r"/llamadas/{call:\d{1,12}}", calls.record),
    web.get("/canales", channels.show),
    web.get("/conversaciones", conversations.show),
    web.get("/resueltos-solos", self_solved.show),
    web.post("/resueltos-solos", self_solved.act),
    web.get("/aprendizaje", learning.show),
    web.post("/aprendizaje/entrenamiento", learning.train),
    web.post("/aprendizaje/anterior", learning.back),
    web.post("/aprendizaje/retiro", learning.withdraw_one),
    web.get("/reportes", reports.show),
    web.get("/reportes/casos", report_cases.show),
    web.get("/reportes/todo.xlsx", reports.workbook),
    web.get(r"/reportes/{table:[a-z-]{1,32}}.csv", reports.table),
    web.get(r"/reportes/mes/{month:\d{4}-\d{2}}", report_month.show),
    web.get("/cuarentena", quarantine.show),
    web.post(r"/cuarentena/{item:\d{1,12}}/{act:liberar|descartar}", quarantine.settle),
    web.get("/articulos", articles.show),
    web.post("/articulos", article_edit.add),
    web.get("/articulos/nuevo", article_edit.new),
    web.get("/articulos/vacios", gaps.show),
    web.get(f"/articulos/{ARTICLE}", article.show),
    web.get(f"/articulos/{ARTICLE}/versiones", article.versions),
    web.post(f"/articulos/{ARTICLE}/devolucion", article.give_back),
    web.post(f"/articulos/{ARTICLE}/vigencia", article.keep),
    web.post(f"/articulos/{ARTICLE}", article_edit.revise),
    web.get(f"/articulos/{ARTICLE}/editar", article_edit.edit),
    web.get(f"/articulos/{ARTICLE}/texto", article.text),
    web.post(f"/articulos/{ARTICLE}/aprobacion", article.approve),
    web.get("/procedimientos", procedures.show),
    web.get("/procedimientos/{code}/{version}", procedure.show),
    web.get("/caso/{token}", track.show),
    web.post("/caso/{token}/correo", track.ask),
    web.post("/caso/{token}/codigo", track.prove),
    web.post("/caso/{token}/nota", track.mark),
    web.get("/ayuda", help_index.show),
    web.get("/ayuda/{article}", help_article.show),
    web.get("/live", live),
    web.get("/static/{name:.+}", static),
)
