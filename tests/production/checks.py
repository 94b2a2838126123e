"""What must hold for the production files, as functions that list what does not.

No container engine runs where the tests run, so the files are parsed: compose is YAML with
``${VARIABLES}``, the Caddyfile is lines, blocks and snippets.
"""

import configparser
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PROFILES = {"default", "federation", "trial"}
SERVICES = {
    "db": {"default", "federation"},
    "odoo": {"default", "federation"},
    "caddy": {"default", "federation"},
    "peer-db": {"federation"},
    "peer-odoo": {"federation"},
    "mail": {"trial"},
}
IMAGES = {
    "db": "postgres",
    "odoo": "odoo",
    "caddy": "caddy",
    "peer-db": "postgres",
    "peer-odoo": "odoo",
    "mail": "axllent/mailpit",
}
PUBLISHED = {
    "caddy": {"80:80", "443:443", "443:443/udp"},
    "mail": {"127.0.0.1:8025:8025"},
}
HTTP_PORT, GEVENT_PORT = "8069", "8072"
SECRET_WORD = re.compile(r"passw|secret|token|api_?key|private|credential", re.IGNORECASE)
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)[^}]*\}")


def read(name, root=ROOT):
    """The text of one of the project's files."""
    return (root / name).read_text(encoding="utf-8")


def compose(text):
    """The compose file as data, with its merge keys resolved."""
    return yaml.safe_load(text)


def env(text):
    """The variables of an env file."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def _mounts(service):
    """target → (source, read-only) of a service's volumes in short form."""
    mounts = {}
    for volume in service.get("volumes", ()):
        source, target, *mode = volume.split(":")
        mounts[target] = (source, mode == ["ro"])
    return mounts


def _secret_targets(service):
    """file name under /run/secrets → the secret it comes from."""
    targets = {}
    for item in service.get("secrets", ()):
        if isinstance(item, str):
            targets[item] = item
        else:
            targets[item["target"]] = item["source"]
    return targets


def services_problems(data):
    """Services, profiles, images, published ports, health checks, restarts."""
    found = []
    services = data["services"]
    if set(services) != set(SERVICES):
        found.append(f"services are {sorted(services)}")
    for name, service in services.items():
        if set(service.get("profiles", ())) != SERVICES.get(name):
            found.append(f"{name}: profiles {service.get('profiles')}")
        image, _colon, tag = service.get("image", "").partition(":")
        if image != IMAGES.get(name) or not VARIABLE.fullmatch(tag):
            found.append(f"{name}: image {service.get('image')}")
        if set(service.get("ports", ())) != PUBLISHED.get(name, set()):
            found.append(f"{name}: publishes {service.get('ports')}")
        check = service.get("healthcheck", {})
        if not check.get("test") or not {"interval", "timeout", "retries"} <= set(check):
            found.append(f"{name}: no health check")
        if service.get("restart") != "unless-stopped":
            found.append(f"{name}: does not come back after a restart of the machine")
        if service.get("privileged") or service.get("network_mode"):
            found.append(f"{name}: steps out of its container")
        for other in service.get("depends_on", {}):
            if service["depends_on"][other].get("condition") != "service_healthy":
                found.append(f"{name}: does not wait for {other} to be healthy")
            if not set(service["profiles"]) <= set(services[other].get("profiles", ())):
                found.append(f"{name}: depends on {other}, absent from one of its profiles")
    return found


