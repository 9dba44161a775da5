"""Browsers in which an owner signed in before: nobody else can use up their attempts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fixtures.browsing import Browser
from fixtures.hashing import QUICK
from fixtures.oauth import EMAIL, HASHED, PASSWORD, Scene, scene
from fixtures.world import START, World, request_of

from sijill.database.sealing import FixedKeys, Sealer
from sijill.http.forwarded import parse_networks
from sijill.limits.policy import ADDRESSES, Quota
from sijill.oauth.browser import SESSION
from sijill.oauth.devices import DEVICE, LIFE, PREFIX, Devices
from sijill.oauth.people import Person, PersonAccount
from sijill.oauth.tokens import SETUP, digest, mint

pytestmark = pytest.mark.proves("others cannot lock an owner out of a device that signed in before")

LIMIT = 2
ACCOUNT = PersonAccount(Person(7, "Noura", EMAIL, "", None), HASHED)  # type: ignore[arg-type]
OTHER = "another@example.com"


@pytest.fixture
def oauth(world: World) -> Scene:
    found = scene(world)
    limits = world.policy._replace(logins=Quota(LIMIT, 900.0))
    world.change(proxies=parse_networks("198.51.100.7"), policy=limits)
    return found


def attempt(browser: Browser, password: str = PASSWORD, at: int = 1, email: str = EMAIL) -> int:
    page = browser.get("/_/login")
    if "password" not in page.body.decode():  # signed in
        del browser.cookies[SESSION]
        page = browser.get("/_/login")
    fields = {"email": email, "password": password}
    return browser.submit(page, "/_/login", fields, x_forwarded_for=f"192.0.2.{at}").status


def lock(oauth: Scene) -> None:
    """Use up the attempts of the owner's address and of the account."""
    for number in range(1, ADDRESSES + 1):
        for _ in range(LIMIT):
            assert attempt(Browser(oauth.world), "wrong password", number) == 403
    assert attempt(Browser(oauth.world), at=1) == 429
    assert attempt(Browser(oauth.world), at=99) == 429


def test_an_owner_signs_in_at_a_device_that_did_before_whatever_others_do(oauth: Scene) -> None:
    assert attempt(oauth.browser) == 303
    lock(oauth)
    assert attempt(oauth.browser, at=1) == 303
    assert attempt(oauth.browser, at=99) == 303


def test_the_device_is_known_after_signing_out_and_closing_the_browser(oauth: Scene) -> None:
    assert attempt(oauth.browser) == 303
    page = oauth.browser.get("/_/login")
    assert oauth.browser.submit(page, "/_/logout", {}).status == 303
    kept = {DEVICE: oauth.browser.cookies[DEVICE]}
    lock(oauth)
    oauth.world.clock.now += 60
    reopened = Browser(oauth.world)
    reopened.cookies = kept
    assert attempt(reopened) == 303


def test_the_first_owner_has_a_known_device(world: World) -> None:
    link, browser = mint(SETUP), Browser(world)
    world.run(world.register.people.offer_set_up(digest(link), world.moment + timedelta(hours=1)))
    told = {"name": "Noura", "email": EMAIL, "password": PASSWORD}
    page = browser.get(f"/_/setup?link={link}")
    assert browser.submit(page, "/_/setup", told).status == 303
    account = world.run(world.register.people.find_by_email(EMAIL))
    assert known(devices(world), browser.cookies[DEVICE], account)


def test_a_device_has_as_many_guesses_as_an_address_and_they_are_its_own(oauth: Scene) -> None:
    assert attempt(oauth.browser) == 303
    second = Browser(oauth.world)
    assert attempt(second) == 303
    for number in range(LIMIT):
        assert attempt(oauth.browser, "wrong password", number) == 403
    assert attempt(oauth.browser, "wrong password", 50) == 429
    assert attempt(oauth.browser, at=51) == 429
    assert attempt(second, at=1) == 303
    assert attempt(Browser(oauth.world), at=1) == 303
    oauth.world.clock.now += 900
    assert attempt(oauth.browser) == 303


def test_a_device_keeps_its_name_and_so_its_guesses_when_it_signs_in_again(oauth: Scene) -> None:
    assert attempt(oauth.browser) == 303
    for number in range(LIMIT):
        oauth.world.clock.now += 1
        assert attempt(oauth.browser) == 303
        assert attempt(oauth.browser, "wrong password", number) == 403
    assert attempt(oauth.browser, at=9) == 429


