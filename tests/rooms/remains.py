"""What a database holds, in a form that two moments can be compared by.

Names are compared, never ids: an install followed by an uninstall must leave the same
tables, columns, functions and triggers, and the same rows in the registries of Odoo
(models, fields, views, menus, rules, crons, parameters…).

Two kinds of rows that Odoo itself forgets, of every addon, are left out: its notes about
foreign keys of columns that are gone (the keys themselves are compared, in the catalogue),
and external ids of the notes about which model inherits from which.
"""

import psycopg2

QUERIES = {
    "tables": """
        SELECT concat_ws(' ', relkind, relname) FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'S', 'i', 'p')
    """,
    "columns": """
        SELECT concat_ws('.', table_name, column_name) FROM information_schema.columns
         WHERE table_schema = 'public'
    """,
    "functions": """
        SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
    "triggers": """
        SELECT concat_ws(' ', tgrelid::regclass, tgname) FROM pg_trigger WHERE NOT tgisinternal
    """,
    "constraints": """
        SELECT concat_ws(' ', conrelid::regclass, conname) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace
    """,
    "types": """
        SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
    """,
    "external ids": """
        SELECT concat_ws('.', module, name) FROM ir_model_data WHERE model <> 'ir.model.inherit'
    """,
    "inheritance": """
        SELECT concat_ws(' ', m.model, p.model) FROM ir_model_inherit i
          JOIN ir_model m ON m.id = i.model_id JOIN ir_model p ON p.id = i.parent_id
    """,
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT concat_ws('.', model, name) FROM ir_model_fields",
    "selections": """
        SELECT concat_ws(' ', f.model, f.name, s.value)
          FROM ir_model_fields_selection s JOIN ir_model_fields f ON f.id = s.field_id
    """,
    "model constraints": "SELECT name FROM ir_model_constraint WHERE type <> 'f'",
    "relations": "SELECT name FROM ir_model_relation",
    "access": "SELECT name FROM ir_model_access",
    "rules": "SELECT name FROM ir_rule",
    "groups": "SELECT name::text FROM res_groups",
    "privileges": "SELECT name::text FROM res_groups_privilege",
    "categories": "SELECT name::text FROM ir_module_category",
    "group members": """
        SELECT concat_ws(' ', g.name, u.login) FROM res_groups_users_rel r
          JOIN res_groups g ON g.id = r.gid JOIN res_users u ON u.id = r.uid
    """,
    "crons": "SELECT cron_name FROM ir_cron",
    "actions": "SELECT concat_ws(' ', type, name) FROM ir_actions",
    "menus": "SELECT name::text FROM ir_ui_menu",
    "views": "SELECT concat_ws(' ', model, name, key) FROM ir_ui_view",
    "pages": "SELECT url FROM website_page",
    "website menus": "SELECT concat_ws(' ', name, url) FROM website_menu",
    "parameters": "SELECT key FROM ir_config_parameter",
    "defaults": "SELECT concat_ws(' ', field_id, json_value) FROM ir_default",
    "assets": "SELECT concat_ws(' ', name, path) FROM ir_asset",
    "sequences of Odoo": "SELECT concat_ws(' ', name, code) FROM ir_sequence",
    "mail templates": "SELECT name::text FROM mail_template",
    "paper formats": "SELECT name FROM report_paperformat",
    "accounts": "SELECT concat_ws(' ', name, code_store) FROM account_account",
    "journals": "SELECT concat_ws(' ', code, company_id) FROM account_journal",
    "products": "SELECT name::text FROM product_template WHERE active",
    "till payment methods": "SELECT name::text FROM pos_payment_method WHERE active",
    "providers": "SELECT concat_ws(' ', code, state, company_id) FROM payment_provider",
    "payment methods": "SELECT code FROM payment_method",
}


def snapshot(database):
    """Everything the queries name, as ``{kind: {name: how many}}``."""
    connection = psycopg2.connect(dbname=database)
    try:
        with connection.cursor() as cursor:
            held = {}
            for kind, query in QUERIES.items():
                cursor.execute(f"SELECT name, count(*) FROM ({query}) AS q(name) GROUP BY name")
                held[kind] = dict(cursor.fetchall())
            return held
    finally:
        connection.close()


def remains(before, after):
    """What is there after and was not before, and what is missing, as sentences."""
    found = []
    for kind, old in before.items():
        new = after[kind]
        for name in sorted((set(old) | set(new)) - {None}):
            if new.get(name, 0) > old.get(name, 0):
                found.append(f"{kind}: {name} is left behind")
            elif new.get(name, 0) < old.get(name, 0):
                found.append(f"{kind}: {name} is gone")
    return found
