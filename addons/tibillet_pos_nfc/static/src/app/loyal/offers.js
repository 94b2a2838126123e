import { _t } from "@web/core/l10n/translation";

/** Offers that wait for the holder of the card that just paid, in one line for the cashier. */
export function offersTold(offers) {
    return (offers || [])
        .map(({ name, amount }) =>
            _t("Offer on this card: %(name)s (%(amount)s)", { name, amount })
        )
        .join(" · ");
}
