// Another stop in place of the one on the page, without leaving the page: what plays goes on, a socket stays open.
import { gallery } from "../everhall/gallery.js";
import { stages } from "../exhibition/stage.js";

/** The article of a stop's page. Throws when the net is away or the stop is. */
export async function fetchStop(address, { fresh = false } = {}) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, cache: fresh ? "reload" : "default" });
  if (!answer.ok) throw new Error(String(answer.status));
  const article = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-stop]");
  if (!article) throw new Error("no stop");
  return document.adoptNode(article);
}

/** Put `article` in place of `old`. `focus`: on its heading, for whoever asked for it. */
export function putStop(old, article, { focus = true } = {}) {
  const put = () => {
    old.replaceWith(article);
    stages(article);
    gallery(document);
    if (article.dataset.title) document.title = article.dataset.title;
    if (focus) article.querySelector("h1")?.focus({ preventScroll: true });
    scrollTo({ top: Math.min(scrollY, article.getBoundingClientRect().top + scrollY - 16 - (document.querySelector(".walk-bar")?.offsetHeight ?? 0)), behavior: "instant" });
  };
  put();
  return article;
}
