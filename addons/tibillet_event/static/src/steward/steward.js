import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const EVERY_MS = 5000;

/** Gates as they are now, asked again every five seconds while somebody looks. */
export class GateSteward extends Component {
    static template = "tibillet_event.GateSteward";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.ids = this.props.action.context?.tibillet_gate_lists || [];
        this.state = useState({ live: null, lost: false });
        onWillStart(() => this.load());
        this.timer = setInterval(() => document.hidden || this.load(), EVERY_MS);
        onWillDestroy(() => clearInterval(this.timer));
    }

    async load() {
        try {
            this.state.live = await this.orm.silent.call("tibillet.gate.list", "tibillet_steward", [
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

    at(text, format = "HH:mm") {
        return deserializeDateTime(text).toFormat(format);
    }

    /** Height of a minute's bar, in percent of the fullest one. */
    height(gate, entries) {
        return Math.round((100 * entries) / Math.max(1, ...gate.minutes));
    }

    quarter(gate) {
        return gate.minutes.slice(-15).reduce((sum, one) => sum + one, 0);
    }

    silence(phone) {
        if (phone.silent_s === null) {
            return _t("never");
        }
        return phone.silent_s < 60
            ? _t("%s s ago", phone.silent_s)
            : _t("%s min ago", Math.round(phone.silent_s / 60));
    }

    stateOf(phone) {
        if (phone.revoked) {
            return _t("revoked");
        }
        if (phone.over) {
            return _t("over");
        }
        return phone.look ? _t("silent") : _t("working");
    }

    revoke(phone) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Revoke %s's phone?", phone.name),
            body: _t("It opens nothing from now on. What it has scanned is still taken in."),
            confirmLabel: _t("Revoke"),
            confirm: async () => {
                await this.orm.call("tibillet.gate.device", "action_revoke", [[phone.id]]);
                await this.load();
            },
            cancel: () => {},
        });
    }

    async open(list, conflicts = false) {
        const method = conflicts ? "action_conflicts" : "action_scans";
        this.action.doAction(await this.orm.call("tibillet.gate.list", method, [[list.id]]));
    }
}

registry.category("actions").add("tibillet_event.steward", GateSteward);
