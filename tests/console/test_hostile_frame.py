"""Hostile names of people in the frame of every page: shown whole, run by nobody."""

import msgspec
import pytest
from fixtures.world import World

from console.desks import Seat

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'onfocus='alert(1)",
    "</title><svg onload=alert(1)>",
    "{{ 7 * 7 }}",
    "a\u202eb\u2069c",
    "نص عربي <b>",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text(world: World, owner: Seat, name: str) -> None:
    person = msgspec.structs.replace(owner.person, name=name)
    world.run(world.register.people.update(person))
    page = owner.get("?lang=en")
    text = page.body.decode()
    assert page.status == 200
    assert text.count("<script") == 1
    assert "<img" not in text
    assert "onload=alert" not in text.replace("&lt;svg onload=alert", "")
    assert "<b>نص" not in text
    assert "49" not in text.split('class="person"')[1].split("</p>")[0]
    assert not {"\u202e", "\u2069"} & set(text)
