"""Text messages of an event, by Odoo's `event_sms`: once for each number, never to who opted out.

Here and not beside the addon, which does not depend on that module.
"""

import datetime

import pytest

NUMBER, OTHER = "+33612345678", "+33698765432"


@pytest.fixture
def env(database):
    with database.env() as env:
        env["res.lang"]._activate_lang("fr_FR")
        env.company.partner_id.country_id = env.ref("base.fr")
        yield env
    database.close()


@pytest.fixture
def concert(env):
    """An event in ten days that reminds by text message."""
    begin = env.cr.now().replace(microsecond=0) + datetime.timedelta(days=10)
    reminder = env.ref("event_sms.sms_template_data_event_reminder")
    return env["event.event"].create(
        {
            "name": "Brass {{ object.env.user.login }} band",
            "date_begin": begin,
            "date_end": begin + datetime.timedelta(hours=3),
            "event_mail_ids": [
                (
                    0,
                    0,
                    {
                        "notification_type": "sms",
                        "template_ref": f"sms.template,{reminder.id}",
                        "interval_type": "before_event",
                        "interval_nbr": 20,
                        "interval_unit": "days",
                    },
                )
            ],
        }
    )


def person(event, number, lang="fr_FR", email="claire@example.com"):
    partner = event.env["res.partner"].create({"name": "Claire", "lang": lang, "phone": number})
    return event.env["event.registration"].create(
        {"event_id": event.id, "partner_id": partner.id, "phone": number, "email": email}
    )


def cancel(event):
    event.write({"kanban_state": "cancel", "tibillet_cancel_reason": "The singer is ill."})
    event.env["event.registration"]._tibillet_cron_notices()


def texts(env, state="outgoing"):
    return env["sms.sms"].search([("state", "=", state)], order="id")


def test_a_reminder_once_for_each_number(env, concert):
    person(concert, NUMBER)
    person(concert, NUMBER)  # a friend's place, bought with the same phone
    person(concert, "06 98 76 54 32")
    for _time in range(2):
        concert.event_mail_ids.execute()
    assert sorted(texts(env).mapped("number")) == [NUMBER, OTHER]
    assert texts(env, "canceled").mapped("failure_type") == ["sms_duplicate"]


def test_cancelled_is_said_once_to_each_in_their_language(env, concert):
    person(concert, NUMBER)
    person(concert, OTHER, lang="en_US", email=False)
    person(concert, "+33611111111")
    env["phone.blacklist"].add("+33611111111")
    cancel(concert)
    env["event.registration"]._tibillet_cron_notices()
    said = {text.number: text.body for text in texts(env)}
    assert set(said) == {NUMBER, OTHER}
    assert " est annulé. Ce que devient votre argent" in said[NUMBER]
    # A name that somebody typed is never run as a template.
    assert "Brass  object.env.user.login  band is cancelled" in said[OTHER]
    assert texts(env, "canceled").mapped("failure_type") == ["sms_blacklist"]


def test_moved_is_said_with_the_new_date(env, concert):
    person(concert, NUMBER, lang="en_US")
    begin = concert.date_begin + datetime.timedelta(days=1)
    concert._tibillet_move(begin, begin + datetime.timedelta(hours=3))
    env["event.registration"]._tibillet_cron_notices()
    when = concert.with_context(lang="en_US")._tibillet_when(form="EEE d MMM, HH:mm")
    assert f"has another date: {when}. Your ticket stays valid." in texts(env).body


def test_an_event_that_writes_none(env, concert):
    concert.event_mail_ids.unlink()
    person(concert, NUMBER)
    cancel(concert)
    assert not texts(env)
    assert env["mail.mail"].search([("subject", "ilike", "Brass")])
