"""Settings are read from three places, checked as a whole, and never show a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradepost.platform.settings import Fault, Profile, Settings, SettingsFaulty, load
from tradepost.platform.settings.checks import AUDIENCES
from tradepost.platform.settings.reading import FIELDS
from tradepost.platform.settings.showing import shown, template

NO_FILE = Path("there-is-no-such-file")
SECRETS = {f"TRADEPOST_{name.upper()}_SECRET": f"{name}-{'s' * 32}" for name in AUDIENCES}
DEMO = {"TRADEPOST_PROFILE": "demo"}


def faults(environ: dict[str, str], config: Path = NO_FILE) -> dict[str, Fault]:
    with pytest.raises(SettingsFaulty) as raised:
        load(environ, config=config)
    return {fault.name: fault for fault in raised.value.faults}


def test_the_demo_needs_nothing() -> None:
    settings = load(DEMO, config=NO_FILE).settings
    assert settings.profile is Profile.DEMO
    assert settings.data_dir == Path("data")
    assert settings.store_path == Path("data/store.sqlite")
    assert (settings.public_port, settings.admin_port) == (3000, 3001)
    assert len({settings.public_secret, settings.admin_secret, settings.cursor_secret}) == 3


def test_production_refuses_to_start_without_secrets_of_its_own() -> None:
    assert set(faults({})) == set(SECRETS)
    settings = load(SECRETS, config=NO_FILE).settings
    assert settings.profile is Profile.PRODUCTION
    known = load(DEMO, config=NO_FILE).settings.public_secret[0]
    told = faults(SECRETS | {"TRADEPOST_PUBLIC_SECRET": known})
    assert "everybody knows" in told["TRADEPOST_PUBLIC_SECRET"].problem


def test_work_on_the_store_alone_asks_for_no_secret() -> None:
    assert load({}, config=NO_FILE, doors=False).settings.public_secret == ()


def test_every_fault_is_told_at_once_in_the_order_of_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "tradepost.env"
    file.write_text("TRADEPOST_DATA_DIRR=x\nnonsense\nTRADEPOST_BODY_SECONDS_MAX=0\n")
    told = faults(
        {
            "TRADEPOST_PUBLIC_PORT": "3001",
            "TRADEPOST_TRUSTED_PROXIES": "-1",
            "TRADEPOST_DATABASE_URL": "postgresql://app@localhost/shop",
            "TRADEPOST_ADMIN_SECRET": "short",
            "TRADEPOST_LOG_LEVEL": "loud",
        },
        file,
    )
    assert list(told) == [
        "TRADEPOST_RELAY_DATABASE_URL",
        "TRADEPOST_ADMIN_PORT",
        "TRADEPOST_TRUSTED_PROXIES",
        "TRADEPOST_PUBLIC_SECRET",
        "TRADEPOST_ADMIN_SECRET",
        "TRADEPOST_SERVICE_SECRET",
        "TRADEPOST_PORTAL_SECRET",
        "TRADEPOST_CURSOR_SECRET",
        "TRADEPOST_VAULT_SECRET",
        "TRADEPOST_BODY_SECONDS_MAX",
        "TRADEPOST_LOG_LEVEL",
        f"{file}:2",
        "TRADEPOST_DATA_DIRR",
    ]
    assert all(fault.remedy for fault in told.values())
    assert "TRADEPOST_DATA_DIR?" in told["TRADEPOST_DATA_DIRR"].remedy


def test_command_line_goes_before_environment_before_file(tmp_path: Path) -> None:
    file = tmp_path / "tradepost.env"
    file.write_text(
        "# ours\nexport TRADEPOST_PUBLIC_PORT=1\nTRADEPOST_ADMIN_PORT='2'\n"
        'TRADEPOST_BASE_DOMAINS="a.example, B.example"\nTRADEPOST_DRAIN_SECONDS_MAX=4 # short\n'
    )
    environ = DEMO | {"TRADEPOST_ADMIN_PORT": "5", "TRADEPOST_ONLY_SHOP": ""}
    loaded = load(environ, given={"public_port": "6"}, config=file)
    settings = loaded.settings
    assert (settings.public_port, settings.admin_port, settings.drain_seconds_max) == (6, 5, 4)
    assert settings.base_domains == ("a.example", "b.example")
    assert settings.only_shop is None, "an empty text is an unset one"
    assert loaded.sources["public_port"] == "command line"
    assert loaded.sources["admin_port"] == "environment"
    assert loaded.sources["drain_seconds_max"] == str(file)


def test_the_file_is_found_by_its_name_in_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text("TRADEPOST_ADMIN_PORT=7\n")
    assert load(DEMO | {"TRADEPOST_CONFIG": str(file)}).settings.admin_port == 7
    told = faults(DEMO | {"TRADEPOST_CONFIG": str(tmp_path / "absent")})
    assert "No such file" in told["TRADEPOST_CONFIG"].problem


def test_secret_files_hold_secrets_new_ones_first(tmp_path: Path) -> None:
    file = tmp_path / "public"
    file.write_text(f"{'n' * 40}\n{'o' * 40}\n")
    environ = {name: text for name, text in SECRETS.items() if "PUBLIC" not in name}
    environ["TRADEPOST_PUBLIC_SECRET_FILE"] = str(file)
    assert load(environ, config=NO_FILE).settings.public_secret == ("n" * 40, "o" * 40)
    both = faults(environ | {"TRADEPOST_PUBLIC_SECRET": "x" * 40})
    assert "Keep one" in both["TRADEPOST_PUBLIC_SECRET"].remedy
    environ["TRADEPOST_PUBLIC_SECRET_FILE"] = str(tmp_path / "absent")
    assert "No such file" in faults(environ)["TRADEPOST_PUBLIC_SECRET"].problem


def test_two_audiences_never_share_a_secret() -> None:
    told = faults(SECRETS | {"TRADEPOST_ADMIN_SECRET": SECRETS["TRADEPOST_PUBLIC_SECRET"]})
    assert "TRADEPOST_PUBLIC_SECRET" in told["TRADEPOST_ADMIN_SECRET"].problem


def test_the_demo_with_known_secrets_stays_on_this_machine() -> None:
    assert set(faults(DEMO | {"TRADEPOST_PUBLIC_HOST": "0.0.0.0"})) == {"TRADEPOST_PUBLIC_HOST"}
    opened = load(DEMO | SECRETS | {"TRADEPOST_PUBLIC_HOST": "0.0.0.0"}, config=NO_FILE)
    assert opened.settings.public_host == "0.0.0.0"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DATABASE_URL", "mysql://app@localhost/shop"),
        ("DATABASE_URL", "postgresql://localhost/shop"),
        ("DATABASE_URL", "postgresql://app@localhost"),
        ("DATABASE_URL", "postgresql://app@localhost:0/shop"),
        ("DATABASE_URL", "postgresql://app@[::1/shop"),
        ("REDIS_URL", "http://localhost"),
        ("OTEL_ENDPOINT", "localhost:4318"),
        ("PUBLIC_PORT", "65536"),
        ("PUBLIC_PORT", "٣٠٠٠"),
        ("PUBLIC_PORT", "3_000"),
        ("PUBLIC_HOST", "a b"),
        ("LIMITS_REQUESTS", "perhaps"),
        ("DATA_DIR", __file__),
        ("PROFILE", "staging"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_not_repeated(name: str, text: str) -> None:
    told = faults(SECRETS | {f"TRADEPOST_{name}": text})[f"TRADEPOST_{name}"]
    assert text not in told.problem


def test_addresses_of_one_database_name_it_with_roles_of_their_own() -> None:
    store = {
        "TRADEPOST_DATABASE_URL": "postgresql://app@localhost/shop",
        "TRADEPOST_RELAY_DATABASE_URL": "postgresql://app@localhost/shop",
        "TRADEPOST_ADMIN_DATABASE_URL": "postgresql://admin@localhost/other",
    }
    told = faults(SECRETS | store)
    assert "role" in told["TRADEPOST_RELAY_DATABASE_URL"].problem
    assert "another database" in told["TRADEPOST_ADMIN_DATABASE_URL"].problem
    del store["TRADEPOST_DATABASE_URL"]
    assert set(faults(SECRETS | store)) == set(store) - {"TRADEPOST_DATABASE_URL"}


def test_names_of_others_are_left_alone_and_slips_are_told() -> None:
    environ = DEMO | {
        "TRADEPOST_SHARED": "x",
        "TRADEPOST_SERVICE_HOST": "10.0.0.1",
        "TRADEPOST_PORT_80_TCP": "tcp://10.0.0.1:80",
        "TRADEPOST_SOMETHING_ELSE": "1",
    }
    assert load(environ, config=NO_FILE).unknown == ("TRADEPOST_SOMETHING_ELSE",)
    told = faults(DEMO | {"TRADEPOST_ADMIN_PROT": "1"})
    assert told["TRADEPOST_ADMIN_PROT"].remedy == "Did you mean TRADEPOST_ADMIN_PORT?"


def test_no_secret_is_ever_shown() -> None:
    loaded = load(
        SECRETS
        | {
            "TRADEPOST_DATABASE_URL": "postgresql://app:hush@localhost:1/shop",
            "TRADEPOST_RELAY_DATABASE_URL": "postgresql://relay:hush@localhost:1/shop",
            "TRADEPOST_REDIS_URL": "redis://:hush@localhost",
        },
        config=NO_FILE,
    )
    rows = {name: value for name, value, _ in shown(loaded)}
    assert rows["TRADEPOST_DATABASE_URL"] == "postgresql://app:***@localhost:1/shop"
    assert rows["TRADEPOST_PUBLIC_SECRET"] == "set"
    everything = repr(rows) + repr(loaded)
    assert "hush" not in everything
    assert "ssss" not in everything
    assert rows.keys() == FIELDS.keys()


def test_the_template_names_every_setting_and_means_the_defaults(tmp_path: Path) -> None:
    text = template()
    file = tmp_path / "tradepost.env"
    file.write_text(text)
    assert load(DEMO, config=file).settings == load(DEMO, config=NO_FILE).settings
    lines = [line[1:].split("=")[0] for line in text.splitlines() if line.startswith("#TRADEPOST")]
    assert lines == list(FIELDS)
    assert all(len(line) <= 100 for line in text.splitlines())


def test_the_template_with_secrets_starts_production(tmp_path: Path) -> None:
    file = tmp_path / "tradepost.env"
    file.write_text(template(with_secrets=True))
    first = load({}, config=file).settings
    file.write_text(template(with_secrets=True))
    assert first.public_secret != load({}, config=file).settings.public_secret


def test_settings_name_their_defaults_once() -> None:
    assert Settings() == load({}, config=NO_FILE, doors=False).settings
