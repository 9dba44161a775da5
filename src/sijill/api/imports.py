"""Import Customers: a file is read and kept now, and worked off in the background."""

import hashlib

from sijill.api.customer_writes import moment
from sijill.api.http import Request, Response, json_response
from sijill.api.idempotency import once_of
from sijill.api.parts import Parts
from sijill.domain.ids import random_id
from sijill.domain.imports import Import
from sijill.wire.envelope import success
from sijill.wire.messages import IMPORTING
from sijill.wire.uploads import parse_upload


async def upload(request: Request, parts: Parts) -> Response:
    """
    Take a file of customers in; it is durable when this is answered.

    Raises: BadRequest; Invalid if there is no file; BadUpload, one of its kinds, if none of it can
    be imported. Source: Salla "Import Customers", POST /customers/import.
    """
    file = parse_upload(await request.body(), request.header(b"content-type"))
    now, store = moment(parts), request.grant.store
    once = once_of(request, {"file": hashlib.sha256(file.data).hexdigest()}, now)
    rows, batches = await parts.uploads.read(file.data)
    job = Import(
        store_id=store.id,
        id=random_id(),
        app_id=request.grant.app_id,
        name=file.name,
        language=request.language,
        state="queued",
        rows=rows,
        done=0,
        created=0,
        updated=0,
        rejected=0,
        created_at=now,
    )
    is_new = await parts.imports.add_import(job, batches, once=once)
    parts.on_import()
    answer = json_response(success({"message": IMPORTING[request.language], "code": 200}))
    if not is_new:
        answer.headers.append((b"idempotent-replayed", b"true"))
    return answer
