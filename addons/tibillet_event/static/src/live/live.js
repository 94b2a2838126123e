import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const EVERY_MS = 5000;

/** How events sell, asked again every five seconds while somebody looks. */
export class LiveSales extends Component {
    static template = "tibillet_event.LiveSales";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ids = this.props.action.context?.tibillet_events || [];
        this.state = useState({ live: null, open: this.ids.length === 1, lost: false });
        onWillStart(() => this.load());
        this.timer = setInterval(() => document.hidden || this.load(), EVERY_MS);
        onWillDestroy(() => clearInterval(this.timer));
    }

    async load() {
        try {
            this.state.live = await this.orm.silent.call("event.event", "tibillet_live", [
                this.ids,
            ]);
            this.state.lost = false;
        } catch (error) {
            if (!this.state.live) {
                throw error;
            }
            this.state.lost = true; // the last figures stay, and say so
        }
    }

    money(event, amount) {
        return formatCurrency(amount, event.currency);
    }

    begins(event) {
        return formatDateTime(deserializeDateTime(event.begin), { showSeconds: false });
    }

    at() {
        return deserializeDateTime(this.state.live.at).toFormat("HH:mm:ss");
    }

    /** Percent of a capacity, for a bar; none without a limit. */
    share(number, capacity) {
        return capacity ? Math.min(100, Math.round((100 * number) / capacity)) : 0;
    }

    /** What is left of a rate: never more than its event has; null without any limit. */
    left(event, rate) {
        const rooms = [event, rate].filter((row) => row.capacity);
        return rooms.length
            ? Math.max(0, Math.min(...rooms.map((row) => row.capacity - row.sold - row.held)))
            : null;
    }

    ways(row) {
        return Object.entries(this.state.live.channels)
            .filter(([way]) => row.channels[way])
            .map(([way, name]) => `${name} ${row.channels[way]}`)
            .join(" · ");
    }

    file(kind) {
        return `/tibillet/event/sales.${kind}?ids=${this.ids.join(",")}`;
    }

    openEvent(event) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "event.event",
            res_id: event.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("tibillet_event.live", LiveSales);
