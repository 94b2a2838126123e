"""The production files hold what they must, and each check sees what it is for."""

import copy

import pytest

from . import checks

COMPOSE_TEXT = checks.read("docker-compose.yml")
CADDY_TEXT = checks.read("Caddyfile")
CONFIGURATION = checks.configuration(checks.read("odoo.conf"))
VARIABLES = checks.env(checks.read(".env.example"))


@pytest.fixture
def data():
    return copy.deepcopy(checks.compose(COMPOSE_TEXT))


def test_services(data):
    assert checks.services_problems(data) == []


def test_what_must_outlive_a_container(data):
    assert checks.data_problems(data) == []


def test_no_secret_in_clear(data):
    assert checks.secret_problems(data, VARIABLES) == []


def test_every_variable_is_explained():
    assert checks.variable_problems(COMPOSE_TEXT, CADDY_TEXT, VARIABLES) == []


def test_routes():
    assert checks.route_problems(CADDY_TEXT) == []


def test_odoo_conf_agrees_with_the_rest(data):
    assert checks.odoo_conf_problems(CONFIGURATION, data, VARIABLES) == []


def test_secrets_are_ignored_by_git():
    ignored = checks.read(".gitignore").split()
    assert "/.env" in ignored
    assert "/secrets/" in ignored


def _path(data, path):
    for step in path[:-1]:
        data = data[step]
    return data, path[-1]


@pytest.mark.parametrize(
    ("check", "path", "value", "words"),
    [
        ("services", ("services", "odoo", "healthcheck"), {}, "odoo: no health check"),
        ("services", ("services", "db", "ports"), ["5432:5432"], "db: publishes"),
        ("services", ("services", "mail", "ports"), ["8025:8025"], "mail: publishes"),
        ("services", ("services", "caddy", "image"), "caddy:latest", "caddy: image"),
        ("services", ("services", "odoo", "restart"), "no", "odoo: does not come back"),
        ("services", ("services", "peer-db", "profiles"), ["default"], "peer-db: profiles"),
        (
            "services",
            ("services", "odoo", "depends_on", "db", "condition"),
            "service_started",
            "does not wait",
        ),
        ("data", ("services", "db", "volumes"), ["./pg:/var/lib/postgresql/data"], "db: its data"),
        ("data", ("networks", "back"), None, "db: reaches"),
        ("data", ("services", "odoo", "volumes", 0), "/srv/odoo:/var/lib/odoo", "filestore"),
        ("data", ("services", "odoo", "volumes", 1), "./addons:/mnt/extra-addons", "read-only"),
        ("data", ("services", "peer-odoo", "environment", "HOST"), "db", "does not use peer-db"),
        (
            "data",
            ("services", "peer-odoo", "volumes", 0),
            "odoo-data:/var/lib/odoo",
            "share a volume",
        ),
        ("secret", ("services", "db", "environment", "POSTGRES_PASSWORD"), "x", "in clear"),
        ("secret", ("services", "odoo", "environment", "SMTP_TOKEN"), "x", "in clear"),
        ("secret", ("services", "odoo", "environment", "PASSWORD_FILE"), "/tmp/x", "not a secret"),
        ("secret", ("services", "odoo", "secrets"), ["tibillet_key"], "not given"),
        ("secret", ("services", "odoo", "command", 1), "--db_password=x", "command line"),
        ("secret", ("secrets", "tibillet_key"), {"environment": "KEY"}, "does not come from"),
    ],
)
def test_a_broken_compose_file_is_seen(data, check, path, value, words):
    holder, last = _path(data, path)
    holder[last] = value
    if check == "secret":
        problems = checks.secret_problems(data, VARIABLES)
    else:
        problems = getattr(checks, f"{check}_problems")(data)
    assert any(words in problem for problem in problems), problems


def test_a_variable_without_its_line_is_seen():
    fewer = {name: value for name, value in VARIABLES.items() if name != "ODOO_TAG"}
    assert "ODOO_TAG is not in .env.example" in checks.variable_problems(
        COMPOSE_TEXT, CADDY_TEXT, fewer
    )


def test_a_line_without_its_variable_is_seen():
    more = {**VARIABLES, "OLD_SETTING": "1"}
    assert "OLD_SETTING is in .env.example and used nowhere" in checks.variable_problems(
        COMPOSE_TEXT, CADDY_TEXT, more
    )


@pytest.mark.parametrize(
    ("name", "value"), [("POSTGRES_PASSWORD", "odoo"), ("RELAY", "smtp://me:word@mail.example")]
)
def test_a_secret_in_the_example_is_seen(data, name, value):
    problems = checks.secret_problems(data, {**VARIABLES, name: value})
    assert any(problem.startswith(name) for problem in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("reverse_proxy @websocket odoo:8072", "reverse_proxy @websocket odoo:8069", "gevent"),
        ("@websocket path /websocket /websocket/*", "@websocket path /longpolling", "gevent"),
        ("\treverse_proxy odoo:8069", "\treverse_proxy odoo:8071", "pages"),
        ("respond @database 404", "respond @database 200", "database manager"),
        ("import node", "tls internal", "automatic"),
        ("{$TIBILLET_HOSTS} {", "http://{$TIBILLET_HOSTS} {", "switched off"),
    ],
)
def test_a_broken_route_is_seen(old, new, words):
    assert old in CADDY_TEXT
    problems = checks.route_problems(CADDY_TEXT.replace(old, new))
    assert any(words in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("section", "name", "value", "words"),
    [
        ("options", "list_db", "True", "list_db"),
        ("options", "proxy_mode", "False", "proxy_mode"),
        ("options", "gevent_port", "8071", "gevent_port"),
        ("options", "workers", "0", "process of their own"),
        ("options", "dbfilter", "^venue$", "hides"),
        ("options", "dbfilter", ".*", "shows"),
        ("options", "db_maxconn", "64", "fewer connections"),
        ("options", "admin_passwd", "admin", "in clear"),
        ("options", "addons_path", "/srv/addons", "addons_path"),
        ("tibillet", "key_file", "/etc/key", "different key files"),
    ],
)
def test_a_broken_odoo_conf_is_seen(data, section, name, value, words):
    sections = copy.deepcopy(CONFIGURATION)
    sections[section][name] = value
    problems = checks.odoo_conf_problems(sections, data, VARIABLES)
    assert any(words in problem for problem in problems), problems
