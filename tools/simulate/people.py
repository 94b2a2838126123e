"""Who stands at a till that a tool has made."""


def new_cashier(env, company, name, login, password):
    """A user who may sell at the tills of one company, and nothing more."""
    groups = env.ref("point_of_sale.group_pos_user") | env.ref("base.group_user")
    return env["res.users"].create(
        {
            "name": name,
            "login": login,
            "password": password,
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": [(6, 0, groups.ids)],
        }
    )
