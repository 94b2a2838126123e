import { Component, onWillStart, useEffect, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** Cards to tap without a reader: only in training, or where the database is marked demo or test. */
export class SimulatedPanel extends Component {
    static template = "tibillet_pos_nfc.SimulatedPanel";
    static props = {};

    setup() {
        this.till = useService("tibillet_till");
        this.orm = useService("orm");
        this.tillState = useState(this.till.state);
        this.state = useState({ open: false, cards: [] });
        onWillStart(() => this.load());
        useEffect(
            () => {
                if (this.till.isTraining) {
                    this.load(); // what practice cards hold costs nothing to know
                }
            },
            () => [this.tillState.band]
        );
    }

    get isShown() {
        return this.till.isSimulated && this.till.method && this.tillState.paired;
    }

    async load() {
        if (this.till.isTraining) {
            this.state.cards = this.till.server.cards;
            return;
        }
        if (!this.till.isSimulated) {
            return;
        }
        try {
            this.state.cards = await this.orm.silent.call("pos.session", "tibillet_demo_cards", [
                [this.till.pos.session.id],
            ]);
        } catch {
            this.state.cards = [];
        }
    }

    async toggle() {
        this.state.open = !this.state.open;
        if (this.state.open) {
            await this.load();
        }
    }

    tap(card) {
        this.till.simulated.tap(card.uid);
    }
}

registry
    .category("main_components")
    .add("tibillet_pos_nfc.SimulatedPanel", { Component: SimulatedPanel });
