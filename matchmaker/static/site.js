// The pages work without this file; it adds comfort.
(() => {
  "use strict";
  // The menu on a narrow screen opens in place instead of by its fragment.
  const rail = document.getElementById("rail");
  const toggle = document.querySelector(".rail-toggle");
  if (rail && toggle) {
    toggle.setAttribute("aria-expanded", "false");
    toggle.addEventListener("click", (event) => {
      event.preventDefault();
      toggle.setAttribute("aria-expanded", String(rail.classList.toggle("open")));
    });
  }
  // After a refused form, begin at what is wrong.
  document.getElementById("errors")?.focus();
  // Where tabs are one row that scrolls, begin at the one that is open.
  for (const here of document.querySelectorAll(".tabs [aria-current]")) {
    const row = here.closest(".tabs");
    row.scrollLeft += here.getBoundingClientRect().right - row.getBoundingClientRect().right + 48;
  }
  // The places offered for a city are those of the province chosen.
  for (const province of document.querySelectorAll("select[data-cities-of]")) {
    const city = document.getElementById(province.dataset.citiesOf);
    province.addEventListener("change", () => city?.setAttribute("list", `cities-${province.value}`));
  }
  // A form is sent once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
})();
