import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";

/**
 * Prices that a card opens: of card holders, of members. Only ever lower than the usual ones.
 *
 * The server says which list a card opens, before anything is taken; the basket shows it and the
 * card is asked for the lower total. A card that pays nothing leaves the usual prices.
 */
export class Prices {
    /**
     * @param {Object} parts
     * @param {import("../till/till_money").TillMoney} parts.money
     * @param {(id: number) => Object|undefined} parts.listOf
     */
    constructor({ money, listOf }) {
        this.money = money;
        this.listOf = listOf;
    }

    isPaidByCard(order, except) {
        return order.payment_ids.some(
            (line) => line !== except && isWallet(line.payment_method_id) && line.isDone()
        );
    }

    /** What the server is told with a tap: a basket that is partly paid keeps its prices. */
    facts(order) {
        const begun = order.payment_ids.some(
            (line) => line.isDone() && line.payment_status === "done"
        );
        return {
            pricelist_id: order.pricelist_id?.id || false,
            reprice: !begun && order.totalDue > 0 && !order.isRefund,
        };
    }

    /**
     * Take of several lists the one at which this basket costs least.
     *
     * @param {number[]} listIds those that the card opens
     * @returns {boolean} whether the basket became cheaper
     */
    apply(order, listIds) {
        const before = order.totalDue;
        const usual = order.pricelist_id;
        let [best, least] = [null, before];
        for (const list of listIds.map((id) => this.listOf(id)).filter(Boolean)) {
            order.setPricelist(list);
            if (order.totalDue < least) {
                [best, least] = [list, order.totalDue];
            }
        }
        order.setPricelist(best || usual);
        if (!best) {
            return false;
        }
        order.uiState.tibilletUsual = { pricelist: usual };
        order.update({ tibillet_usual_total: before });
        return true;
    }

    /** Back to the usual prices, when no card pays any part. */
    restore(order, except) {
        const usual = order.uiState.tibilletUsual;
        if (!usual || order.finalized || this.isPaidByCard(order, except)) {
            return;
        }
        order.uiState.tibilletUsual = undefined;
        order.setPricelist(usual.pricelist);
        order.update({ tibillet_usual_total: 0 });
    }

    /** @returns {{before: string, after: string, list: string}|null} for the screen */
    told(order) {
        return order.tibillet_usual_total
            ? {
                  list: order.pricelist_id?.name || "",
                  before: this.money.format(order.tibillet_usual_total),
                  after: this.money.format(order.totalDue),
              }
            : null;
    }
}

/**
 * Both prices of a product, where they differ.
 *
 * @returns {{usual: number, card: number}|null} taxes included
 */
export function bothPrices(template, config) {
    const card = config.tibillet_card_pricelist_id || config.tibillet_member_pricelist_id;
    const variant = template.product_variant_ids?.[0];
    if (!card || !variant) {
        return null;
    }
    const priceOf = (pricelist) => {
        const price = template.getPrice(pricelist, 1, 0, false, variant);
        return variant.getTaxDetails({ overridedValues: { price } }).total_included;
    };
    const [usual, lowered] = [config.use_pricelist && config.pricelist_id, card].map(priceOf);
    return lowered < usual ? { usual, card: lowered } : null;
}
