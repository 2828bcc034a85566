"""A cluster gives what this machine gives, and loses nothing with a node."""

from __future__ import annotations

import os
import signal

import msgspec
import pytest

from grader.arrivals import look
from grader.course import Course
from grader.engines import Setup, local
from grader.errors import Fault, UsageError
from tests import tiny_course
from tests.tiny_course import RIGHT, hand_in

distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.xdist_group("dask")]


@pytest.fixture(scope="module")
def nodes():
    with distributed.LocalCluster(n_workers=3, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.fixture
def client(nodes):
    with distributed.Client(nodes, set_as_default=False) as client:
        client.wait_for_workers(3, timeout=30)
        yield client


@pytest.fixture
def course(tmp_path):
    return Course.load(tiny_course.build(tmp_path / "course"))


@pytest.fixture
def handed_in(tmp_path, course):
    codes = [RIGHT, "def square(x): return x ** 2\n", "import os\nos._exit(0)\n", "def square(x): return x\n"]
    for number in range(40):
        hand_in(tmp_path / "class", f"s{number:02}", codes[number % 4])
    return look(tmp_path / "class", course.assignments).submissions


def same(reports):
    """Reports by student, without their times."""
    return {
        report.student: msgspec.structs.replace(
            report, started="", duration_s=0.0, checks=[msgspec.structs.replace(check, duration_s=0.0) for check in report.checks]
        )
        for report in reports
    }


def test_a_cluster_gives_the_reports_of_this_machine(client, course, handed_in):
    from grader.engines import dask

    setup = Setup(course.folder, "secret", "es")
    found = same(dask.run(client, setup, handed_in))
    assert found == same(local.run(setup, handed_in, 1))
    assert found["s00"].protection != []


def test_a_node_of_several_threads_grades_as_well(course, handed_in):
    from grader.engines import dask

    setup = Setup(course.folder, "secret", "es")
    node = distributed.LocalCluster(n_workers=1, threads_per_worker=4, dashboard_address=None)
    with node, distributed.Client(node, set_as_default=False) as client:
        found = same(dask.run(client, setup, handed_in))
    assert found == same(local.run(setup, handed_in, 1))


def test_the_work_of_a_node_that_is_killed_is_done_elsewhere(client, course, handed_in):
    from grader.engines import dask

    setup, reports = Setup(course.folder, "secret", "es"), []
    pids = client.run(os.getpid)
    for report in dask.run(client, setup, handed_in):
        if not reports:
            os.kill(next(iter(pids.values())), signal.SIGKILL)
        reports.append(report)
    assert len(reports) == len(handed_in)
    assert same(reports) == same(local.run(setup, handed_in, 1))


def test_a_node_with_another_course_grades_nothing(client, course, handed_in, monkeypatch):
    from grader.engines import dask

    setup = Setup(course.folder, "secret", "es")
    path = course.folder / "reference" / "square" / "square.py"
    load = Course.load

    def load_then_change(folder):
        found = load(folder)
        assert found.assignments["square"].digest
        path.write_text(RIGHT + "\n# changed meanwhile\n")
        return found

    monkeypatch.setattr(Course, "load", load_then_change)
    with pytest.raises(Fault, match="another version of square"):
        list(dask.run(client, setup, handed_in))


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    from grader.engines import dask

    monkeypatch.setattr(dask, "_CONNECT_S", 1)
    with pytest.raises(UsageError, match="9"), dask.engine("tcp://127.0.0.1:9", 1):
        pass