def data_problems(data):
    """What must outlive a container is on a named volume; the database is out of reach."""
    found = []
    named = set(data.get("volumes", ()))
    for name in ("db", "peer-db"):
        service = data["services"][name]
        source, _ro = _mounts(service).get("/var/lib/postgresql/data", ("", False))
        if source not in named:
            found.append(f"{name}: its data is not on a named volume")
        for network in service.get("networks", ["default"]):
            if not (data["networks"].get(network) or {}).get("internal"):
                found.append(f"{name}: reaches or is reached from outside by {network}")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            if f"--{setting}=on" not in service["command"]:
                found.append(f"{name}: {setting} is not stated as on")
    for name, database in (("odoo", "db"), ("peer-odoo", "peer-db")):
        service = data["services"][name]
        mounts = _mounts(service)
        if mounts.get("/var/lib/odoo", ("",))[0] not in named:
            found.append(f"{name}: the filestore is not on a named volume")
        if mounts.get("/mnt/extra-addons") != ("./addons", True):
            found.append(f"{name}: our addons are not mounted read-only")
        if mounts.get("/etc/odoo/odoo.conf") != ("./odoo.conf", True):
            found.append(f"{name}: odoo.conf is not mounted read-only")
        if service["environment"].get("HOST") != database:
            found.append(f"{name}: does not use {database}")
        if not set(service["networks"]) & set(data["services"][database]["networks"]):
            found.append(f"{name}: shares no network with {database}")
        if "front" not in service["networks"]:
            found.append(f"{name}: caddy cannot reach it")
    sources = [
        source
        for service in data["services"].values()
        for source, _ro in _mounts(service).values()
        if source in named
    ]
    if len(sources) != len(set(sources)):
        found.append("two services share a volume")
    if set(sources) != named:
        found.append(f"volumes nobody uses: {sorted(named - set(sources))}")
    caddy = _mounts(data["services"]["caddy"])
    if caddy.get("/data", ("",))[0] not in named:
        found.append("caddy: certificates would be asked again at each start")
    if caddy.get("/etc/caddy/Caddyfile") != ("./Caddyfile", True):
        found.append("caddy: our Caddyfile is not mounted")
    return found


def secret_problems(data, variables):
    """Secrets are files: none in clear in compose, none in the example of .env."""
    found = []
    used = set()
    for name, service in data["services"].items():
        targets = _secret_targets(service)
        used |= set(targets.values())
        for key, value in (service.get("environment") or {}).items():
            if not SECRET_WORD.search(key) and not key.endswith("_KEY_FILE"):
                continue
            if not key.endswith("_FILE"):
                found.append(f"{name}: {key} is in clear")
            elif not str(value).startswith("/run/secrets/"):
                found.append(f"{name}: {key} is not a secret's file")
            elif str(value).removeprefix("/run/secrets/") not in targets:
                found.append(f"{name}: {key} names a secret it is not given")
        for word in service.get("command", ()):
            if SECRET_WORD.search(str(word)):
                found.append(f"{name}: {word} on the command line")
    for name, secret in data["secrets"].items():
        if set(secret) != {"file"} or not secret["file"].startswith("${TIBILLET_SECRETS}/"):
            found.append(f"secret {name} does not come from the folder of secrets")
    if used != set(data["secrets"]):
        found.append("secrets nobody uses, or used and not declared")
    for node in ("odoo", "peer-odoo"):
        if "TIBILLET_KEY_FILE" not in data["services"][node]["environment"]:
            found.append(f"{node}: has no key to sign with")
    for name, value in variables.items():
        if SECRET_WORD.search(name) and name != "TIBILLET_SECRETS":
            found.append(f"{name} belongs in a secret's file, not in .env")
        if re.search(r"://[^/\s]*:[^/\s]*@", value):
            found.append(f"{name} holds a password in an address")
    return found


def variable_problems(compose_text, caddy_text, variables):
    """Each variable is explained in .env.example, and each one there is used."""
    used = set(VARIABLE.findall(_without_comments(compose_text)))
    found = [f"{name} is not in .env.example" for name in sorted(used - set(variables))]
    found += [
        f"{name} is in .env.example and used nowhere"
        for name in sorted(set(variables) - used - {"COMPOSE_PROFILES"})
    ]
    found += [f"{name} is empty" for name, value in variables.items() if not value]
    given = compose(compose_text)["services"]["caddy"]["environment"]
    for name in re.findall(r"\{\$([A-Z_]+)", caddy_text):
        if name not in given:
            found.append(f"the Caddyfile uses {name}, which caddy is not given")
    profiles = set(variables.get("COMPOSE_PROFILES", "").split(","))
    if "default" not in profiles or not profiles <= PROFILES:
        found.append(f"COMPOSE_PROFILES is {sorted(profiles)}")
    return found


def _without_comments(text):
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def caddyfile(text):
    """The Caddyfile as blocks: [(header words, [directive words…])], snippets resolved."""
    blocks, header, body, depth = [], None, [], 0
    for raw in text.splitlines():
        words = raw.split(" #")[0].split()
        if not words or words[0].startswith("#"):
            continue
        if words[-1] == "{":
            if depth == 0:
                header, body = words[:-1], []
            else:
                body.append(words[:-1])
            depth += 1
        elif words == ["}"]:
            depth -= 1
            if depth == 0:
                blocks.append((header, body))
        else:
            body.append(words)
    if depth:
        raise ValueError("the Caddyfile's braces do not close")
    snippets = {h[0]: b for h, b in blocks if len(h) == 1 and h[0].startswith("(")}
    sites = []
    for head, lines in blocks:
        if head and head[0] in snippets:
            continue
        whole = []
        for line in lines:
            whole += snippets[f"({line[1]})"] if line[0] == "import" else [line]
        sites.append((head, whole))
    return sites


