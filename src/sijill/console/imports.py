"""Files of customers: sent, looked at before they are imported, watched, and undone."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from time import monotonic
from typing import Any, get_args

from msgspec.structs import replace

from sijill.console.answers import go, show
from sijill.console.desk import Desk
from sijill.console.formats import moment
from sijill.console.forms import choice, sentences, submitted, text_of
from sijill.console.words import words
from sijill.customers.fields import COLUMNS, cell_text
from sijill.errors import Invalid
from sijill.fields.rules import render
from sijill.http.request import Request, Response, chosen_language
from sijill.http.sentences import SENTENCES
from sijill.http.uploads import FIELD, File, parse_parts, parse_upload
from sijill.imports.changes import Match
from sijill.imports.drafts import tried
from sijill.imports.headings import heading, quoted
from sijill.imports.model import (
    KEPT,
    LEDGERS,
    BadUpload,
    Import,
    StillRunning,
    TooLate,
    TooManyImports,
)
from sijill.imports.reasons import render as render_reason
from sijill.imports.rows import LINE, REASON, Reject
from sijill.imports.writing import writer
from sijill.localized import Language
from sijill.oauth.visits import Visit
from sijill.scratch import open_scratch
from sijill.values.ids import random_id

FIRST = 10
"""Rows of a file that are shown before it is imported."""

MATCHES: tuple[Match, ...] = get_args(Match)
"""How rows find the customers that they change, in the order of the choice."""

HELP = {"upload_headings": "imports_help_headings", "upload_kind": "imports_help_kind"}
"""The words on what helps where a file is refused, by the code of the fault."""

AT_ONCE = 200
"""Customers that one press of the button removes, so that the answer comes soon."""


@dataclass(frozen=True)
class ImportPages:
    """Answers with the files of a store."""

    desk: Desk

    async def index(self, request: Request, visit: Visit) -> Response:
        """Answer with every file, and the form that sends one. Raises: Unavailable."""
        return await self._index(visit, "")

    async def upload(self, request: Request, visit: Visit) -> Response:
        """
        Keep a file to be looked at; nothing of it is imported yet.

        Raises: BadRequest; ForgedForm; Unavailable.
        """
        kind = request.header(b"content-type") or ""
        if not kind.startswith("multipart/form-data"):
            await submitted(request, visit)
            return await self._index(visit, render(FIELD, "required", chosen_language(request)))
        body = await request.body()
        parts = await asyncio.to_thread(parse_parts, body, kind)
        visit.check({name: (value or b"").decode("latin-1") for name, value in parts})
        try:
            file = await asyncio.to_thread(parse_upload, BytesIO(body), kind)
            job, batches = await self._read(request, visit, file)
            await self.desk.register.import_drafts.by(visit.cause).add(job, batches)
        except Invalid as fault:
            return await self._index(visit, sentences(request, fault)[FIELD])
        except (BadUpload, TooManyImports) as fault:
            return await self._index(visit, _sentence(request, fault))
        return go(visit, f"/imports/{job.id}")

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with one file: its first rows, or how far it is. Raises: NotFound."""
        job = await self._find(visit)
        values: dict[str, Any] = {"columns": [], "rows": []}
        if job.state == "draft":
            values = await self._preview(visit, job)
            visit.request.viewed = "import.view", (job.id,)
        return show(
            visit,
            "import.html",
            "nav_imports",
            job=job,
            begun=moment(job.created_at, visit.store.timezone),
            undoable=_undoable(job, self.desk.now()),
            matches=MATCHES,
            has_rejects=job.rejected > 0 and not _is_old(job, self.desk.now()),
            **values,
        )

    async def rehearse(self, request: Request, visit: Visit) -> Response:
        """
        Try a file that was looked at: nothing of it is imported.

        Raises: BadRequest; ForgedForm; NotFound; Unavailable.
        """
        form, job = await submitted(request, visit), await self._find(visit)
        match, register = choice(text_of(form, "match"), MATCHES), self.desk.register
        if job.state != "draft" or match is None:
            return go(visit, f"/imports/{job.id}", "refused_import_late")
        async with open_scratch(visit.store) as scratch:
            trial = await tried(
                register.import_drafts,
                register.erasures,
                register.driver,
                scratch.customers,
                *(visit.store, job, match, self.desk.now(), monotonic),
            )
        report = trial.report
        counts = (report.created, report.updated, trial.rejected)
        await register.import_drafts.note_trial(job, match, *counts)
        return go(visit, f"/imports/{job.id}", "done_import_tried")

    async def begin(self, request: Request, visit: Visit) -> Response:
        """Import a file that was looked at. Raises: BadRequest; ForgedForm; NotFound."""
        form, job = await submitted(request, visit), await self._find(visit)
        match = choice(text_of(form, "match"), MATCHES) or job.matched_by
        begun = await self.desk.register.import_drafts.begin(job, match)
        self.desk.on_import()
        told = "done_import_begun" if begun else "refused_import_late"
        return go(visit, f"/imports/{job.id}", told)

    async def discard(self, request: Request, visit: Visit) -> Response:
        """Throw a file away that was looked at. Raises: BadRequest; ForgedForm; NotFound."""
        await submitted(request, visit)
        await self.desk.register.import_drafts.discard(await self._find(visit), self.desk.now())
        return go(visit, "/imports", "done_import_discarded")

    async def rejects(self, request: Request, visit: Visit) -> Response:
        """Answer with a file of the refused rows and why. Raises: NotFound; Unavailable."""
        job, register = await self._find(visit), self.desk.register
        await register.audit.note(visit.cause, "import.view", visit.store.id, [job.id])
        rejected = await register.imports.rejects(visit.store.id, job.id)
        language = chosen_language(request)
        body = await asyncio.to_thread(_rejects_file, rejected, language)
        return Response(
            200,
            body,
            [
                (b"content-type", b"text/csv; charset=utf-8"),
                (b"content-disposition", b'attachment; filename="refused.csv"'),
                (b"cache-control", b"no-store"),
                (b"x-content-type-options", b"nosniff"),
            ],
        )

    async def undo(self, request: Request, visit: Visit) -> Response:
        """
        Remove customers that a file created and nobody changed since, some at once.

        Raises: BadRequest; ForgedForm; NotFound; Unavailable.
        """
        await submitted(request, visit)
        job, now = await self._find(visit), self.desk.now()
        imports = self.desk.register.imports.by(visit.cause)
        try:
            undone = await imports.undo(visit.store.id, job.id, now, AT_ONCE)
        except (StillRunning, TooLate):
            return go(visit, f"/imports/{job.id}", "refused_import_undo")
        told = ("done_import_undoing" if undone.left else "done_import_undone", undone.removed)
        return go(visit, f"/imports/{job.id}", *told, undone.kept, undone.left)

    async def _find(self, visit: Visit) -> Import:
        return await self.desk.register.imports.find(visit.store.id, visit.id_at(1))

    async def _index(self, visit: Visit, fault: str) -> Response:
        jobs = await self.desk.register.imports.all(visit.store.id)
        return show(
            visit,
            "imports.html",
            "nav_imports",
            status=422 if fault else 200,
            jobs=[(job, moment(job.created_at, visit.store.timezone)) for job in jobs[:100]],
            fault=fault,
        )

    async def _read(
        self, request: Request, visit: Visit, file: File
    ) -> tuple[Import, Sequence[str]]:
        """Return the import of a file and its rows. Raises: BadUpload; TooManyImports."""
        with file.data as data:
            read = await self.desk.read_upload(data, visit.store.id)
        if own := read.columns & LEDGERS:
            raise BadUpload("headings", sorted(own))
        job = Import(
            store_id=visit.store.id,
            id=random_id(self.desk.draw),
            app_id=None,
            name=file.name,
            language=chosen_language(request),
            state="draft",
            rows=read.rows,
            done=0,
            created=0,
            updated=0,
            rejected=0,
            created_at=self.desk.now(),
            person_id=visit.person.id,
        )
        return replace(job, finished_at=job.created_at), read.batches

    async def _preview(self, visit: Visit, job: Import) -> dict[str, Any]:
        """Return the columns as understood, and the first rows: whole to their sender."""
        rows = await self.desk.register.import_drafts.first_rows(job)
        language = chosen_language(visit.request)
        names = list(dict.fromkeys(name for row in rows for name in row.cells))[:30]
        whole = job.person_id == visit.person.id
        return {
            "columns": [_column(name, language) for name in names],
            "rows": [
                [_text(row.cells, name, whole=whole) for name in names] for row in rows[:FIRST]
            ],
        }