def test_a_device_of_one_account_is_a_stranger_to_another(oauth: Scene) -> None:
    person = Person(77, "Other", OTHER, "", oauth.world.moment)
    oauth.world.run(oauth.world.register.people.create(person, HASHED, [oauth.world.store.id]))
    assert attempt(oauth.browser, email=OTHER) == 303
    lock(oauth)
    assert attempt(oauth.browser, at=99) == 429
    assert attempt(oauth.browser, at=99, email=OTHER) == 303


def test_a_new_password_makes_every_device_a_stranger(oauth: Scene) -> None:
    assert attempt(oauth.browser) == 303
    lock(oauth)
    renewed = QUICK.hash("another good password")
    oauth.world.run(oauth.world.register.people.set_password(oauth.owner.id, renewed))
    assert attempt(oauth.browser, "another good password") == 429


# The cookie


def devices(world: World) -> Devices:
    return Devices(world.register.sealer, world.clock)


def signing(key: bytes = b"k" * 32, at: float = START) -> Devices:
    return Devices(Sealer(key), lambda: at)


def known(devices: Devices, value: str, account: PersonAccount | None = ACCOUNT) -> bool:
    asked = request_of("GET", "/_/login", {"cookie": f"a=b; {DEVICE}={value}"})
    return devices.known(asked, account) is not None


def made(devices: Devices) -> str:
    ((name, header),) = devices.remember(request_of("GET", "/", {}), ACCOUNT)
    assert name == b"set-cookie"
    value, *parts = header.decode().removeprefix(f"{DEVICE}=").split("; ")
    assert parts == ["Path=/", "Secure", "HttpOnly", "SameSite=Lax", f"Max-Age={LIFE}"]
    return value


def test_a_cookie_is_known_until_it_ends() -> None:
    value = made(signing())
    assert value.startswith(PREFIX)
    assert known(signing(at=START + LIFE - 1), value)
    assert not known(signing(at=START + LIFE), value)


def later(value: str) -> str:
    end, rest = value.removeprefix(PREFIX).split(".", 1)
    return f"{PREFIX}{int(end) + 1}.{rest}"


@pytest.mark.parametrize(
    "change",
    [
        later,
        lambda value: value[:-1] + ("a" if value[-1] != "a" else "b"),
        lambda value: value.replace(".", ".0", 1),
        lambda value: re_named(value),
        lambda value: value + "=",
        lambda value: value.upper(),
        lambda value: "",
        lambda value: "x" * 4000,
        lambda value: f"{PREFIX}..",
        lambda value: f"{PREFIX}{'9' * 12}.{'0' * 32}.{'a' * 64}",
        lambda value: value.removeprefix(PREFIX),
        lambda value: f"{value}; {DEVICE}={value}",
        lambda value: value.replace("1", "\u0661").encode().decode("latin-1"),
    ],
)
def test_a_changed_cookie_is_that_of_a_stranger(change: Callable[[str], str]) -> None:
    value = made(signing())
    assert known(signing(), value)
    assert not known(signing(), change(value))


def re_named(value: str) -> str:
    end, name, signature = value.split(".")
    return f"{end}.{name[::-1]}.{signature}"


@pytest.mark.parametrize(
    ("devices", "account"),
    [
        (signing(b"o" * 32), ACCOUNT),
        (signing(), None),
        (signing(), ACCOUNT._replace(password=QUICK.hash("another good password"))),
        (signing(), ACCOUNT._replace(person=Person(8, "Noura", EMAIL, "", None))),  # type: ignore[arg-type]
    ],
)
def test_a_cookie_counts_for_one_key_one_account_and_one_password(
    devices: Devices, account: PersonAccount | None
) -> None:
    assert not known(devices, made(signing()), account)


@pytest.mark.parametrize("fault", [PermissionError, ValueError])
def test_without_a_key_owners_sign_in_and_no_device_is_known(
    oauth: Scene, fault: type[Exception]
) -> None:
    class Keyless:
        def all(self) -> tuple[bytes, ...]:
            raise fault

        newest = all

    sealer = Sealer(Keyless())  # type: ignore[arg-type]
    oauth.world.change(sealer=sealer)
    assert attempt(oauth.browser) == 303
    assert DEVICE not in oauth.browser.cookies
    assert not known(Devices(sealer, oauth.world.clock), made(signing()))


def test_a_device_is_known_until_its_key_leaves_the_ring() -> None:
    value = made(signing(b"o" * 32))
    keys = FixedKeys(b"o" * 32, b"k" * 32)
    assert known(Devices(Sealer(keys), lambda: START), value)
    assert not known(signing(), value)
