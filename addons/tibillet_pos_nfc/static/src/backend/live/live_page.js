import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { LiveChart } from "./live_chart";

export const GATHER_MS = 400;
export const REFRESH_MS = 60000;

/**
 * The evening as it goes, for who runs the place.
 *
 * The bus says that something was sold, never what; the figures are asked for then, at most
 * once every 400 ms, and are those that the Z will have.
 */
export class LivePage extends Component {
    static template = "tibillet_pos_nfc.LivePage";
    static components = { LiveChart };
    static props = ["*"];

    setup() {
        this.orm = useService("orm");
        this.bus = useService("bus_service");
        this.action = useService("action");
        // the evening that goes on now is shown first; 0 is the business day
        this.state = useState({ live: null, config: 0, evening: null, error: "", at: null });
        this.gathering = null;
        this.heard = () => this.gather();
        this.bus.addChannel("tibillet_live");
        this.bus.subscribe("tibillet_live", this.heard);
        const timer = setInterval(() => this.load(), REFRESH_MS);
        onWillStart(() => this.load());
        onWillDestroy(() => {
            clearInterval(timer);
            clearTimeout(this.gathering);
            this.bus.unsubscribe("tibillet_live", this.heard);
            this.bus.deleteChannel("tibillet_live");
        });
    }

    gather() {
        this.gathering ??= setTimeout(() => {
            this.gathering = null;
            this.load();
        }, GATHER_MS);
    }

    async load() {
        const { config, evening } = this.state;
        try {
            const live = await this.orm.silent.call("tibillet.live", "tibillet_live", [
                config || null,
                evening,
            ]);
            if (config === this.state.config && evening === this.state.evening) {
                const shown = live.evening ? live.evening.id : 0;
                const at = luxon.DateTime.now();
                Object.assign(this.state, { live, evening: shown, error: "", at });
            }
        } catch (error) {
            this.state.error =
                error.data?.message ||
                _t("The server does not answer. The page goes on by itself when it is back.");
        }
    }

    choose(config) {
        this.state.config = Number(config);
        return this.load();
    }

    chooseEvening(evening) {
        Object.assign(this.state, { evening: Number(evening), config: 0 });
        return this.load();
    }

    openEvenings() {
        return this.action.doAction("tibillet_pos_nfc.tibillet_evening_action");
    }

    openTills() {
        return this.action.doAction("point_of_sale.action_pos_config_kanban");
    }

    money(minor) {
        const { id, decimals } = this.state.live.currency;
        return formatCurrency(minor / 10 ** decimals, id);
    }

    get time() {
        return this.state.at?.toFormat("HH:mm:ss");
    }

    get openText() {
        return _t("%(open)s open, at %(time)s", { open: this.state.live.open, time: this.time });
    }

    missingText({ device, first, last }) {
        return _t("%(device)s: acts %(first)s – %(last)s. Switch it on near the network.", {
            device,
            first,
            last,
        });
    }

    /** When the evening is, in words of this language. */
    get hours() {
        const { begins_at: from, ends_at: until } = this.state.live.evening;
        const [begins, ends] = [from, until].map((moment) => deserializeDateTime(moment));
        const at = (moment) => `${formatDate(moment)} ${moment.toFormat("HH:mm")}`;
        const isShort = ends < begins.plus({ hours: 16 });
        return _t("%(begins)s – %(ends)s", {
            begins: at(begins),
            ends: isShort ? ends.toFormat("HH:mm") : at(ends),
        });
    }

    /** Evenings of the same name are told apart by their date. */
    eveningText({ name, begins_at: at }) {
        return _t("%(name)s (%(date)s)", { name, date: formatDate(deserializeDateTime(at)) });
    }

    hour(at) {
        return deserializeDateTime(at).toFormat("HH:mm");
    }

    get figures() {
        return this.state.live.figures;
    }

    /** The four figures of the evening, and cups where there are any; each beside last time. */
    get tiles() {
        const sums = { amount: 0, topups: 0, refunds: 0, cups: 0 };
        for (const row of this.state.live.tills) {
            Object.keys(sums).forEach((name) => (sums[name] += row[name]));
        }
        sums.cards = this.figures.habits.cards;
        const then = this.state.live.last?.then;
        const tile = (name, label, show = (minor) => this.money(minor)) => ({
            name,
            label,
            value: show(sums[name]),
            last: then ? _t("Last time: %s", show(then[name])) : "",
        });
        const tiles = [
            tile("amount", _t("Takings")),
            tile("topups", _t("Top-ups")),
            tile("refunds", _t("Refunds")),
            tile("cards", _t("Cards seen"), String),
        ];
        if (sums.cups || then?.cups) {
            tiles.push(tile("cups", _t("Deposits kept")));
        }
        return tiles;
    }

    get comparison() {
        const { last } = this.state.live;
        const now = this.figures.turnover.gross;
        const date = formatDate(luxon.DateTime.fromISO(last.day));
        const day = last.name ? _t("%(date)s (%(name)s)", { date, name: last.name }) : date;
        const at = this.money(last.until_now);
        const whole = this.money(last.turnover);
        if (now === last.until_now) {
            return _t("As much as on %(day)s at this time (%(whole)s that evening).", {
                day,
                whole,
            });
        }
        const more = this.money(Math.abs(now - last.until_now));
        return now > last.until_now
            ? _t(
                  "%(more)s more than on %(day)s at this time (%(at)s then, %(whole)s that evening).",
                  {
                      more,
                      day,
                      at,
                      whole,
                  }
              )
            : _t(
                  "%(more)s less than on %(day)s at this time (%(at)s then, %(whole)s that evening).",
                  {
                      more,
                      day,
                      at,
                      whole,
                  }
              );
    }

    get products() {
        return this.figures.products.slice(0, 30);
    }
}

registry.category("actions").add("tibillet_live", LivePage);
