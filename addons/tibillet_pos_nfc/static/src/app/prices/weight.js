import { _t } from "@web/core/l10n/translation";
import { NumberPopup } from "@point_of_sale/app/components/popups/number_popup/number_popup";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";

/**
 * @param {string} typed with a comma or a point
 * @param {number} digits decimals that the database keeps of a quantity: no gram is rounded away
 * @returns {number|null} the weight; nothing when it is none
 */
export function parseWeight(typed, digits) {
    const text = String(typed ?? "")
        .trim()
        .replace(",", ".");
    const [, decimals = ""] = text.split(".");
    const weight = /^\d{1,4}(\.\d*)?$/.test(text) && decimals.length <= digits ? Number(text) : 0;
    return weight > 0 ? weight : null;
}

/** Whether the weight of an article is typed: no scale of Odoo's says it. */
export function isTyped(template, config) {
    return Boolean(template?.to_weight && !config.iface_electronic_scale);
}

/**
 * Ask what a scale shows that is not linked to the till.
 *
 * @param {string} price of one unit, as people read it
 * @param {number} digits decimals of a quantity
 * @returns {Promise<number|null>} nothing when nobody said a weight
 */
export async function askWeight(dialog, template, price, digits) {
    const typed = await makeAwaitable(dialog, NumberPopup, {
        title: template.name,
        subtitle: _t("Weight in %(unit)s, at %(price)s", {
            unit: template.uom_id?.name || "",
            price,
        }),
        startingValue: "",
        isValid: (buffer) => parseWeight(buffer, digits) !== null,
    });
    return parseWeight(typed, digits);
}
