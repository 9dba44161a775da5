"""Import Customers over HTTP: stores an uploaded file, whose rows are imported later."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import IO

from sijill.http.envelope import Sentence, success
from sijill.http.idempotency import idempotency_key_of, replayed
from sijill.http.request import Request, Response, json_response
from sijill.http.sentences import IMPORTING
from sijill.http.uploads import parse_upload
from sijill.imports.model import LEDGERS, BadUpload, Import, Upload
from sijill.imports.table import ImportTable
from sijill.oauth.acting import cause_of
from sijill.oauth.tokens import Grant
from sijill.values.ids import Draw, random_id

_PIECE = 64 * 1024


class ImportHandlers:
    """Answers requests that upload a file of customers."""

    def __init__(
        self,
        imports: ImportTable,
        read_upload: Callable[[IO[bytes], int], Awaitable[Upload]],
        now: Callable[[], datetime],
        draw: Draw,
        on_import: Callable[[], None],
    ) -> None:
        self._imports = imports
        self._read_upload = read_upload
        self._now, self._draw = now, draw
        self._on_import = on_import

    async def upload(self, request: Request, grant: Grant) -> Response:
        """
        Store a file of customers, before the answer; its rows are imported in the background.

        Raises: BadRequest; Invalid if there is no file; BadUpload if nothing of it
        can be imported. Source: Salla "Import Customers", POST /customers/import.
        """
        form, media_type = request.content.file(), request.header(b"content-type")
        file = await asyncio.to_thread(parse_upload, form, media_type)
        now, store = self._now(), grant.store
        with file.data as data:
            content = {"file": _digest(data)}
            key = idempotency_key_of(request, content, now, grant.app_id)
            read = await self._read_upload(data, store.id)
        if read.columns & LEDGERS:
            raise BadUpload("headings")
        job = Import(
            store_id=store.id,
            id=random_id(self._draw),
            app_id=grant.app_id,
            name=file.name,
            language=request.language,
            state="queued",
            rows=read.rows,
            done=0,
            created=0,
            updated=0,
            rejected=0,
            created_at=now,
        )
        imports = self._imports.by(cause_of(request, grant))
        is_new = await imports.add(job, read.batches, key=key)
        self._on_import()
        answer = json_response(success(Sentence(IMPORTING[request.language], 200)))
        return answer if is_new else replayed(answer)


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()
