// Keeps what is typed as a draft on the server, every few seconds. Without this file a button does.
(() => {
  "use strict";
  const EVERY = 4000;
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const text = form.querySelector("textarea");
  const status = form.querySelector("[data-draft-kept]");
  let kept = text.value;
  let timer = 0;
  const keep = async () => {
    timer = 0;
    const typed = text.value;
    if (typed === kept) return;
    const body = new FormData();
    for (const name of ["csrf_token", "key", "text"]) body.set(name, form.elements[name].value);
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body, headers: { "X-Draft": "1" }, redirect: "error", keepalive: true,
      });
      if (answer.ok) {
        kept = typed;
        status.textContent = status.dataset.draftKept;
      }
    } catch {
      // Offline or signed out: the text is still in the field, and the next change tries again.
    }
  };
  text.addEventListener("input", () => {
    status.textContent = "";
    timer ||= setTimeout(keep, EVERY);
  });
  addEventListener("pagehide", () => { if (timer) keep(); });
  form.addEventListener("submit", () => { clearTimeout(timer); timer = 0; });
})();
