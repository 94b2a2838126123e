import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { session } from "@web/session";

/** Section 13 of the AGPL: whoever uses the software is offered the source of what runs. */
function sourceItem() {
    return {
        type: "item",
        id: "tibillet_source",
        description: _t("Source code (TiBillet %s)", session.tibillet_release || ""),
        href: "/tibillet/source",
        callback: () => browser.open("/tibillet/source", "_blank", "noopener"),
        sequence: 35,
    };
}

registry.category("user_menuitems").add("tibillet_source", sourceItem);
