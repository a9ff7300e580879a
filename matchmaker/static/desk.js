// Keys at the curator's desk. Every page works without them; none is heard while somebody types.
(() => {
  "use strict";
  const SWITCH = "matchmaker.desk-keys";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const dialog = document.querySelector("[data-keys]");
  const hint = document.querySelector("[data-keys-hint]");
  const stored = () => {
    try { return localStorage.getItem(SWITCH); } catch { return null; }
  };
  let on = stored() !== "off";

  const openKeys = () => {
    if (dialog && !dialog.open) dialog.showModal();
  };

  const typing = (target) =>
    target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])");

  // Move among the queue's links; begin at the one open, or at the first.
  const step = (by) => {
    const links = all("[data-queue] [data-item]");
    if (!links.length) return;
    const row = document.activeElement.closest("[data-row]");
    const here = links.findIndex((link) => link === document.activeElement || (row && row.contains(link)));
    const open = links.findIndex((link) => link.hasAttribute("aria-current"));
    const from = here >= 0 ? here : open;
    const next = from < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(from + by, 0), links.length - 1);
    links[next].focus();
  };

  const tick = () => {
    const box = document.activeElement.closest("[data-row]")?.querySelector("input[type=checkbox]");
    if (box) box.checked = !box.checked;
  };

  // A decision is reached, never carried out: its folded form opens, and the first box to fill gets the focus.
  const decide = (number) => {
    const decision = all("[data-decision]")[number - 1];
    if (!decision) return;
    const fold = decision.closest("details");
    if (fold) fold.open = true;
    const box = fold ? fold.querySelector("select, textarea") : document.getElementById(decision.dataset.decision);
    (box ?? decision).focus();
  };

  // The last decision is taken back at once: it is done again by one key.
  const undo = () => document.querySelector("[data-undo]")?.click();

  // In a list of reasons, Enter sends the form that the list belongs to.
  const sendFrom = (select) => {
    const button = select.closest("details")?.querySelector("button");
    if (button && select.value) select.form.requestSubmit(button);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog?.open || !on) return;
    if (event.key === "Enter" && event.target.matches("[data-decision] ~ * select, [data-decision] ~ select")) {
      event.preventDefault();
      sendFrom(event.target);
    }
    if (typing(event.target)) return;
    const act = { j: () => step(1), k: () => step(-1), x: tick, u: undo, "?": openKeys }[event.key];
    if (act) {
      event.preventDefault();
      act();
    } else if (/^[1-4]$/.test(event.key)) {
      event.preventDefault();
      decide(Number(event.key));
    }
  });

  if (hint && dialog) {
    hint.hidden = false;
    all("[data-undo] kbd").forEach((key) => { key.hidden = !on; });
    document.querySelector("[data-keys-open]")?.addEventListener("click", openKeys);
    const box = dialog.querySelector("[data-keys-on]");
    box.checked = on;
    box.addEventListener("change", () => {
      on = box.checked;
      try { localStorage.setItem(SWITCH, on ? "on" : "off"); } catch { /* private browsing: kept for this page */ }
    });
  }

  // One box ticks all of a page, and says so when only some are.
  const whole = document.querySelector("[data-tick-all]");
  if (whole) {
    const boxes = all("[data-row] input[name=chosen]");
    const show = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      whole.checked = ticked === boxes.length;
      whole.indeterminate = ticked > 0 && ticked < boxes.length;
    };
    whole.closest("[hidden]")?.removeAttribute("hidden");
    whole.addEventListener("change", () => boxes.forEach((box) => { box.checked = whole.checked; }));
    boxes.forEach((box) => box.addEventListener("change", show));
    show();
  }
})();
