import { expect } from "@odoo/hoot";

/** Note every event of a source or service as one step, `type code-or-uid`. */
export function follow(target) {
    for (const type of ["card", "removed", "error", "status"]) {
        target.addEventListener(type, ({ detail }) => {
            expect.step([type, detail.uid ?? detail.code].filter(Boolean).join(" "));
        });
    }
    return target;
}
