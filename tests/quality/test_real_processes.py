"""The fixtures of `tests/conftest.py` do what they promise."""

import pytest

from tests.support.rpc import RpcError


def test_a_server_on_a_copy_answers_and_commits(database, odoo_server, rpc):
    server = odoo_server(database, workers=2)
    admin = rpc(server)
    [partner] = admin.call("res.partner", "create", [[{"name": "Brasserie du Quai"}]])
    assert database.value("SELECT name FROM res_partner WHERE id = %s", partner) == (
        "Brasserie du Quai"
    )
    with database.env() as env:
        env["res.partner"].browse(partner).name = "Brasserie du Port"
    assert admin.call("res.partner", "read", [[partner], ["name"]])[0]["name"] == (
        "Brasserie du Port"
    )


def test_a_killed_server_comes_back_on_its_port(database, odoo_server, rpc):
    server = odoo_server(database)
    server.kill()
    assert not server.running
    assert rpc(server.restart()).uid


def test_a_script_runs_in_a_shell_and_is_rolled_back(database):
    name = database.shell("env.company.name = 'Gone'\nenv.flush_all()\nresult = env.company.name")
    assert name == "Gone"
    assert database.value("SELECT count(*) FROM res_company WHERE name = 'Gone'") == 0


def test_a_script_that_fails_fails_the_test(database):
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        database.shell("1 / 0")


@pytest.mark.expects_log("Access Denied", reason="a wrong password is logged by Odoo")
def test_a_wrong_password_is_an_error(database, odoo_server, rpc):
    with pytest.raises(RpcError):
        rpc(odoo_server(database), password="wrong")


def test_two_databases_are_two(new_database):
    ours, core = new_database(), new_database(core=True)
    installed = "SELECT count(*) FROM ir_module_module WHERE name = %s AND state = 'installed'"
    assert ours.value(installed, "tibillet_wallet") == 1
    assert core.value(installed, "tibillet_wallet") == 0
    assert core.value(installed, "point_of_sale") == 1
