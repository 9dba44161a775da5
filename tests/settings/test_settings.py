from pathlib import Path

import pytest

from sijill.limits.policy import Quota
from sijill.settings import SETTINGS, SettingsFaulty, load, shown


def test_every_default_is_valid_and_every_sentence_ends(tmp_path: Path) -> None:
    settings, origins = load({}, {}, tmp_path)
    assert settings.port == 8466
    assert settings.customers_limit == Quota(500, 600.0)
    assert {origin.source for origin in origins.values()} == {"default"}
    assert all(setting.sentence.endswith(".") for setting in SETTINGS.values())


def test_flag_wins_over_environment_over_file_over_default(tmp_path: Path) -> None:
    (tmp_path / "sijill.toml").write_text("port = 1\nworkers = 2\nnodes = 3\n")
    environ = {"SIJILL_PORT": "4", "SIJILL_WORKERS": "5"}
    settings, origins = load({"port": "6"}, environ, tmp_path)
    assert (settings.port, settings.workers, settings.nodes) == (6, 5, 3)
    assert origins["port"].source == "--port"
    assert origins["workers"].source == "SIJILL_WORKERS"
    assert origins["nodes"].source == str(tmp_path / "sijill.toml")
    assert origins["host"].source == "default"


def test_a_platforms_own_name_works_and_ours_wins(tmp_path: Path) -> None:
    assert load({}, {"PORT": "9"}, tmp_path)[0].port == 9
    assert load({}, {"PORT": "9", "SIJILL_PORT": "8"}, tmp_path)[0].port == 8
    url = {"DATABASE_URL": "postgresql://h/d"}
    assert load({}, url, tmp_path)[0].database_url == "postgresql://h/d"


def test_every_fault_of_every_source_is_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "sijill.toml").write_text('colour = "red"\nnodes = 0\nhost = ["a"]\n')
    environ = {"SIJILL_WORKERS": "many", "SIJILL_CUSTOMERS_LIMIT": "500 per day"}
    with pytest.raises(SettingsFaulty) as faulty:
        load({"port": "99999"}, environ, tmp_path)
    named = [fault.split(" ")[0] for fault in faulty.value.faults]
    assert sorted(named) == ["colour", "customers_limit", "host", "nodes", "port", "workers"]
    assert any("SIJILL_WORKERS" in fault for fault in faulty.value.faults)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "-1"),
        ("port", "٨٠"),
        ("port", "80 "),
        ("workers", "0"),
        ("customers_limit", "0/m"),
        ("customers_limit_key", "shop"),
        ("plan_limit", "maybe"),
        ("receive_timeout", "0"),
        ("receive_timeout", "1e3"),
        ("public_url", "example.com"),
        ("public_url", "ftp://example.com"),
        ("public_url", "https://example.com?x=1"),
        ("trusted_proxies", "10.0.0.0/99"),
        ("allowed_hosts", "sandbox:8466"),
        ("allowed_hosts", "http://sandbox"),
        ("allowed_hosts", "10.0.0.300"),
        ("demo_token", "short"),
        ("demo_token", "has a space in it"),
        ("demo_token", "عربي عربي عربي عربي"),
        ("demo_client_secret", "short"),
        ("log_level", "loud"),
    ],
)
def test_a_faulty_value_is_refused_with_a_sentence(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsFaulty) as faulty:
        load({name: value}, {}, tmp_path)
    (sentence,) = faulty.value.faults
    assert sentence.startswith(f"{name} (--{name.replace('_', '-')}): ")


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        ({"workers": "2", "counters": "memory"}, "counters"),
        ({"counters": "redis"}, "counters"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    flags: dict[str, str | None], named: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsFaulty, match=named):
        load(flags, {}, tmp_path)


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://u:p@h/d\n")
    environ = {"SIJILL_DATABASE_URL_FILE": str(tmp_path / "url")}
    settings, origins = load({}, environ, tmp_path)
    assert settings.database_url == "postgresql://u:p@h/d"
    assert origins["database_url"].source == "SIJILL_DATABASE_URL_FILE"
    with pytest.raises(SettingsFaulty, match="SIJILL_DATABASE_URL_FILE"):
        load({}, {"SIJILL_DATABASE_URL_FILE": str(tmp_path / "none")}, tmp_path)


def test_a_file_that_was_named_must_be_there_and_be_toml(tmp_path: Path) -> None:
    with pytest.raises(SettingsFaulty):
        load({}, {"SIJILL_CONFIG": str(tmp_path / "none.toml")}, tmp_path)
    (tmp_path / "sijill.toml").write_text("port = = 1")
    with pytest.raises(SettingsFaulty, match=r"sijill\.toml"):
        load({}, {}, tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "printed"),
    [
        ("database_url", "postgresql://user:secret@host/db", "postgresql://user:***@host/db"),
        (
            "database_url",
            "postgresql://host/db?password=secret",
            "postgresql://host/db?password=***",
        ),
        ("redis_url", "redis://:secret@host:6379/0", "redis://:***@host:6379/0"),
        ("demo_token", "0123456789abcdef", "***"),
        ("demo_token", "abcd://0123456789", "***"),
        ("demo_client_secret", "0123456789abcdef", "***"),
        ("demo_password", "correct horse", "***"),
        ("database_url", "postgresql://u:p@ss/w@h/d", "postgresql://u:***@h/d"),
        ("demo_token", "", ""),
        ("host", "127.0.0.1", "127.0.0.1"),
    ],
)
def test_secrets_are_masked_when_printed(name: str, value: str, printed: str) -> None:
    assert shown(name, value) == printed


def test_names_of_hosts_are_kept_as_requests_have_them(tmp_path: Path) -> None:
    given = {"allowed_hosts": "Sandbox, fd00:0::1,FD00:0:0::A, 10.0.0.7"}
    settings, _ = load(given, {}, tmp_path)
    assert settings.allowed_hosts == ("sandbox", "fd00::1", "fd00::a", "10.0.0.7")


def test_the_platforms_service_variables_are_no_settings(tmp_path: Path) -> None:
    environ = {"SIJILL_SERVICE_HOST": "10.0.0.1", "SIJILL_REQUIRE": "postgres"}
    assert load({}, environ, tmp_path)[0].port == 8466
