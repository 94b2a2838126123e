import { Component } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const QUARTER_MS = 15 * 60 * 1000;
const WIDTH = 720;
const HEIGHT = 160;

/** Turnover by quarter of an hour: bars for now, a line for the same evening last time. */
export class LiveChart extends Component {
    static template = "tibillet_pos_nfc.LiveChart";
    static props = { quarters: Array, last: Array, money: Function };

    caption(most) {
        return _t(
            "Takings by quarter of an hour; the line is the same evening last time. Highest: %s.",
            most
        );
    }

    get slots() {
        const amounts = new Map();
        const put = (rows, name) =>
            rows.forEach(({ at, amount }) => {
                const moment = deserializeDateTime(at).toMillis();
                amounts.set(moment, { now: 0, last: 0, ...amounts.get(moment), [name]: amount });
            });
        put(this.props.quarters, "now");
        put(this.props.last, "last");
        const moments = [...amounts.keys()].sort((a, b) => a - b);
        const slots = [];
        for (let at = moments[0]; at <= moments.at(-1); at += QUARTER_MS) {
            slots.push({ at, now: 0, last: 0, ...amounts.get(at) });
        }
        return slots.slice(-96);
    }

    get drawing() {
        const slots = this.slots;
        const most = Math.max(1, ...slots.flatMap(({ now, last }) => [now, last]));
        const step = WIDTH / Math.max(slots.length, 8);
        const height = (amount) => (Math.max(0, amount) / most) * (HEIGHT - 8);
        const label = (at) => luxon.DateTime.fromMillis(at).toFormat("HH:mm");
        return {
            bars: slots.map(({ at, now, last }, index) => ({
                key: at,
                x: index * step + step * 0.15,
                width: step * 0.7,
                y: HEIGHT - height(now),
                height: height(now),
                title: `${label(at)} · ${this.props.money(now)} (${this.props.money(last)})`,
            })),
            line: slots
                .map(({ last }, index) => `${index * step + step / 2},${HEIGHT - height(last)}`)
                .join(" "),
            labels: slots
                .map(({ at }, index) => ({ key: at, x: index * step, text: label(at), at }))
                .filter(({ at }) => slots.length < 8 || new Date(at).getMinutes() === 0)
                .filter((_label, index, all) => index % Math.ceil(all.length / 8) === 0),
            most: this.props.money(most),
        };
    }
}
