"""Talks to Salla: waits when told to, tries again after a failure, renews its token."""

import json
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.parse import urlencode
from urllib.request import HTTPErrorProcessor, Request, build_opener

from crm.config import Config, Tokens
from crm.retries import ATTEMPTS, NO_ANSWER, PASSING, UNCERTAIN, seconds_before_retry
from crm.store import Store

TIMEOUT = 10
"""Seconds that an answer may be silent."""


class SallaError(Exception):
    """Salla refused a request, or did not answer at any attempt."""

    def __init__(self, status: int, body: Any, uncertain: bool) -> None:
        super().__init__(f"status {status}: {body}")
        self.status = status
        self.uncertain = uncertain
        """Whether an attempt may have been carried out although it got no answer."""


class Answer(NamedTuple):
    """An answer of any status."""

    status: int
    headers: Mapping[str, str]
    body: Any
    """What the JSON says, or None."""


class AnyStatus(HTTPErrorProcessor):
    """Lets urllib return every answer, instead of raising some of them."""

    def http_response(self, request: Any, response: Any) -> Any:
        """Return the answer as it is."""
        return response

    https_response = http_response


opener = build_opener(AnyStatus)


def exchange(request: Request) -> Answer:
    """Send a request once; an answer that breaks off, or is no JSON, counts as no answer."""
    try:
        with opener.open(request, timeout=TIMEOUT) as answer:
            content = answer.read()
    except (OSError, HTTPException):
        return Answer(NO_ANSWER, {}, None)
    try:
        return Answer(answer.status, answer.headers, json.loads(content))
    except ValueError:
        status = answer.status if answer.status >= 400 else NO_ANSWER
        return Answer(status, answer.headers, None)


class Salla:
    """The API of one store. Every method may raise SallaError."""

    def __init__(
        self, config: Config, store: Store, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        """`sleep` waits for seconds; a test gives one that moves the sandbox's clock."""
        self._config, self._store, self._sleep = config, store, sleep

    def customers(self, page: int, per_page: int) -> Any:
        """Return one page of the list, newest first, with its `pagination`."""
        return self._ask("GET", f"/customers?page={page}&per_page={per_page}")

    def create_customer(self, first_name: str, last_name: str, email: str) -> Any:
        """Create a customer once, even if the answer to the first attempt gets lost."""
        fields = {"first_name": first_name, "last_name": last_name, "email": email}
        try:
            return self._ask("POST", "/customers", fields)["data"]
        except SallaError as refusal:
            # "E-mail already taken" may be the work of our own attempt that got no answer.
            mine = self._with_email(email) if refusal.uncertain else None
            if mine is None:
                raise
            return mine

    def _with_email(self, email: str) -> Any:
        found = self._ask("GET", "/customers?" + urlencode({"keyword": email}))["data"]
        return next((one for one in found if one["email"].lower() == email.lower()), None)

    def _ask(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> Any:
        """Return the body of the answer; a token that has expired is renewed once."""
        token = self._store.tokens(self._config.tokens).access
        answer, uncertain = self._attempt(lambda: self._send(method, path, token, fields))
        if answer.status == 401:
            token = self._store.renew(self._config.tokens, token, self._renewed).access
            answer, again = self._attempt(lambda: self._send(method, path, token, fields))
            uncertain = uncertain or again
        if not 200 <= answer.status < 300:
            raise SallaError(answer.status, answer.body, uncertain)
        return answer.body

    def _attempt(self, send: Callable[[], Answer]) -> tuple[Answer, bool]:
        """Send until the answer is no passing failure; tell if an attempt's outcome is unknown."""
        uncertain = False
        for attempt in range(1, ATTEMPTS + 1):
            answer = send()
            uncertain = uncertain or answer.status in UNCERTAIN
            if answer.status not in PASSING:
                break
            if attempt < ATTEMPTS:
                self._sleep(seconds_before_retry(attempt, answer.headers))
        return answer, uncertain

    def _send(self, method: str, path: str, token: str, fields: Mapping[str, str] | None) -> Answer:
        body = None if fields is None else json.dumps(fields).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return exchange(Request(self._config.url + path, body, headers, method=method))

    def _renewed(self, refresh: str) -> Tokens:
        """
        Exchange a refresh token for a new pair.

        It works once. If the answer gets lost, so is the new pair, and asking again can only
        help. Raises: SallaError; the store's owner must then log in again.
        """
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh,
            "client_id": self._config.client_id,
            "client_secret": self._config.client_secret,
        }
        request = Request(f"{self._config.oauth_url}/oauth2/token", urlencode(form).encode())
        answer, uncertain = self._attempt(lambda: exchange(request))
        if answer.status != 200:
            raise SallaError(answer.status, answer.body, uncertain)
        return Tokens(answer.body["access_token"], answer.body["refresh_token"])
