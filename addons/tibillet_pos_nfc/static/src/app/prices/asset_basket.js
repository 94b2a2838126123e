import { _t } from "@web/core/l10n/translation";
import { describe } from "@tibillet_pos_nfc/app/till/states";
import { isUnknown } from "@tibillet_pos_nfc/app/till/tap_hold";
import { formatUnit } from "@tibillet_pos_nfc/app/till/units";
import { uuidv4 } from "@point_of_sale/utils";

/** What an article costs where its price is in no money: minutes, points. */
export function assetPriceOf(template) {
    return template?._tibillet_price || null;
}

function pricedLines(order) {
    return order.lines.filter((line) => assetPriceOf(line.product_id.product_tmpl_id));
}

/** An amount of such a price as people read it. */
export function formatAsset(price, amountMinor, currency) {
    return formatUnit({ ...price, amount_minor: amountMinor }, currency);
}

/** @returns {{asset_id, name, unit, scale, minor}|null} what a whole basket costs in its asset */
export function assetTotal(order) {
    const lines = pricedLines(order);
    if (!lines.length) {
        return null;
    }
    const price = assetPriceOf(lines[0].product_id.product_tmpl_id);
    const minor = lines.reduce((sum, line) => sum + minorOf(line), 0);
    return { ...price, minor };
}

function minorOf(line) {
    return Math.round(assetPriceOf(line.product_id.product_tmpl_id).price_minor * line.qty);
}

/**
 * @returns {string} why an article does not go into this basket: money and an asset are never
 *     mixed, nor are two assets; or nothing
 */
export function refusalToMix(order, template) {
    const added = assetPriceOf(template);
    const lines = order.lines.filter((line) => line.qty);
    const total = assetTotal(order);
    const fits = !lines.length || (total?.asset_id || 0) === (added?.asset_id || 0);
    if (fits) {
        return "";
    }
    return added
        ? _t(
              "“%(product)s” costs %(unit)s and is paid alone, by tapping a card. Finish this basket first.",
              { product: template.name, unit: added.unit || added.name }
          )
        : _t("This basket is paid in %(unit)s alone. Finish it first, then sell “%(product)s”.", {
              product: template.name,
              unit: total.name,
          });
}

/** A basket priced in an asset: one tap pays all of it in that asset, or nothing is taken. */
export class AssetPayment {
    /**
     * @param {Object} till its parts: state, journal, gate, band, holds, hold, law, pairing, pos
     * @param {(order: Object) => Promise} finish frees the till
     */
    constructor(till, finish) {
        this.till = till;
        this.finish = finish;
    }

    isPriced(order) {
        return Boolean(order && !order.finalized && !order.isRefund && assetTotal(order));
    }

    lines(order) {
        return pricedLines(order).map((line) => ({
            product_id: line.product_id.id,
            amount_minor: minorOf(line),
            asset_id: assetPriceOf(line.product_id.product_tmpl_id).asset_id,
            qty: line.qty,
        }));
    }

    format(total, minor = total.minor) {
        return formatAsset(total, minor, this.till.pos.currency);
    }

    async pay(order, uid, at, { asked = false } = {}) {
        const { till } = this;
        const total = assetTotal(order);
        const tap = { uid, basket: order.uuid, amountMinor: total.minor, at };
        if (order.tibillet_asset_key || !till.gate.admits(tap)) {
            return;
        }
        if (till.isTraining) {
            till.band.show(
                describe("not_allowed", {
                    message: _t("Prices in an asset are not practised: nothing was taken."),
                })
            );
            return;
        }
        const facts = { ...till.law.facts(order), asked };
        const act = till.journal.allot("hold", uuidv4(), { order: order.uuid });
        const request = { uid, lines: this.lines(order), upTo: null, facts };
        const answer = await till.hold.ask(act, request);
        if (answer.ok) {
            till.journal.settle(act.seq);
            this.granted(order, total, act, answer);
            await this.finish(order);
            return;
        }
        this.refused({ order, uid, direct: true }, total, act, answer);
    }

    granted(order, total, act, answer) {
        const left = answer.left.find((row) => row.asset === total.code);
        order.update({ tibillet_asset_key: act.key });
        order.uiState.tibilletLawful = String(this.till.law.facts(order).product_ids);
        order.uiState.tibilletAsset = {
            tail: answer.card.tail,
            paid: this.format(total),
            left: left ? this.format(total, left.amount_minor) : "",
        };
        this.till.band.show({
            code: "paid",
            tone: "yes",
            title: _t("Paid %(amount)s", { amount: this.format(total) }),
            left: order.uiState.tibilletAsset.left,
            split: [],
            rights: answer.rights,
            text: "",
            keys: [],
            orderUuid: order.uuid,
        });
    }

    refused(context, total, act, answer) {
        const { journal, holds, gate, band, pairing } = this.till;
        if (isUnknown(answer)) {
            holds.giveUp(act.key);
        } else {
            journal.answered(act.seq, answer);
        }
        gate.forget();
        if (answer.unpaired) {
            pairing.unpair();
            band.show(describe("not_paired"));
            return;
        }
        if (answer.left) {
            band.close();
            return;
        }
        const said = describe(answer.why || answer.code, { message: answer.message });
        const short = answer.code === "insufficient_funds";
        band.show({
            ...said,
            ...(short
                ? {
                      title: _t("%(amount)s is missing", {
                          amount: this.format(total, answer.missing_minor || total.minor),
                      }),
                      text: _t("Nothing was taken. Tap another card, or take goods off."),
                  }
                : {}),
            keys: said.keys.filter((key) => !["other_card", "cash", "bank"].includes(key)),
            context: { ...context, missingMinor: 0, templateIds: answer.template_ids },
        });
    }

    /** @returns {boolean} whether the order may be recorded; shows what it waits for */
    admits(order) {
        if (!this.isPriced(order) || order.tibillet_asset_key) {
            return true;
        }
        this.till.band.show(
            describe("asset_by_card", {
                message: _t("This basket costs %(amount)s, in no money: tap the card.", {
                    amount: this.format(assetTotal(order)),
                }),
            })
        );
        return false;
    }
}
