# TiBillet for Odoo. Every command says what it does; variables are given as `make run PORT=8070`.
PYTHON ?= python3
# exec: whoever ends make ends the command, not a shell between them.
TOOLS = @exec $(PYTHON) -m tools
MAKEFLAGS += --no-print-directory
export PYTHONDONTWRITEBYTECODE = 1
export PORT DB LISTEN HTTPS ODOO_HOME ODOO_GIT DEBIAN_MIRROR DEBIAN_KEYRING DEBIAN_SUITE
export TIBILLET_CACHE TESTS SUITE SEEDS ONLY SEED TILLS MINUTES

.PHONY: help run dev test soak lint bench simulate shell audit nfc-bridge upgrade stop clean
.DEFAULT_GOAL := help

help:
	@echo "make run         everything a fresh machine needs, then the demo venue on a page (PORT=, DB=, HTTPS=1, LISTEN=, ODOO_HOME=, PG*)"
	@echo "make dev         the same, reloading code and views"
	@echo "make test        every test (TESTS=path narrows)"
	@echo "make lint        style, dependencies, translations, chapters"
	@echo "make soak        SUITE= SEEDS=: the same scenarios by the thousand"
	@echo "make bench       figures beside their limits (ONLY=prefix)"
	@echo "make simulate    a festival evening on a running server (SEED= TILLS= MINUTES=)"
	@echo "make shell       an Odoo shell on the demo database; runs a script given on standard input"
	@echo "make nfc-bridge  the reader bridge"
	@echo "make upgrade     move the database to this version, after a dump"
	@echo "make audit       sweep the ledger, export it, check the export without Odoo"
	@echo "make stop        stop what runs; make clean: remove .data/ and .venv/"

run dev test soak lint bench simulate shell audit nfc-bridge upgrade stop clean:
	$(TOOLS) $@
