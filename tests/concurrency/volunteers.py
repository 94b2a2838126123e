"""The last place of a shift, and two shifts at one time for one person: both by two at once."""

from datetime import datetime, timedelta

from .bar import outcome, request_then, value


def shift_races(stage, broken=False):
    """What each race left; ``broken`` takes the guards out of the way first."""
    place, crossing, people = stage.alone(lambda env: _evening(env, broken))
    two = outcome(stage.race([_put(place, person) for person in people[:2]]))
    one = outcome(stage.race([_put(shift, people[2]) for shift in crossing]))
    rows = "SELECT count(*) FROM tibillet_shift_volunteer WHERE shift_id = ANY(%s)"
    return {
        "two": two,
        "one": one,
        "place": value(stage, rows, [place]),
        "taken": value(stage, "SELECT taken FROM tibillet_shift WHERE id = %s", place),
        "person": value(stage, rows, crossing),
    }


def _evening(env, broken):
    begin = datetime.now().replace(microsecond=0) + timedelta(days=9)
    event = env["event.event"].create(
        {"name": "Rush", "date_begin": begin, "date_end": begin + timedelta(hours=6)}
    )
    values = {"event_id": event.id, "date_begin": begin, "date_end": begin + timedelta(hours=2)}
    shifts = env["tibillet.shift"].create(
        [
            {**values, "name": "Bar", "maximum": 1},
            {**values, "name": "Door"},
            {**values, "name": "Stage", "date_begin": begin + timedelta(hours=1)},
        ]
    )
    people = env["res.partner"].create([{"name": name} for name in ("Anna", "Bo", "Cy")])
    if broken:
        env.flush_all()
        env.cr.execute("ALTER TABLE tibillet_shift_volunteer DISABLE TRIGGER tibillet_shift_count")
        env.cr.execute(
            "ALTER TABLE tibillet_shift_volunteer"
            " DROP CONSTRAINT tibillet_shift_volunteer_no_overlap"
        )
    return shifts[0].id, shifts[1:].ids, people.ids


def _put(shift, person):
    """Look whether there is room, as Python would; then sign up."""

    def act(env):
        row = env["tibillet.shift"].browse(shift)
        if row.maximum and len(row.volunteer_ids) >= row.maximum:
            return {"ok": False, "message": "looked"}
        env["tibillet.shift.volunteer"].create({"shift_id": shift, "partner_id": person})
        return {"ok": True}

    return lambda stage, meet: request_then(stage, meet, act)


def day_right_race(stage, broken=False):
    """Two tills hand out the one meal of somebody at the same moment."""
    meal, person, product = stage.alone(lambda env: _present(env, broken))

    def take(number):
        def act(env):
            right = env["tibillet.day.right"].browse(meal)
            right._take(
                env["res.partner"].browse(person),
                f"till-{number}",
                env["product.product"].browse(product),
            )
            return {"ok": True}

        return lambda stage, meet: request_then(stage, meet, act)

    answers = outcome(stage.race([take(number) for number in range(4)]))
    rows = "SELECT count(*) FROM tibillet_day_right_use WHERE right_id = %s"
    return {**answers, "taken": value(stage, rows, meal)}


def _present(env, broken):
    company = env.company
    person = env["res.partner"].create({"name": "Anna"})
    product = env["product.product"].create({"name": "Soup"})
    meal = env["tibillet.day.right"].create({"name": "Meal", "product_ids": [(4, product.id)]})
    env["tibillet.day.right.grant"].create(
        {
            "day": meal._day(datetime.now()),
            "partner_id": person.id,
            "company_id": company.id,
            "right_ids": [(4, meal.id)],
        }
    )
    if broken:
        env.flush_all()
        env.cr.execute("DROP INDEX tibillet_day_right_use_number_once")
    return meal.id, person.id, product.id
