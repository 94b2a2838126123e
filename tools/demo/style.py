"""Style rules of the three websites, beside Odoo's own; one accent a place."""

RULES = """
body { font-variant-numeric: tabular-nums; }
.tbd { color: #1B1B1F; }
.tbd a:focus-visible, .tbd button:focus-visible { outline: 3px solid #1B1B1F; outline-offset: 3px; }
.tbd-wrap { max-width: 1180px; margin: 0 auto; padding: 0 20px; }
.tbd h1, .tbd h2, .tbd h3 { font-family: Georgia, "Liberation Serif", "Noto Serif", serif;
  font-weight: 700;
  line-height: 1.12; letter-spacing: -0.01em; }
.tbd h1 { font-size: clamp(2.3rem, 5vw, 3.9rem); margin: 0 0 16px; }
.tbd h2 { font-size: clamp(1.7rem, 3.2vw, 2.4rem); margin: 0 0 22px; }
.tbd h3 { font-size: 1.28rem; margin: 0 0 8px; }
.tbd p, .tbd li, .tbd dd, .tbd dt, .tbd td { font-size: 1.0625rem; line-height: 1.55; }
.tbd-kicker { text-transform: uppercase; letter-spacing: .12em; font-size: .82rem !important;
  font-weight: 700;
  color: ACCENT; margin: 0 0 12px; }
.tbd-hero { background: #F4EFE6; }
.tbd-hero-grid { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 7fr);
  align-items: stretch;
  min-height: #{"min(620px, calc(100vh - 90px))"}; }
.tbd-hero-text { padding: 56px 48px 56px #{"max(20px, calc((100vw - 1180px) / 2))"};
  display: flex; flex-direction: column;
  justify-content: center; }
.tbd-hero-text p.tbd-lead { font-size: 1.25rem; max-width: 34em; margin-bottom: 28px; }
.tbd-hero-picture { object-position: 60% 50%; width: 100%; height: 100%; min-height: 260px;
  object-fit: cover; display: block; }
.tbd-buttons { display: flex; flex-wrap: wrap; gap: 12px; }
.tbd-button { display: inline-flex; align-items: center; min-height: 52px; padding: 10px 26px;
  border-radius: 8px;
  font-weight: 700; font-size: 1.0625rem; text-decoration: none; background: ACCENT; color: #fff;
  border: 2px solid ACCENT; }
.tbd-button:hover { background: ACCENT_DARK; border-color: ACCENT_DARK; color: #fff; }
.tbd-button.tbd-quiet { background: transparent; color: #1B1B1F; border-color: #1B1B1F; }
.tbd-button.tbd-quiet:hover { background: #1B1B1F; color: #FFFDF8; }
.tbd-section { padding: 68px 0; }
.tbd-tint { background: #F4EFE6; }
.tbd-deep { background: ACCENT_DARK; color: #fff; }
.tbd-deep h2, .tbd-deep h3 { color: #fff; }
.tbd-deep .tbd-kicker { color: #F0C9A0; }
.tbd-events { display: grid;
  grid-template-columns: repeat(auto-fill, minmax(#{"min(100%, 290px)"}, 1fr)); gap: 24px; }
.tbd-event { display: flex; flex-direction: column; background: #fff; border: 1px solid #D9D1C3;
  border-radius: 12px;
  overflow: hidden; text-decoration: none; color: #1B1B1F; }
.tbd-event:hover { color: #1B1B1F; border-color: ACCENT; box-shadow: 0 0 0 2px ACCENT; }
.tbd-event-picture { aspect-ratio: 15 / 8; background-size: cover; background-position: center; }
.tbd-event-body { padding: 18px 20px 20px; display: flex; flex-direction: column; gap: 4px;
  flex: 1; }
.tbd-event-body h3 { margin: 0; }
.tbd-event-date { font-weight: 700; color: ACCENT; font-size: .98rem !important; margin: 0; }
.tbd-event-subtitle { margin: 0 0 12px; }
.tbd-event-price { margin: auto 0 0; font-weight: 700; display: flex;
  justify-content: space-between; }
.tbd-event-price > span:last-child { color: ACCENT; }
.tbd-two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 56px;
  align-items: center; }
.tbd-top { align-items: start; }
.tbd-two img { width: 100%; height: auto; }
.tbd-steps { list-style: none; padding: 0; margin: 0 0 24px; counter-reset: step; }
.tbd-steps li { counter-increment: step; padding: 0 0 20px 66px; position: relative;
  min-height: 62px; }
.tbd-steps li::before { content: counter(step); position: absolute; left: 0; top: 0; width: 46px;
  height: 46px;
  border-radius: 50%; background: #E9A23B; color: #1B1B1F;
  font: 700 1.25rem/46px Georgia, "Liberation Serif", serif;
  text-align: center; }
.tbd-steps strong { display: block; font-size: 1.15rem; }
.tbd-hours { width: 100%; border-collapse: collapse; margin: 0 0 20px; }
.tbd-hours th, .tbd-hours td { padding: 11px 0; border-bottom: 1px solid #D9D1C3;
  font-weight: 400; text-align: left; }
.tbd-hours td { text-align: right; font-weight: 700; white-space: nowrap; padding-left: 16px; }
.tbd-prices { columns: 2; column-gap: 56px; }
.tbd-prices .tbd-hours { break-inside: avoid; }
.tbd-prices h3 { margin-top: 4px; color: ACCENT; }
.tbd-places { display: grid;
  grid-template-columns: repeat(auto-fit, minmax(#{"min(100%, 300px)"}, 1fr)); gap: 24px; }
.tbd-place { position: relative; display: block; border-radius: 12px; overflow: hidden;
  background: #fff; color: #1B1B1F;
  text-decoration: none; border: 1px solid #D9D1C3; }
.tbd-place:hover { color: #1B1B1F; box-shadow: 0 0 0 2px #1B1B1F; }
.tbd-place img { width: 100%; aspect-ratio: 16 / 9; object-fit: cover; display: block; }
.tbd-place div { padding: 16px 20px 20px; }
.tbd-place p { margin: 0; }
.tbd-demo { background: #1B1B1F; color: #FFFDF8; padding: 10px 0; }
.tbd-demo p { margin: 0; font-size: .98rem; }
.tbd-demo a { color: #F0C9A0; font-weight: 700; text-decoration: underline;
  display: inline-block; padding: 4px 0; }
.tbd-logins { width: 100%; border-collapse: collapse; background: #fff; }
.tbd-logins th, .tbd-logins td { text-align: left; padding: 10px 14px;
  border-bottom: 1px solid #D9D1C3;
  vertical-align: middle; }
.tbd code { color: #1B1B1F; background: #F4EFE6; padding: 2px 6px; border-radius: 4px;
  font-size: .95rem;
  white-space: nowrap; }
.tbd-scroll { overflow-x: auto; border: 1px solid #D9D1C3; border-radius: 12px; margin: 0 0 28px; }
.tbd-foot { background: #1B1B1F; color: #FFFDF8; padding: 48px 0 40px; }
#footer .tbd-foot a { color: #F0C9A0; }
#footer .tbd-foot h2 { font-size: 1.15rem; color: #FFFDF8; margin-bottom: 12px; }
.tbd-foot-grid { display: grid;
  grid-template-columns: repeat(auto-fit, minmax(#{"min(100%, 230px)"}, 1fr)); gap: 32px; }
.tbd-foot ul { list-style: none; padding: 0; margin: 0; }
.tbd-foot li a { display: inline-block; padding: 5px 0; }
@media (max-width: 820px) {
  .tbd-hero-grid { grid-template-columns: minmax(0, 1fr); min-height: 0; }
  .tbd-hero-picture { order: -1; height: 42vw; min-height: 220px; max-height: 320px; }
  .tbd-hero-text { padding: 28px 20px 36px; }
  .tbd-hero-text p.tbd-lead { font-size: 1.125rem; margin-bottom: 20px; }
  .tbd-section { padding: 44px 0; }
  .tbd-two { grid-template-columns: minmax(0, 1fr); gap: 28px; }
  .tbd-prices { columns: 1; }
  .tbd-hours td { white-space: normal; }
  .tbd-button { width: 100%; justify-content: center; }
}
"""
