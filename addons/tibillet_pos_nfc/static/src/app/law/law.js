import { _t } from "@web/core/l10n/translation";
import { describe } from "@tibillet_pos_nfc/app/till/states";

const ADULT = 18;
/** Groups of drinks that a licence covers; the server asks the same. */
const LICENCES = { all: ["1", "2", "3", "4", "5"], 3: ["1", "2", "3"], none: ["1"] };

/** The age from which a product is sold, 0 for everybody. */
export function ageOf(template) {
    return Math.max(template.tibillet_minimum_age || 0, template.tibillet_alcohol ? ADULT : 0);
}

/** Whether the till's licence covers a product; one without a group needs the widest. */
export function isLicensed(template, config) {
    const allowed = LICENCES[config.tibillet_licence] || LICENCES.all;
    return !template.tibillet_alcohol || allowed.includes(template.tibillet_alcohol_group || "5");
}

/** What is handed over: goods that come back are asked nothing. */
function soldOn(order) {
    return order.lines.filter((line) => line.qty > 0).map((line) => line.product_id);
}

/** @returns {string} why this order is not paid later, or nothing */
export function refusalOfCredit(order) {
    const alcohol = soldOn(order).find((product) => product.product_tmpl_id.tibillet_alcohol);
    return alcohol
        ? _t(
              "“%(product)s” is alcohol: it is never sold on credit. Have it paid now, or take it off.",
              { product: alcohol.product_tmpl_id.name }
          )
        : "";
}

/**
 * The law of the goods before money is asked for.
 *
 * What a card's holder may buy is the server's to say, at the tap. Paid in cash or by bank card
 * nobody else would ask, so the till does.
 */
export class Law {
    /**
     * @param {Object} parts
     * @param {import("../till/till_band").TillBand} parts.band
     * @param {Object} parts.config of the till
     * @param {(context: Object) => Promise} parts.retry the same tap again
     * @param {(order: Object) => Promise} parts.validate ends an order that waited for an age
     */
    constructor({ band, config, retry, validate }) {
        this.band = band;
        this.config = config;
        this.retry = retry;
        this.validate = validate;
    }

    /** What the server is told with a tap. */
    facts(order) {
        return {
            age_seen: Boolean(order.tibillet_age_seen),
            product_ids: [...new Set(soldOn(order).map((product) => product.id))],
        };
    }

    refusesProduct(template) {
        if (isLicensed(template, this.config)) {
            return false;
        }
        this.band.show({
            ...describe("not_for_this", {
                message: _t(
                    "“%(product)s” is not covered by the licence of this till. Sell it at a till whose licence does.",
                    { product: template.name }
                ),
            }),
            keys: ["close"],
        });
        return true;
    }

    /**
     * Whether an order may be validated; shows why not.
     *
     * A card that was granted has been asked by the server already.
     */
    admits(order) {
        if (order.uiState.tibilletLawful === String(this.facts(order).product_ids)) {
            return true;
        }
        const templates = soldOn(order).map((product) => product.product_tmpl_id);
        const refused = this.refusalOf(templates, {
            age: Boolean(order.tibillet_age_seen),
            isMember: Boolean(order.partner_id),
        });
        if (!refused) {
            return true;
        }
        if (refused.code === "age_needed") {
            this.band.show({ ...describe("age_needed", refused), context: { order } });
            return false;
        }
        this.band.show({ ...describe("not_for_this", refused), keys: ["remove", "close"] });
        // what was counted as cash was not: the card that comes now pays the order
        for (const counted of order.payment_ids.filter((line) => !line.payment_status)) {
            order.removePaymentline(counted);
        }
        return false;
    }

    /**
     * Why these goods are not handed over to who is there, without asking the server.
     *
     * @param {Object[]} templates
     * @param {{age: boolean, isMember: boolean}} seen a proof of age; somebody who may be a member
     * @returns {{ok: false, code: string, message: string}|null}
     */
    refusalOf(templates, { age, isMember }) {
        const members = templates.find((template) => this.isForMembers(template));
        if (members && !isMember) {
            const message = _t(
                "“%(product)s” is for members only. Tap the card of a member, or take it off.",
                { product: members.name }
            );
            return { ok: false, code: "not_for_this", message };
        }
        const oldest = [...templates].sort((a, b) => ageOf(b) - ageOf(a))[0];
        if (oldest && ageOf(oldest) && !age) {
            const message = _t(
                "“%(product)s” is sold from %(age)s on. Ask for a proof of age, then touch “Age seen”; or take it off.",
                { product: oldest.name, age: ageOf(oldest) }
            );
            return { ok: false, code: "age_needed", message };
        }
        return null;
    }

    isForMembers(template) {
        return Boolean(
            template.tibillet_right_code ||
            (this.config.tibillet_members_only && template.tibillet_alcohol)
        );
    }

    /** The cashier saw a proof of age: remembered for this basket, nothing is kept of it. */
    async ageSeen({ order, uid, direct }) {
        order.update({ tibillet_age_seen: true });
        return uid ? this.retry({ order, uid, direct }) : this.validate(order);
    }
}