def _column(name: str, language: Language) -> str:
    """Return the name of a column as the page of a customer has it; a file's own if unknown."""
    if name not in COLUMNS:
        return name
    label = COLUMNS[name].label
    return heading(name, language) if label is None else label.render(language)


def _text(cells: Mapping[str, Any], name: str, *, whole: bool) -> str:
    value = cells.get(name)
    if value is None or name not in COLUMNS:
        return "" if value is None else str(value)[:60] if whole else "•••"
    return cell_text(name, value)[:60] if whole else str(COLUMNS[name].mask(value))


def _rejects_file(rejected: Sequence[Reject], language: str) -> bytes:
    """Return refused rows as CSV: cells, lines and reasons; no cell is a formula."""
    names = [*dict.fromkeys(name for row in rejected for name in row.cells), LINE, REASON]
    stream = BytesIO()
    known = {*COLUMNS, LINE, REASON}
    headings = [heading(name, language) if name in known else name for name in names]
    out = writer(stream, "csv", tuple(names), language, headings=headings)
    for row in rejected:
        reason = render_reason(row.reason, language)
        out.write({**row.cells, LINE: row.line, REASON: reason})
    out.close()
    return b"\xef\xbb\xbf" + stream.getvalue()


def _sentence(request: Request, fault: BadUpload | TooManyImports) -> str:
    """Return why a file is refused, with the headings that are the reason, and what helps."""
    language = chosen_language(request)
    sentence, word = SENTENCES[fault.code][language], words(language)
    headings = fault.headings if isinstance(fault, BadUpload) else ()
    named = f": {quoted(headings)}" if headings else ""
    advice = f". {word[HELP[fault.code]]}" if fault.code in HELP else ""
    return f"{sentence}{named}{advice}"


def _is_old(job: Import, now: datetime) -> bool:
    return job.finished_at is not None and job.finished_at < now - KEPT


def _undoable(job: Import, now: datetime) -> bool:
    return job.state in ("done", "failed") and job.created > 0 and not _is_old(job, now)