def route_problems(caddy_text):
    """The bus goes to gevent, the rest to HTTP, the database manager nowhere; TLS is on."""
    found = []
    sites = {" ".join(head): body for head, body in caddyfile(caddy_text) if head}
    if set(sites) != {"{$TIBILLET_HOSTS}", "{$TIBILLET_PEER_HOSTS}"}:
        found.append(f"sites are {sorted(sites)}")
    for site, upstream in (("{$TIBILLET_HOSTS}", "odoo"), ("{$TIBILLET_PEER_HOSTS}", "peer-odoo")):
        body = sites.get(site, [])
        matchers = {line[0]: set(line[2:]) for line in body if line[0].startswith("@")}
        proxies = {tuple(line[1:-1]): line[-1] for line in body if line[0] == "reverse_proxy"}
        bus = [m for m, paths in matchers.items() if paths == {"/websocket", "/websocket/*"}]
        if not bus or proxies.get((bus[0],)) != f"{upstream}:{GEVENT_PORT}":
            found.append(f"{site}: the websocket does not go to the gevent port")
        if proxies.get(()) != f"{upstream}:{HTTP_PORT}":
            found.append(f"{site}: pages do not go to Odoo")
        closed = [m for m, paths in matchers.items() if "/web/database/*" in paths]
        if not closed or ["respond", closed[0], "404"] not in body:
            found.append(f"{site}: the database manager is open")
        if any(line[0] == "tls" for line in body):
            found.append(f"{site}: TLS is not the automatic one")
        if not any(line[0] == "Strict-Transport-Security" for line in body):
            found.append(f"{site}: browsers are not told to stay on HTTPS")
    if "auto_https" in _without_comments(caddy_text) or "http://" in _without_comments(caddy_text):
        found.append("automatic HTTPS is switched off")
    return found


def configuration(text):
    """Odoo's configuration file, as sections of words."""
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    return {name: dict(parser.items(name)) for name in parser.sections()}


def odoo_conf_problems(sections, data, variables):
    """odoo.conf is safe behind a proxy and agrees with compose, the Caddyfile and .env."""
    options = sections["options"]
    wanted = {
        "list_db": "False",
        "proxy_mode": "True",
        "http_port": HTTP_PORT,
        "gevent_port": GEVENT_PORT,
        "addons_path": "/mnt/extra-addons",
        "data_dir": "/var/lib/odoo",
    }
    found = [
        f"{name} is {options.get(name)}, not {value}"
        for name, value in wanted.items()
        if options.get(name) != value
    ]
    if int(options.get("workers", 0)) < 2 or int(options.get("max_cron_threads", 2)) < 1:
        found.append("workers: the bus or the crons have no process of their own")
    for name in ("TIBILLET_DATABASE", "TIBILLET_PEER_DATABASE"):
        if not re.match(options.get("dbfilter") or "$^", variables[name]):
            found.append(f"dbfilter hides the database that {name} names")
    if re.match(options.get("dbfilter") or "", "postgres"):
        found.append("dbfilter shows the database postgres")
    processes = int(options.get("workers", 0)) + int(options.get("max_cron_threads", 2))
    asked = processes * int(options["db_maxconn"]) + int(options["db_maxconn_gevent"])
    if asked >= int(variables["POSTGRES_MAX_CONNECTIONS"]):
        found.append(f"PostgreSQL has fewer connections than the {asked} that Odoo may ask for")
    for section in sections.values():
        for name, value in section.items():
            if name in ("admin_passwd", "db_password", "smtp_password") and value != "False":
                found.append(f"{name} is in clear")
    key_file = sections.get("tibillet", {}).get("key_file", "")
    for node in ("odoo", "peer-odoo"):
        if key_file != data["services"][node]["environment"]["TIBILLET_KEY_FILE"]:
            found.append(f"{node}: odoo.conf and compose name different key files")
    return found
