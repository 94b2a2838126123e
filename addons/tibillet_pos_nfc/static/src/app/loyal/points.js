import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";
import { fromMinor } from "@tibillet_pos_nfc/app/till/basket";

/**
 * The points of a payment, in one line: what it gave (or took back) and what the card has in all.
 *
 * @param {{amount_minor, total_minor, forgiven_minor?, scale, unit, name}[]} [earned] the server's
 * @returns {string} empty when the payment gave none
 */
export function pointsTold(earned) {
    return (earned || []).map(told).join(" · ");
}

function told(part) {
    const facts = {
        points: write(part, Math.abs(part.amount_minor)),
        total: write(part, part.total_minor),
        spent: write(part, part.forgiven_minor || 0),
    };
    if (part.amount_minor > 0) {
        return _t("+%(points)s, %(total)s in all", facts);
    }
    if (part.forgiven_minor) {
        return _t("−%(points)s, %(total)s left; %(spent)s were spent and stay so", facts);
    }
    return _t("−%(points)s, %(total)s left", facts);
}

function write({ scale, unit, name }, minor) {
    return `${formatFloat(fromMinor(minor, scale), { digits: [16, scale] })} ${unit || name}`;
}
