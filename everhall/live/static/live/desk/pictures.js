// Still pictures of many feeds on a slow laptop: only those in sight, only while the tab is, one after the other, and
// only when the server has a newer one.
const EACH = 1000;
const AT_ONCE = 4;

export class Pictures {
  constructor() {
    this.shown = new Map(); // <img> -> {wanted, has, visible}
    this.loading = 0;
    this.turn = 0;
    this.sight = new IntersectionObserver((seen) => {
      for (const one of seen) this.shown.get(one.target).visible = one.isIntersecting;
    }, { rootMargin: "100px" });
    this.#next();
  }

  add(image) {
    this.shown.set(image, { wanted: "", has: "", visible: false });
    this.sight.observe(image);
  }

  remove(image) {
    this.sight.unobserve(image);
    this.shown.delete(image);
  }

  /** The newest picture that there is; "" for none. */
  want(image, address) {
    const one = this.shown.get(image);
    if (one) one.wanted = address;
    if (!address && image.hasAttribute("src")) { image.removeAttribute("src"); one.has = ""; }
  }

  #next() {
    const due = document.hidden ? [] : [...this.shown].filter(([, one]) => one.visible && one.wanted && one.wanted !== one.has);
    if (due.length && this.loading < AT_ONCE) {
      const [image, one] = due[this.turn++ % due.length];
      this.#load(image, one);
    }
    // As many looks in a second as there are pictures in sight, so that they do not all come at once.
    const many = [...this.shown.values()].filter((one) => one.visible).length;
    setTimeout(() => this.#next(), document.hidden ? EACH : Math.max(20, Math.min(200, EACH / (2 * many + 1))));
  }

  async #load(image, one) {
    one.has = one.wanted;
    this.loading += 1;
    const next = new Image();
    next.src = one.wanted;
    try {
      await next.decode();
      image.src = next.src; // from the browser's memory: the old one stands until then
    } catch { /* the next one comes */ } finally {
      this.loading -= 1;
    }
  }
}
