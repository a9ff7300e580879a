// Keeps what is typed into a long form, and says how full its boxes are. Without this file, saving does.
(() => {
  "use strict";
  const EVERY = 4000;
  const form = document.querySelector("form[data-writing]");
  if (!form) return;
  const status = form.querySelector("[data-status]");
  const say = (text) => { if (status) status.textContent = text; };
  const advice = document.querySelector("[data-remarks]");
  const advise = (remarks) => {
    if (!advice) return;
    advice.hidden = !remarks.length;
    advice.replaceChildren(...remarks.map((sentence) => {
      const line = document.createElement("p");
      line.textContent = sentence;
      return line;
    }));
  };
  let isDirty = "unsaved" in form.dataset;
  let isTaken = false;
  let isLeaving = false;
  let timer = 0;
  let turn = null; // the saving that is on its way

  const begin = () => {
    clearTimeout(timer);
    timer = 0;
    if (turn || isTaken || isLeaving || !isDirty) return;
    turn = keep().finally(() => { turn = null; if (isDirty) wait(); });
  };
  const wait = () => { timer ||= setTimeout(begin, EVERY); };
  const keep = async () => {
    const body = new FormData(form);
    body.delete("switch");
    body.set("action", "save");
    isDirty = false;
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "X-Draft": "1" }, redirect: "error" });
      if (answer.status === 409) {
        isTaken = isDirty = true;
        say(form.dataset.taken);
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const kept = await answer.json();
      if (!kept.address) { isDirty = true; return; } // it has no title yet
      form.elements.version.value = kept.version;
      form.elements.text.value = kept.text;
      if (form.getAttribute("action") !== kept.address) {
        form.setAttribute("action", kept.address);
        const step = form.elements.step ? `?step=${form.elements.step.value}` : "";
        history.replaceState(null, "", kept.address + step);
      }
      advise(kept.remarks);
      if (!isDirty) say(form.dataset.kept.replace("{time}", kept.time));
    } catch {
      isDirty = true; // the next change tries again
      say(form.dataset.unkept);
    }
  };

  // How full a box is, once it is half full.
  for (const box of form.querySelectorAll("[data-most]")) {
    const most = Number(box.dataset.most);
    const count = document.createElement("span");
    count.className = "count-left small muted";
    box.after(count);
    const show = () => {
      const length = [...box.value].length;
      count.textContent = 2 * length < most ? "" : `${length} / ${most}`;
      count.classList.toggle("over", length > most);
    };
    box.addEventListener("input", show);
    show();
  }
  document.addEventListener("input", (event) => {
    if (event.target.form !== form) return;
    isDirty = true;
    say("");
    wait();
  });
  addEventListener("beforeunload", (event) => { if (isDirty && !isLeaving) event.preventDefault(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) begin(); });
  // A form that is sent waits for the text that is on its way: they would overtake each other.
  form.addEventListener("submit", (event) => {
    isLeaving = true;
    clearTimeout(timer);
    if (!turn) return;
    event.preventDefault();
    event.stopPropagation();
    turn.then(() => form.requestSubmit(event.submitter));
  });
  addEventListener("pageshow", () => { isLeaving = false; });
})();
