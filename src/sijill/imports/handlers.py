"""Import Customers: a file is read and kept now, and worked off in the background."""

import hashlib

from sijill.http.envelope import success
from sijill.http.idempotency import once_of, replayed
from sijill.http.languages import IMPORTING
from sijill.http.parts import Parts
from sijill.http.request import Request, Response, json_response
from sijill.http.uploads import parse_upload
from sijill.http.writes import now_of
from sijill.imports.model import LEDGERS, Import, UnknownHeadings
from sijill.values.ids import random_id


async def upload(request: Request, parts: Parts) -> Response:
    """
    Take a file of customers in; it is durable when this is answered.

    Raises: BadRequest; Invalid if there is no file; BadUpload, one of its kinds, if none of it can
    be imported. Source: Salla "Import Customers", POST /customers/import.
    """
    file = parse_upload(await request.body(), request.header(b"content-type"))
    now, store = now_of(parts), request.grant.store
    once = once_of(request, {"file": hashlib.sha256(file.data).hexdigest()}, now)
    read = await parts.uploads.read(file.data)
    if read.columns & LEDGERS:
        raise UnknownHeadings
    job = Import(
        store_id=store.id,
        id=random_id(),
        app_id=request.grant.app_id,
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
    is_new = await parts.imports.add_import(job, read.batches, once=once)
    parts.on_import()
    answer = json_response(success({"message": IMPORTING[request.language], "code": 200}))
    return answer if is_new else replayed(answer)
