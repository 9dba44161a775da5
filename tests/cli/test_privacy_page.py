"""The commands of the page about a person's request run, in their order."""

import pytest
from cli.operating import Operator
from fixtures.documents import TEXTS, calls

pytestmark = pytest.mark.proves("each command of the page about a person's request runs")


def test_the_commands_of_the_page_run_in_their_order(shop: Operator) -> None:
    shop.type("import", "-", "--format", "jsonl", data='{"id": 41, "email": "sara@example.com"}\n')
    done = [*calls(TEXTS["docs/howto/answer-a-persons-request.md"])]
    for words in done:
        shop.type(*words)
    last = ["erase", "inactive", "breach", "breach", "ropa", "ropa"]
    assert [words[1] for words in done][-6:] == last
    assert shop.type("export", "-", "--format", "jsonl").stdout == ""
    [request] = shop.json("privacy", "requests", "list")
    close = ("privacy", "requests", "close", str(request["id"]), "--outcome", "done")
    assert "is closed" in shop.type(*close).stdout
