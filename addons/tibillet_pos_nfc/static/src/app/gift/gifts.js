import { accountTaxHelpers } from "@account/helpers/account_tax";
import { fromMinor } from "@tibillet_pos_nfc/app/till/basket";

/*
 * A gift spent where it was given lowers the price: the receipt says so, and its tax is on the
 * rest. The server shares it out; nothing here decides what is a gift.
 */

const sum = (gifts) => Object.values(gifts || {}).reduce((total, minor) => total + minor, 0);

/** The cards of an order that told what of each line is a gift, the last one last. */
function told(order, except = null) {
    return order.payment_ids
        .filter((line) => line !== except)
        .map((line) => order.uiState?.tibillet?.[line.uuid])
        .filter((card) => card?.gifts);
}

/**
 * What a tap says of gifts, to be kept beside it.
 *
 * @param {Object[]} lines the basket as it was sent
 * @param {{gifts?: number[][]}} answer positions of lines and what all cards so far give of them
 * @returns {{gifts?: Object<string, number>, taxed?: Object<string, number>,
 *     giftMinor?: number}} by line, and by this card
 */
export function giftsTold(order, payment, lines, answer) {
    if (!answer.gifts?.length) {
        return {};
    }
    const gifts = Object.fromEntries(answer.gifts.map(([at, minor]) => [lines[at].uuid, minor]));
    const giftMinor = sum(gifts) - sum(told(order, payment).at(-1)?.gifts);
    if (!answer.taxed) {
        return { gifts, giftMinor };
    }
    const taxed = answer.taxed.map(([at, minor]) => [lines[at].uuid, minor]);
    return { gifts, taxed: Object.fromEntries(taxed), giftMinor };
}

/** What of a line is a gift: the server's word once it has the order, the cards' until then. */
export function giftOf(order, line) {
    const minor = told(order).at(-1)?.gifts[line.uuid] || 0;
    return line.tibillet_gift || fromMinor(minor, order.currency.decimal_places);
}

/** What of it was taxed when the card was loaded. */
export function taxedOf(order, line) {
    const minor = told(order).at(-1)?.taxed?.[line.uuid] || 0;
    return line.tibillet_taxed || fromMinor(minor, order.currency.decimal_places);
}

/** What of a card payment is a gift. */
export function giftOfPayment(order, payment) {
    const minor = order.uiState?.tibillet?.[payment.uuid]?.giftMinor || 0;
    return payment.tibillet_gift || fromMinor(minor, order.currency.decimal_places);
}

/**
 * Price paid and taxes of an order without what was given, by Odoo's own tax engine.
 *
 * @returns {{gift: number, taxed: number, paid: number, taxes: Object}|null} nothing when nothing
 *     was given; `gift` is without `taxed`, what was taxed when the card was loaded
 */
export function withoutGifts(order) {
    const gifts = order.lines.map((line) => [line, giftOf(order, line)]);
    const gift = gifts.reduce((total, [, part]) => total + part, 0);
    if (!gift) {
        return null;
    }
    const taxed = order.lines.reduce((total, line) => total + taxedOf(order, line), 0);
    const company = order.company;
    const baseLines = gifts.map(([line, part]) => {
        const opts = { quantity: line.qty, price_unit: line.price_unit };
        return [line.getBaseLine(opts), part, line];
    });
    const all = baseLines.map(([baseLine]) => baseLine);
    accountTaxHelpers.add_tax_details_in_base_lines(all, company);
    accountTaxHelpers.round_base_lines_tax_details(all, company);
    const given = baseLines
        .filter(([, part]) => part)
        .flatMap(([baseLine, part, line]) =>
            accountTaxHelpers.prepare_global_discount_lines([baseLine], company, "fixed", part, {
                computation_key: `tibillet_gift,${line.uuid}`,
            })
        );
    accountTaxHelpers.add_tax_details_in_base_lines(given, company);
    accountTaxHelpers.round_base_lines_tax_details(given, company);
    return {
        gift: order.currency.round(gift - taxed),
        taxed: order.currency.round(taxed),
        paid: order.currency.round(order.priceIncl - gift),
        taxes: accountTaxHelpers.get_tax_totals_summary(
            [...all, ...given],
            order.currency,
            company
        ),
    };
}
