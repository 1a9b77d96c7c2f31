/* What the pages do with JavaScript beyond htmx; everything works without it. */
(() => {
  "use strict";

  // A form that was changed and not saved asks before the page is left.
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) form.dataset.changed = "yes";
  });
  document.addEventListener("submit", (event) => {
    document.querySelectorAll("form[data-changed]").forEach((form) => delete form.dataset.changed);
    const button = event.submitter;
    if (button && event.target.method === "post" && !button.hasAttribute("data-again")) {
      setTimeout(() => button.setAttribute("aria-disabled", "true"), 0);
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]")) event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("button[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  });

  // A digest can be copied whole.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-copy]");
    if (button && navigator.clipboard) navigator.clipboard.writeText(button.dataset.copy);
  });
})();
