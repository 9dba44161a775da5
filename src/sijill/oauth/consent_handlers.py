"""The authorization endpoint: an owner is asked, and the browser is sent back with the answer."""

from sijill.http.parts import Parts
from sijill.http.query import parse_id, parse_query
from sijill.http.request import Request, Response, chosen_language, with_language
from sijill.http.writes import now_of
from sijill.oauth.grants import Code, Consent
from sijill.oauth.owners import Owner
from sijill.oauth.pages import consent
from sijill.oauth.refusals import SentBack
from sijill.oauth.requests import Asked, client_of, read
from sijill.oauth.scopes import OFFLINE, scope_text
from sijill.oauth.session_handlers import forged, to_login, visit_of
from sijill.oauth.sessions import form_token
from sijill.oauth.tokens import CODE, digest, mint
from sijill.oauth.wire import parse_form, sent_to
from sijill.pages.browser import SESSION, cookie, here, is_ours, sent, shown
from sijill.stores.model import Store
from sijill.values.ids import new_event_id, random_id
from sijill.webhooks.app_events import INSTALLED, install_event
from sijill.webhooks.events import Event

AUTHORIZE = "/oauth2/auth"


async def ask(request: Request, parts: Parts) -> Response:
    """
    Answer with the page on which an owner agrees or not; first of all they sign in.

    Raises: NotAuthorizable; Unavailable.
    """
    try:
        asked = await _asked(request.query, parts)
    except SentBack as fault:
        return _sent_back(fault, parts)
    visit = await visit_of(request, parts)
    if visit is None:
        return to_login(here(request))
    language = chosen_language(request)
    page = consent(
        language,
        here=here(request),
        action=with_language(request, AUTHORIZE),
        token=form_token(cookie(request, SESSION) or ""),
        request=request.query.decode("latin-1"),
        app=asked.app,
        scopes=asked.scopes,
        owner=visit.owner,
        stores=await parts.owners.stores_of(visit.owner.id),
        redirect_uri=asked.redirect_uri,
    )
    return shown(page, language)


async def answer(request: Request, parts: Parts) -> Response:
    """
    Take the owner's answer and send the browser back, with a code or with a refusal.

    The request is read anew: nothing in the form is trusted because a page of ours held it.
    Raises: NotAuthorizable; BadRequest; Unavailable.
    """
    form = parse_form(await request.body())
    query = form.get("request", "").encode("ascii", "replace")
    visit = await visit_of(request, parts)
    if visit is None:
        return to_login(f"{AUTHORIZE}?{query.decode('ascii')}")
    if not is_ours(request, parts, form, cookie(request, SESSION)):
        return forged(request)
    try:
        asked = await _asked(query, parts)
        if form.get("answer") != "allow":
            raise SentBack(
                asked.redirect_uri, "access_denied", "the owner did not agree", asked.state
            )
    except SentBack as fault:
        return _sent_back(fault, parts)
    theirs = {store.id: store for store in await parts.owners.stores_of(visit.owner.id)}
    store = theirs.get(parse_id(form.get("store", "")) or 0)
    if store is None:
        return forged(request)
    code = await _agree(asked, visit.owner, store.id, parts)
    await _tell(asked, store, parts)
    granted = [("code", code), ("scope", scope_text(asked.scopes)), _state(asked.state, parts)]
    return sent(sent_to(asked.redirect_uri, granted))


async def _asked(query: bytes, parts: Parts) -> Asked:
    pairs = parse_query(query)
    return read(pairs, await parts.apps.client(client_of(pairs)))


async def _agree(asked: Asked, owner: Owner, store_id: int, parts: Parts) -> str:
    """Return the code that stands for what was agreed to."""
    code, now = mint(CODE), now_of(parts)
    await parts.authorizations.authorize(
        Consent(random_id(), store_id, asked.app.id, owner.id, asked.scopes, now),
        Code(
            digest(code),
            asked.redirect_uri,
            asked.redirect_given,
            asked.challenge,
            now + parts.lifetimes.code,
        ),
    )
    return code


async def _tell(asked: Asked, store: Store, parts: Parts) -> None:
    """Tell the app that it is installed, if it hears of that anywhere."""
    app, now = asked.app, now_of(parts)
    if app.webhook_url:
        await parts.webhooks.tell_installs(app, store.id, now)
        body = install_event(store, INSTALLED, now, app, asked.scopes - {OFFLINE})
        event = Event(new_event_id(), store.id, INSTALLED, now, body, app_id=app.id)
        await parts.deliveries.append(event)


def _sent_back(fault: SentBack, parts: Parts) -> Response:
    told = [("error", fault.error), ("error_description", fault.description)]
    return sent(sent_to(fault.redirect_uri, [*told, _state(fault.state, parts)]))


def _state(state: str | None, parts: Parts) -> tuple[str, str | None]:
    if state is not None and parts.strips_state:
        return "state", state.replace("-", "")
    return "state", state
