import { _t } from "@web/core/l10n/translation";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { NumberPopup } from "@point_of_sale/app/components/popups/number_popup/number_popup";

/** @returns {number|null} what was typed, with a comma or a point; nothing when it is no price */
export function parsePrice(typed) {
    const text = String(typed ?? "")
        .trim()
        .replace(",", ".");
    return /^\d{1,7}(\.\d{0,2})?$/.test(text) ? Number(text) : null;
}

export function isEnough(typed, least) {
    const price = parsePrice(typed);
    return price !== null && price >= (least || 0);
}

/**
 * Ask what the customer wishes to pay for a product of free price.
 *
 * @returns {Promise<number|null>} the price; nothing when nobody said one
 */
export async function askPrice(dialog, template, formatCurrency) {
    const least = template.tibillet_price_minimum || 0;
    const typed = await makeAwaitable(dialog, NumberPopup, {
        title: template.name,
        subtitle: least
            ? _t("Free price, from %(least)s on", { least: formatCurrency(least) })
            : _t("Free price: what do they wish to pay?"),
        startingValue: "",
        isValid: (buffer) => isEnough(buffer, least),
    });
    return isEnough(typed, least) ? parsePrice(typed) : null;
}
