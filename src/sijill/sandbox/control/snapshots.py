"""Control calls about the snapshots of a namespace."""

from sijill.localized import Localized
from sijill.sandbox.control.answers import SnapshotAnswer, SnapshotList
from sijill.sandbox.control.problems import TOO_MANY, Problem, Refusal
from sijill.sandbox.control.route import Call, ControlRoute
from sijill.sandbox.namespace import Snapshot

NO_SNAPSHOT = Refusal(404, Localized("لا توجد لقطة بهذا الاسم", "there is no such snapshot"))
PATH = "ns/{ns}/snapshots/{name}"


async def _list(call: Call) -> SnapshotList:
    saved = call.namespace.snapshots.items()
    return SnapshotList([_answer(name, snapshot) for name, snapshot in saved])


async def _save(call: Call) -> SnapshotAnswer:
    name = call.captured
    return _answer(name, await call.namespace.save(name))


async def _load(call: Call) -> SnapshotAnswer:
    name = call.captured
    try:
        return _answer(name, await call.namespace.load(name))
    except KeyError:
        raise Problem(NO_SNAPSHOT) from None


def _answer(name: str, snapshot: Snapshot) -> SnapshotAnswer:
    return SnapshotAnswer(name, snapshot.customers, snapshot.moment)


async def _delete(call: Call) -> None:
    call.namespace.snapshots.pop(call.captured, None)


ROUTES = (
    ControlRoute(
        *("GET", "ns/{ns}/snapshots", _list),
        id="listSnapshots",
        summary=Localized("اللقطات", "List snapshots"),
        answer=SnapshotList,
    ),
    ControlRoute(
        *("PUT", PATH, _save),
        id="saveSnapshot",
        summary=Localized("حفظ لقطة", "Save a snapshot"),
        description=Localized(
            "تحفظ البيانات ووقت الساعة، بعد انتهاء الأعمال.",
            "Saves the rows and the time of the clock, once the work is at rest.",
        ),
        answer=SnapshotAnswer,
        refusals=(TOO_MANY,),
        status=201,
    ),
    ControlRoute(
        *("POST", PATH, _load),
        id="loadSnapshot",
        summary=Localized("العودة إلى لقطة", "Go back to a snapshot"),
        answer=SnapshotAnswer,
        refusals=(NO_SNAPSHOT,),
    ),
    ControlRoute(
        *("DELETE", PATH, _delete),
        id="deleteSnapshot",
        summary=Localized("حذف لقطة", "Remove a snapshot"),
    ),
)
