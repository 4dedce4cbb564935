// Light and dark without reloading the page. Without this module the same forms post to /theme/.

/** @param {Document} page */
export function theme(page) {
  for (const form of page.querySelectorAll("form[data-theme-form]")) {
    form.addEventListener("submit", (event) => {
      const wanted = event.submitter?.value;
      if (wanted !== "light" && wanted !== "dark") return;
      event.preventDefault();
      page.documentElement.dataset.theme = wanted;
      const secure = location.protocol === "https:" ? "; Secure" : "";
      page.cookie = `theme=${wanted}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
      form.querySelector(`button[value="${wanted === "dark" ? "light" : "dark"}"]`)?.focus();
    });
  }
}
