"""A stand that is a company of its own: it sells, the bar holds its money and pays it out."""

from datetime import timedelta

from .acts import act, pay, price_of


@act(5)
def sale_of_a_merchant(day, till):
    """At the stand, whatever till was drawn: by card, in money, or heard of tomorrow."""
    stand = day.stand
    stand.open()
    names = day.dice.sample(("galette", "water"), day.dice.choice((1, 2)))
    basket = stand.basket(*((name, day.dice.choice((1, 1, 2))) for name in names))
    drawn = day.dice.random()
    if drawn < 0.25:
        method = day.dice.choice((stand.cash, stand.bank))
        day.sold(stand.send(stand.order_values(basket, [(method, price_of(basket), False)])))
    elif drawn < 0.4:
        pay(day, stand, day.card(), basket, late=True)
        if day.dice.random() < 0.5:
            day.clock.forward(timedelta(minutes=6))  # the hold ends
    else:
        day.sold(pay(day, stand, day.card(), basket))


@act(2)
def undo_of_a_merchant(day, till):
    """A sale of the stand is taken back by a manager of the bar."""
    stand = day.stand
    orders = [order for order in day.sales if order.session_id.id == stand.session.id]
    if orders and stand.is_open:
        order = day.dice.choice(orders)
        day.sales.remove(order)
        day.done(stand.undo(order, "Erreur de panier"))


def pay_merchant(day):
    """The statement of what it sold is made, agreed and paid; any step may wait for a day."""
    merchant = day.stand.as_accountant["tibillet.merchant"].browse(day.made["merchant"])
    statements = day.stand.as_accountant["tibillet.merchant.statement"]
    statement = statements.search([("state", "in", ("draft", "agreed"))], limit=1)
    if not statement:
        action = day.asked(merchant.action_make_statement)
        statement = statements.browse(action["res_id"] if action else ())
    if statement.state == "draft" and day.dice.random() < 0.7:
        day.asked(statement.action_agree)
    if statement.state == "agreed" and day.dice.random() < 0.8:
        day.asked(statement.action_pay)
        day.count["merchant paid"] += statement.state == "paid"
