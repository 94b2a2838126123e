import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { formatDate } from "@web/core/l10n/dates";
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
        this.state = useState({ live: null, config: 0, error: "", at: null });
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
        const config = this.state.config;
        try {
            const live = await this.orm.silent.call("tibillet.live", "tibillet_live", [
                config || false,
            ]);
            if (config === this.state.config) {
                Object.assign(this.state, { live, error: "", at: luxon.DateTime.now() });
            }
        } catch (error) {
            this.state.error =
                error.data?.message ||
                _t("The server does not answer. The page goes on by itself when it is back.");
        }
    }

    choose(config) {
        this.state.config = config;
        return this.load();
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

    get moved() {
        const sum = (side) =>
            this.figures.moved
                .filter((row) => row.side === side)
                .reduce((total, { amount }) => total + amount, 0);
        return { in: sum("in"), out: sum("out") };
    }

    get figures() {
        return this.state.live.figures;
    }

    get tiles() {
        const { turnover, events, habits } = this.figures;
        return [
            { name: "turnover", label: _t("Takings"), value: this.money(turnover.gross) },
            { name: "topups", label: _t("Top-ups"), value: this.money(this.moved.in) },
            {
                name: "refunds",
                label: _t("Refunds"),
                value: this.money(-events.refunds_amount - events.undone_amount - this.moved.out),
            },
            { name: "cards", label: _t("Cards seen"), value: String(habits.cards) },
        ];
    }

    get comparison() {
        const { last } = this.state.live;
        const now = this.figures.turnover.gross;
        const day = formatDate(luxon.DateTime.fromISO(last.day));
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
