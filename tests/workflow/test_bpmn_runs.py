"""Another engine runs the exported BPMN and goes the ways that ours goes.

SpiffWorkflow knows no link events, so the pairs of throw and catch are joined before it reads a document;
a link is by the standard just that, a flow drawn without its line.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.specs.defaults import EndEvent

from cases.procedure import Facts
from tests.workflow.walking import ALL_FACTS, NOW, SHIPPED, fitting, read_xml
from workflow.bpmn import to_bpmn
from workflow.checking import stack_at
from workflow.engine import Run, advance, legal
from workflow.graph import CLOSED_NAME, step_id

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CODES = ["PR01", "PR02", "PR03"]


@dataclass(frozen=True)
class Way:
    """Answers given from a procedure's first step on, the steps where, and where the last one leads."""

    answers: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    after: str = ""

    def on(self, run: Run, answer: str, moved: Run) -> "Way":
        """Take one answer more."""
        assert run.place is not None
        if moved.place is None:
            after = CLOSED_NAME
        else:
            inside = moved.place.procedure == run.place.procedure
            after = step_id(moved.place.step) if inside else str(moved.place)
        return Way((*self.answers, answer), (*self.steps, step_id(run.place.step)), after)


def first(code: str, facts: Facts) -> Run:
    """Stand at a procedure's first step."""
    place = SHIPPED.procedure(code).first
    return Run(place, facts, stack_at(SHIPPED, place))


def ways(run: Run, way: Way) -> Iterator[Way]:
    """Give every way to the end of a procedure, and every way up to each answer that turns back."""
    for answer in legal(SHIPPED, run):
        moved = advance(SHIPPED, run, answer.id, fitting(answer), NOW).run
        onward = way.on(run, answer.id, moved)
        if answer.kind == "return" or not onward.after.startswith("step_"):
            yield onward
        else:
            yield from ways(moved, onward)


@cache
def loaded(code: str) -> Any:
    """Load a procedure's export into SpiffWorkflow."""
    parser = BpmnParser()
    parser.add_bpmn_str(ET.tostring(joined(read_xml(to_bpmn(SHIPPED, code)))))
    return parser.get_spec(f"process_{code}_0")


def joined(root: ET.Element) -> ET.Element:
    """Put a flow from every link thrown to the step before which it is caught."""
    process = root.find(f"{BPMN}process")
    assert process is not None
    caught = {event.attrib["name"]: event for event in process.iter(f"{BPMN}intermediateCatchEvent")}
    goes_to = {
        flow.attrib["sourceRef"]: flow.attrib["targetRef"] for flow in process.iter(f"{BPMN}sequenceFlow")
    }
    for throw in process.findall(f"{BPMN}intermediateThrowEvent"):
        target = goes_to[caught[throw.attrib["name"]].attrib["id"]]
        link = {"id": f"joined_{throw.attrib['id']}", "sourceRef": throw.attrib["id"], "targetRef": target}
        ET.SubElement(process, f"{BPMN}sequenceFlow", link)
    return root


def run_in_spiff(spec: Any, answers: tuple[str, ...]) -> Way:
    """Give answers to the other engine, and tell the steps where it stood and where it came to."""
    workflow = BpmnWorkflow(spec)
    workflow.do_engine_steps()
    for _ in [step for step in SHIPPED.procedure(spec.name[8:12]).steps if step.automatic]:
        workflow.get_tasks(state=TaskState.READY, manual=True)[0].run()
        workflow.do_engine_steps()
    steps: list[str] = []
    for answer in answers:
        (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
        here = task.task_spec.name
        steps.append(here)
        extension = spec.task_specs.get(f"{here.replace('step_', 'extension_')}_{answer}")
        if extension is None:
            task.data["answer"] = answer
            task.run()
        else:
            workflow.catch(BpmnEvent(extension.event_definition))
        workflow.do_engine_steps()
    if workflow.completed:
        ended = [task.task_spec for task in workflow.get_tasks(state=TaskState.COMPLETED)]
        (end,) = [spec.bpmn_name for spec in ended if isinstance(spec, EndEvent)]
        return Way(answers, tuple(steps), end)
    (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
    return Way(answers, tuple(steps), task.task_spec.name)


@pytest.mark.parametrize(("code", "count"), [("PR01", 13), ("PR02", 57), ("PR03", 37)])
def test_every_way_of_ours_is_one_of_the_exports(code: str, count: int) -> None:
    ours = {way for facts in ALL_FACTS for way in ways(first(code, facts), Way())}

    assert len(ours) == count
    answers = {(step, answer) for way in ours for step, answer in zip(way.steps, way.answers, strict=True)}
    steps = [step for step in SHIPPED.procedure(code).steps if not step.automatic]
    given_anywhere = {(step_id(step.number), answer.id) for step in steps for answer in step.answers}
    assert given_anywhere - answers <= {("step_4", "derive-uit")}  # at 4 only if confirmed anew there
    assert {run_in_spiff(loaded(code), way.answers) for way in ours} == ours


@settings(max_examples=25, deadline=None)
@given(st.data(), st.sampled_from(CODES))
def test_ways_that_turn_back_again_and_again_agree_too(data: st.DataObject, code: str) -> None:
    run, way = first(code, data.draw(st.sampled_from(ALL_FACTS))), Way()
    for _ in range(25):
        answer = data.draw(st.sampled_from(legal(SHIPPED, run)))
        moved = advance(SHIPPED, run, answer.id, fitting(answer), NOW).run
        way = way.on(run, answer.id, moved)
        if moved.place is None or moved.place.procedure != code:
            break
        run = Run(moved.place, moved.facts or data.draw(st.sampled_from(ALL_FACTS)), moved.stack)

    assert run_in_spiff(loaded(code), way.answers) == way


def test_an_answer_that_is_none_goes_no_way() -> None:
    workflow = BpmnWorkflow(loaded("PR02"))
    workflow.do_engine_steps()
    for _ in range(2):
        (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
        task.data["answer"] = "analyse"
        task.run()
        workflow.do_engine_steps()
    (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
    task.data["answer"] = "nobody"
    task.run()

    with pytest.raises(Exception, match=r"No conditions satisfied|default"):
        workflow.do_engine_steps()
