"""Migrations only grow: what a database runs for one of them never changes."""

from hashlib import sha256

import pytest

from sijill.database.migrate import migrations
from sijill.database.sql import Dialect

pytestmark = pytest.mark.proves("a released migration never changes")

RELEASED: dict[Dialect, dict[str, str]] = {
    "sqlite": {
        "0001_first": "247aaf2ae8852222b8bdd4afc4ddfb9d0a91273dec93febbcfbbc436fae23cf0",
        "0002_deliveries": "37d5ed1f1e4516f64aad2af032f1461c646e02e0acf0d6feb2c3e4ae25741eb4",
        "0003_import_sizes": "db01b944bbb438ea23dcbc910dccd5150b69049519dd8cf29670746746c1d5dd",
        "0004_token_names": "83fc5181c817795ebbc92d01fabeff3f00a33160ecfcf09c1273c585edc6f065",
        "0005_audit": "fa2700c050494316d95eb861a432b108bdf83fbcd7071bdcc8e038d0bca56d03",
        "0006_privacy": "c81496924919541549c4d9b95a70c7d93cbb16d9257789fad2d8b48e5339041c",
        "0007_roles": "ed52cb8166ef20bf5d7f0368a8e0dc40716106a7d4919b3774a7af82f196b8d2",
        "0008_reveals": "76cb520a097094a996bdf507f86470f815d6455046aaf0bc0e8abef42da7aab0",
        "0009_mirror": "7bd0798869a80793ea6935f70208fd67fdb9ee93678738d8e657cb63f96d1e8c",
        "0010_browsing": "117a05a54b6234d69ea8d0884c9607019c5f6c6bcf33545ab454ebcb33eb6c03",
        "0011_bulk": "0ba19cd3dc4b1cdd6bd8c2ce38bceefed98a9d8325120071b3b3d40652aa3410",
        "0012_mirror_links": "a1a393a65a75a7e791d5cf4d893933ed7ce7a5b468b41821c648d4a7b40be5c1",
        "0013_tried": "af94861887411ba3129df45b469db9b9b5c5b31afc0a43b846e3766c83bcd05e",
        "0014_limit_usage": "97eba190c6ce320c7969e2f669cf0df5fba7c1e18225facad2f4f676b21b7542",
        "0015_families": "9464143280298b70f2fe25b21993e1c56692d190d7b80b728db0ff7ab595a546",
        "0016_deliveries_of_stores": (
            "2e1b95d73505e132d97270f98730ed86e481efacb8e1bb3b6b0af254765a0ad1"
        ),
        "0017_invitations": "d354e9290ff78e15c492d6f389854fe238ed0282b1919c6387261379aca0eb11",
        "0018_import_matches": "b2821f13e3c6488fd00153ad117c780e3f6197a6f574433420e85b24244e20c4",
        "0019_keys_of_stores": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    },
    "postgres": {
        "0001_first": "3d059ce694b89b444670ee5e058c038a139b942379e752bc23c29b4bff178711",
        "0002_deliveries": "37d5ed1f1e4516f64aad2af032f1461c646e02e0acf0d6feb2c3e4ae25741eb4",
        "0003_import_sizes": "12f1e5adc1288f4ac90d3d9b4eb9eb997b87e3288c691cd970742bda8b26df16",
        "0004_token_names": "83fc5181c817795ebbc92d01fabeff3f00a33160ecfcf09c1273c585edc6f065",
        "0005_audit": "2f83bfdd9fdd6d7bd5fc00836ad0e4efc4d9acdc3297b3b09470813f0818c664",
        "0006_privacy": "8721cce82bff9da448e07a1f1b0b6988b4ab08573f4aadecc92ccbd09db361a6",
        "0007_roles": "349eab2c230bdbfe611c3ac24d786b57e57df1e390adccb553c9954250399975",
        "0008_reveals": "6911928eb9c82e36ef1842db2a56d80518f2b07feec8dc81ae4b635b58189870",
        "0009_mirror": "97da0855825a6dbe05e450217371948f6ead2b730f87b339cea2251a59d48fce",
        "0010_browsing": "596402eda3f6c3645ef71b65a703463fe5188e433b4c677a4fb92cd4a2d7c1e2",
        "0011_bulk": "8b4faf1536887da81371416702082be676984b23779bfc94baf22a1338d3b531",
        "0012_mirror_links": "bd8cef7d0a752ba382cda48ff19b505c5c3724337df354fa3797fe848eb7c685",
        "0013_tried": "af94861887411ba3129df45b469db9b9b5c5b31afc0a43b846e3766c83bcd05e",
        "0014_limit_usage": "b303bc43d16466f6081bb73cea62cd5ec24377581e7c9f85a7ccd395ab1d562f",
        "0015_families": "955528c3d64d85b0b15e2c58bd91924ed22ce212dbb57915779546ac8903364f",
        "0016_deliveries_of_stores": (
            "19e71197c862fbd3524e079f455b967bee7ecef4013d54bfa748b869d1149a95"
        ),
        "0017_invitations": "cbd976a91218ebee8b848f5b0630ce4f8ebf542a6c75deee6deec5fc5586a480",
        "0018_import_matches": "b2821f13e3c6488fd00153ad117c780e3f6197a6f574433420e85b24244e20c4",
        "0019_keys_of_stores": "53b948568daaff61c406d815cec9529b5b8bf6a53f64f36459d5c766679063ee",
    },
}
"""
SHA-256 of what each database runs for a migration, its comments and spacing aside.

A new migration adds a line to both. A line that was part of a release is never changed: databases
have run the text that it stands for. Words of `database.sql` that a migration uses are part of it.
"""


@pytest.mark.parametrize("dialect", RELEASED)
def test_the_text_of_every_migration_is_the_released_one(dialect: Dialect) -> None:
    digests = {
        step.label: sha256(" ".join(step.script.split()).encode()).hexdigest()
        for step in migrations(dialect)
    }
    assert digests == RELEASED[dialect]


@pytest.mark.parametrize("dialect", RELEASED)
def test_versions_count_from_one_without_a_gap(dialect: Dialect) -> None:
    steps = migrations(dialect)
    assert [step.version for step in steps] == list(range(1, len(steps) + 1))
