import { registry } from "@web/core/registry";
import * as T from "./till_tour_utils";

const tours = registry.category("web_tour.tours");
const GOOD = "04A1B2C3D4E5F6";

tours.add("tibillet_why_no_reading", {
    steps: () => [
        ...T.open(),
        ...T.paired(),
        ...T.add("Beer"),
        {
            trigger:
                ".pos-topheader .dropdown-toggle:has(.fa-bars), .pos-topheader button:has(.fa-bars)",
            run: "click",
        },
        { trigger: ".tibillet-why", run: "click" },
        { trigger: ".tibillet-check-row[data-check='address'][data-ok='yes']" },
        { trigger: ".tibillet-check-row[data-check='pairing'][data-ok='yes']" },
        { trigger: ".tibillet-check-row[data-check='bridge'][data-ok='no'] button", run: "hover" },
        { trigger: ".tibillet-check-try[data-read='wait']" },
        ...T.tap(GOOD),
        {
            content: "the card is read, and pays nothing",
            trigger: ".tibillet-check-try[data-read='yes']:contains('E5F6')",
        },
        {
            trigger: "body",
            run: () => T.till().simulated.fail("two_cards"),
        },
        { trigger: ".tibillet-check-try[data-read='no']" },
        { trigger: ".tibillet-check-retry", run: "click" },
        { trigger: ".tibillet-check-try[data-read='wait']" },
        { trigger: ".tibillet-check .btn-primary", run: "click" },
        { trigger: "body:not(:has(.tibillet-check))" },
        ...T.noResidue(),
    ],
});
