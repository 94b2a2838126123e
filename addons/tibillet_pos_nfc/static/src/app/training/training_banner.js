import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { isTraining } from "./training_mode";

/** Over every screen of the till, for as long as nothing is written. */
export class TrainingBanner extends Component {
    static template = "tibillet_pos_nfc.TrainingBanner";
    static props = {};

    setup() {
        this.till = useService("tibillet_till");
        this.isShown = isTraining();
        if (this.isShown) {
            document.body.classList.add("tibillet-training");
        }
    }
}

registry
    .category("main_components")
    .add("tibillet_pos_nfc.TrainingBanner", { Component: TrainingBanner });
