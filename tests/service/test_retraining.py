"""The worker that trains: when, what comes into use and what does not, and what a restart finds."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pytest

from cases.errors import Conflict
from cases.vocabulary import Category, Channel
from desk.learning import EVERY, Comparison, Material, Side, ask_retraining, go_back, learning_view, lessons
from intake.classifier.features import Settings
from intake.classifier.pipeline import SpacyClassifier
from intake.classifier.training.corpus import parts
from intake.classifier.training.train import train
from service.cli.model import database_of
from service.models import Models
from service.retraining import ProcessTrainer, Retraining, Trained, TrainingFailed
from service.workers import Refreshing
from store.database import Database
from store.learning import KEPT, Run
from store.work import StoreWork
from tests.builders import DeskUnderTest, a_message, open_desk
from tests.intake.classifier.messages import a_corpus
from tests.processes import ventanilla
from tests.serving import some_settings

SAME = Side(0.95, 0.95, 0.014, 0.94, 0.93)
EQUAL = Comparison(800, SAME, SAME, 0, 0, 0, 0, 5, 4, 4, 0, 0)
WORSE = replace(EQUAL, lost=40)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small corpus whose last writer is held out, and the model that was shipped with it."""
    folder = tmp_path_factory.mktemp("tiny")
    examples = [replace(each, writer="f-1" if each.writer == "w4" else each.writer) for each in a_corpus()]
    lines = [json.dumps(asdict(each), ensure_ascii=False) for each in examples]
    (folder / "corpus.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    train(parts(examples)[0], folder / "model", settings=Settings(), encoder=None)
    return folder / "corpus.jsonl", folder / "model"


@dataclass(slots=True)
class ToldTrainer:
    """Gives what it is told to, a model of its own each time."""

    data: bytes
    finds: Comparison = EQUAL
    fails: str | None = None
    meanwhile: Callable[[], object] | None = None
    given: list[Material] = field(default_factory=list)
    running: list[bytes | None] = field(default_factory=list)

    async def train(self, material: Material, running: bytes | None) -> Trained:
        self.given.append(material)
        self.running.append(running)
        if self.meanwhile is not None:
            self.meanwhile()
        if self.fails:
            raise TrainingFailed(self.fails)
        return Trained(f"told-{len(self.given)}", "shipped", 100, self.finds, self.data)

    def let_go(self) -> None:
        self.fails = "let go"


@dataclass(slots=True)
class Learning:
    """A desk that learns, with what trains it."""

    desk: DeskUnderTest
    models: Models
    trainer: ToldTrainer
    worker: Retraining

    async def confirm(self, count: int) -> None:
        for number in range(count):
            sender = f"+5917{self.desk.clock.at:%d%H%M}{number:02d}"
            case = (await self.desk.receive(a_message(sender=sender, text=f"Olvidé mi clave {number}"))).case
            await self.desk.confirm(case, Category.SUPPORT)

    async def runs(self) -> Sequence[Run]:
        return (await learning_view(self.desk.desk, self.desk.people["admin"])).runs

    async def ask(self) -> int:
        await ask_retraining(self.desk.desk, self.desk.people["supervisor"])
        return await self.worker.step()

    @property
    def version(self) -> str:
        assert self.desk.desk.classifier is not None
        return self.desk.desk.classifier.version


def bytes_of(model: Path) -> bytes:
    return (model / "report_classifier/model.msgpack").read_bytes()


@pytest.fixture
async def learning(desk: DeskUnderTest, tiny: tuple[Path, Path]) -> Learning:
    """A desk with the small shipped model, and a trainer that is told what to find."""
    models = Models(desk.desk, tiny[1])
    await models.take_up()
    trainer = ToldTrainer(bytes_of(tiny[1]))
    return Learning(desk, models, trainer, Retraining(desk.desk, models, trainer))


async def test_the_desk_trains_after_twenty_five_confirmations(learning: Learning) -> None:
    steps = [await learning.worker.step()]
    await learning.confirm(EVERY - 1)
    steps.append(await learning.worker.step())
    learning.desk.clock.advance(minutes=1)
    await learning.confirm(1)
    steps.append(await learning.worker.step())
    steps.append(await learning.worker.step())

    [run] = await learning.runs()
    assert steps == [0, 0, 1, 0]
    assert (run.outcome, run.by, run.reason, run.version) == ("activated", "sistema", "not-worse", "told-1")
    [given] = learning.trainer.given
    assert len(given.learnt) + len(given.judging) == EVERY
    assert run.confirmations == len(given.learnt)
    assert learning.trainer.running == [None]


async def test_it_trains_by_itself_at_most_once_in_ten_minutes(learning: Learning) -> None:
    await learning.worker.step()
    await learning.confirm(EVERY)
    steps = [await learning.worker.step()]
    learning.desk.clock.advance(minutes=9)
    await learning.confirm(EVERY)
    steps.append(await learning.worker.step())
    learning.desk.clock.advance(minutes=1)
    steps.append(await learning.worker.step())

    assert steps == [1, 0, 1]
    assert learning.trainer.running == [None, learning.trainer.data]


async def test_confirmations_from_before_are_learnt_but_cause_no_training(learning: Learning) -> None:
    await learning.confirm(EVERY)

    steps = [await learning.worker.step(), await learning.ask()]

    assert steps == [0, 1]
    assert len(learning.trainer.given[0].learnt) > 0


async def test_a_worse_model_is_kept_out(learning: Learning) -> None:
    before = learning.version
    learning.trainer.finds = WORSE

    await learning.ask()

    [run] = await learning.runs()
    assert (run.outcome, run.reason, run.kept) == ("kept", "worse-held-out", False)
    assert learning.version == before
    assert (await learning_view(learning.desk.desk, learning.desk.people["admin"])).in_use.model is None


async def test_a_training_that_fails_says_why_and_does_not_stop_the_desk(learning: Learning) -> None:
    learning.trainer.fails = "no quedó memoria"

    assert await learning.ask() == 1

    [run] = await learning.runs()
    assert (run.outcome, run.detail) == ("failed", "no quedó memoria")
    learning.trainer.fails = None
    assert await learning.ask() == 1
    assert [run.outcome for run in await learning.runs()] == ["activated", "failed"]


async def test_a_training_that_is_let_go_waits_for_the_next_start(learning: Learning) -> None:
    learning.trainer.meanwhile = learning.worker.let_go
    await learning.ask()
    [left] = await learning.runs()
    again = ToldTrainer(learning.trainer.data)

    done = await Retraining(learning.desk.desk, learning.models, again).step()

    assert (left.outcome, left.started) == ("asked", None)
    assert done == 1
    assert [run.outcome for run in await learning.runs()] == ["activated"]


async def test_a_training_whose_process_is_gone_is_given_up(learning: Learning) -> None:
    await ask_retraining(learning.desk.desk, learning.desk.people["admin"])
    await learning.desk.desk.database.write(lambda work: work.learning.claim(1, learning.desk.clock.at))

    steps = [await learning.worker.step()]
    learning.desk.clock.advance(minutes=11)
    steps.append(await learning.worker.step())

    assert steps == [0, 0]
    assert [run.outcome for run in await learning.runs()] == ["failed"]
    assert await learning.ask() == 1


async def test_a_restart_and_another_node_take_up_the_model_in_use(
    learning: Learning, tiny: tuple[Path, Path], database_url: str
) -> None:
    other = open_desk_again(database_url, learning.desk)
    try:
        node = Models(other.desk, tiny[1])
        await node.take_up()
        refreshing = Refreshing(other.desk, node.follow)
        await refreshing.step()
        shipped = other.desk.classifier
        await learning.ask()
        await refreshing.step()
        followed = other.desk.classifier
        restarted = Models(other.desk, tiny[1] / "gone")
        await restarted.take_up()

        assert shipped is not followed
        assert other.desk.classifier is not None  # from the database: the folder is not there
        [verdict] = other.desk.classifier.classify(
            [(Channel.WHATSAPP, None, "olvidé mi contraseña de gob.bo")]
        )
        assert verdict.category is Category.SUPPORT
    finally:
        other.desk.database.close()


def open_desk_again(url: str, desk: DeskUnderTest) -> DeskUnderTest:
    return replace(desk, desk=replace(desk.desk, database=Database(url)))


async def test_going_back_brings_the_earlier_model_and_at_last_the_shipped_one(learning: Learning) -> None:
    await learning.ask()
    await learning.ask()
    admin, used = learning.desk.people["admin"], []
    for _ in range(2):
        current = (await learning_view(learning.desk.desk, admin)).in_use.model
        assert current is not None
        used.append(await go_back(learning.desk.desk, admin, current.id, "Se equivoca con las firmas."))
        await learning.worker.step()

    view = await learning_view(learning.desk.desk, admin)
    assert used == ["told-1", "el modelo instalado"]
    assert (view.in_use.model, view.in_use.by, view.may_go_back) == (None, "admin", False)
    with pytest.raises(Conflict):
        await go_back(learning.desk.desk, admin, 1, "Otra vez.")


async def test_a_model_that_somebody_replaced_meanwhile_stays_replaced(learning: Learning) -> None:
    await learning.ask()
    desk = learning.desk.desk

    def somebody_goes_back() -> None:
        def act(work: StoreWork) -> None:
            work.learning.activate(None, "admin", "Se equivoca.", learning.desk.clock.at)

        desk.database.write_now(act)

    learning.trainer.meanwhile = somebody_goes_back
    await learning.ask()

    assert [run.reason for run in await learning.runs()] == ["changed-meanwhile", "not-worse"]
    assert (await desk.database.read(lambda work: work.learning.in_use())).model is None


async def test_the_bytes_of_models_long_gone_are_let_go(learning: Learning) -> None:
    for _ in range(KEPT + 3):
        await learning.ask()

    kept = [run.version for run in await learning.runs() if run.kept]

    assert kept == [f"told-{number}" for number in range(KEPT + 3, 2, -1)]


async def test_a_model_that_cannot_be_read_leaves_the_shipped_one(learning: Learning) -> None:
    shipped = learning.version
    learning.trainer.data = b"not a model"

    await learning.ask()

    assert learning.version == shipped


async def test_corrections_fix_a_mistake_in_a_process_of_its_own(
    desk: DeskUnderTest, tiny: tuple[Path, Path]
) -> None:
    models = Models(desk.desk, tiny[1])
    await models.take_up()
    corpus, model = tiny
    worker = Retraining(desk.desk, models, ProcessTrainer(model, corpus))
    assert isinstance(desk.desk.classifier, SpacyClassifier)
    mistake = "el lector de huellas no reconoce mi dedo"
    [before] = desk.desk.classifier.classify([(Channel.WHATSAPP, None, mistake)])
    right = next(category for category in Category if category is not before.category)
    for number, opening in enumerate(("hola ", "oiga ", "buenas ", "")):
        sender = f"+5917000001{number}"
        case = (await desk.receive(a_message(sender=sender, text=opening + mistake))).case
        await desk.confirm(case, right)
    await ask_retraining(desk.desk, desk.people["supervisor"])
    step = asyncio.create_task(worker.step())
    beats = 0
    while not step.done():
        beats += 1
        await asyncio.wait([step], timeout=0.05)

    case = (await desk.receive(a_message(sender="+59170000999", text="joven, " + mistake + " hoy"))).case
    proposed = await desk.desk.database.read(lambda work: work.cases.proposal(case.id))
    [run] = (await learning_view(desk.desk, desk.people["admin"])).runs

    assert (run.outcome, run.detail) == ("activated", None)
    assert proposed is not None
    assert (proposed.category, proposed.model) == (right, run.version)
    assert proposed.model != before.model
    assert beats > 10  # the desk went on meanwhile


async def test_a_training_process_that_breaks_tells_its_last_word(tiny: tuple[Path, Path]) -> None:
    trainer = ProcessTrainer(tiny[1], tiny[0].with_name("nothing.jsonl"))

    with pytest.raises(TrainingFailed, match="FileNotFoundError"):
        await trainer.train(Material([], [], 0), None)


def test_the_command_refuses_a_history_that_is_not_there(tmp_path: Path) -> None:
    settings = some_settings(f"sqlite:///{tmp_path}/none.db", tmp_path)
    history = ventanilla(settings, "train", "--from-history")
    misused = ventanilla(settings, "train", "--from-history", "--shipped")

    assert (history.returncode, misused.returncode) == (1, 2)
    assert "no history was imported" in history.stderr
    assert not (tmp_path / "none.db").exists()


async def test_the_command_takes_the_confirmations_of_the_database(tmp_path: Path, sqlite_url: str) -> None:
    desk = open_desk(sqlite_url)
    case = (await desk.receive(a_message(text="mi firma no carga en la pantalla del móvil"))).case
    await desk.confirm(case, Category.SUPPORT)
    desk.desk.database.close()

    with database_of(some_settings(sqlite_url, tmp_path)) as found:
        assert found is not None
        [lesson] = found.database.read_now(lessons)

    assert (lesson.category, lesson.writer) == ("support", "confirmed-1")
