"""The command line as scripts use it: what it prints, how it exits."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.settings import Settings
from tests.processes import ventanilla
from tests.serving import some_settings


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """A fresh desk's settings, with the trained model of the checkout."""
    return some_settings(
        f"sqlite:///{tmp_path}/desk.db", tmp_path, model_dir=str(Path("var/model").resolve())
    )


@pytest.fixture
def ready(settings: Settings) -> Settings:
    assert ventanilla(settings, "init").returncode == 0
    return settings


def test_a_message_is_classified_as_the_contract_says(settings: Settings) -> None:
    line = {"id": "1", "channel": "whatsapp", "subject": None, "text": "no carga la pagina de pagos"}

    done = ventanilla(settings, "classify", "--jsonl", said=json.dumps(line) + "\n")

    [answer] = [json.loads(said) for said in done.stdout.splitlines()]
    assert (done.returncode, answer["id"]) == (0, "1")
    assert set(answer) == {
        "id",
        "category",
        "confidence",
        "probabilities",
        "system",
        "system_confidence",
        "abstain",
        "evidence",
        "model",
    }
    assert (answer["category"], answer["system"]) == ("availability", "ppte")
    assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=0.01)
    assert all(0 <= span["start"] < span["end"] <= len(line["text"]) for span in answer["evidence"])


def test_a_line_that_is_no_message_is_named_on_standard_error(settings: Settings) -> None:
    done = ventanilla(settings, "classify", "--jsonl", said='{"id":"1","channel":"fax","text":"x"}\n')

    assert done.returncode == 1
    assert "line 1" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_wrong_usage_exits_2(settings: Settings) -> None:
    assert ventanilla(settings, "classify").returncode == 2
    assert ventanilla(settings, "nothing").returncode == 2
    assert ventanilla(settings, "serve", "--only", "kitchen").returncode == 2


def test_a_command_on_a_desk_that_is_not_there_says_what_to_do(settings: Settings) -> None:
    done = ventanilla(settings, "demo")

    assert (done.returncode, done.stderr.strip()) == (
        1,
        "ventanilla: the database is missing or old: run `ventanilla init`",
    )


def test_init_and_demo_may_be_repeated(ready: Settings) -> None:
    assert ventanilla(ready, "init").returncode == 0
    first, second = ventanilla(ready, "demo"), ventanilla(ready, "demo")

    assert "57 cases" in first.stdout
    assert (second.returncode, second.stdout.strip()) == (
        0,
        "The demo desk is loaded already; it keeps what it has.",
    )
    assert "57 case records are whole." in ventanilla(ready, "verify").stdout


def test_an_account_needs_a_strong_password_and_a_fitting_unit(ready: Settings) -> None:
    weak = ventanilla(ready, "user", "add", "ana", "--role", "operador", said="short\n")
    misfit = ventanilla(ready, "user", "add", "ana", "--role", "unidad", said="una clave larga\n")
    good = ventanilla(
        ready, "user", "add", "ana", "--role", "unidad", "--unit", "uit", said="una clave larga\n"
    )

    assert [done.returncode for done in (weak, misfit, good)] == [1, 1, 0]
    assert "al menos 10 caracteres" in weak.stderr


def test_a_token_is_printed_once_and_its_name_is_taken(ready: Settings) -> None:
    first = ventanilla(ready, "token", "add", "tablero", "--role", "supervisor")
    second = ventanilla(ready, "token", "add", "tablero", "--role", "supervisor")

    assert first.stdout.startswith("vt_")
    assert second.returncode == 1


def test_articles_come_in_twice_without_doubling_and_are_found(ready: Settings, tmp_path: Path) -> None:
    article = {
        "id": "a-1",
        "title": "Recuperar la contraseña",
        "category": "support",
        "system": "ciudadania_digital",
        "body": "1. Abra la página.",
        "keywords": ["clave"],
    }
    file = tmp_path / "articles.jsonl"
    file.write_text(json.dumps(article) + "\n", "utf-8")
    for _ in range(2):
        assert ventanilla(ready, "kb", "import", str(file)).returncode == 0
    out = tmp_path / "out.jsonl"
    ventanilla(ready, "kb", "export", str(out))
    query = json.dumps({"id": "q", "text": "olvidé mi clave"})
    found = json.loads(ventanilla(ready, "kb", "search", "--jsonl", "--top", "3", said=query + "\n").stdout)

    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == ["a-1"]
    assert (found["id"], found["results"][0]["id"]) == ("q", "a-1")
    assert set(found) == {"id", "results", "answerable", "confidence"}


def test_settings_are_printed_with_secrets_masked(settings: Settings) -> None:
    done = ventanilla(settings, "settings")

    assert "VENTANILLA_TWILIO_AUTH_TOKEN = ********" in done.stdout
    assert "simulated-token" not in done.stdout


def test_a_procedure_is_compared_drawn_activated_and_cases_migrate(ready: Settings, tmp_path: Path) -> None:
    ventanilla(ready, "demo")
    draft = tmp_path / "PR02-1.toml"
    shipped = Path("workflow/procedures/PR02-0.toml").read_text("utf-8")
    draft.write_text(shipped.replace('version = "0"', 'version = "1"', 1), "utf-8")

    assert "no fault" in ventanilla(ready, "procedures", "check", str(draft)).stdout
    assert ventanilla(ready, "procedures", "add", str(draft)).returncode == 0
    assert ventanilla(ready, "procedures", "activate", "PR02", "1", "--by", "admin").returncode == 0
    assert ventanilla(ready, "procedures", "activate", "PR02", "1", "--by", "operador").returncode == 1
    assert "* PR02  1" in ventanilla(ready, "procedures", "list").stdout
    assert "Nothing was changed" in ventanilla(ready, "procedures", "migrate", "PR02", "0", "1").stdout
    done = ventanilla(ready, "procedures", "migrate", "PR02", "0", "1", "--apply", "--by", "admin")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "21 cases are on PR02, version 1.")
    assert "57 case records are whole." in ventanilla(ready, "verify").stdout
