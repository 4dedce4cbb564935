// What a device keeps: its keys, the sealed roster, decisions that are to be sent, what it has heard of others. IndexedDB.
//
// Must stay true: `put` and `change` are done only when the disk says so (durability "strict"): a decision that was shown green is
// there after the battery has died; private keys cannot be taken out of the browser.
const NAME = "everhall-door", STORES = ["kept", "passages", "news"];

const done = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error); });

export function open() {
  return new Promise((yes, no) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("kept");
      request.result.createObjectStore("passages", { keyPath: "sequence" });
      request.result.createObjectStore("news", { keyPath: "id" });
    };
    request.onsuccess = () => yes(new Store(request.result));
    request.onerror = () => no(request.error);
    request.onblocked = () => no(new Error("blocked"));
  });
}

export const forget = () => done(indexedDB.deleteDatabase(NAME));

class Store {
  constructor(database) {
    this.database = database;
    // Another window that deletes must not wait for this one.
    database.onversionchange = () => database.close();
  }

  close() { this.database.close(); }
  get(key) { return done(this.database.transaction("kept").objectStore("kept").get(key)); }
  all(store) { return done(this.database.transaction(store).objectStore(store).getAll()); }

  /** `act(stores)` within one transaction; done when it is on disk. */
  change(act) {
    return new Promise((yes, no) => {
      const change = this.database.transaction(STORES, "readwrite", { durability: "strict" });
      change.oncomplete = () => yes();
      change.onabort = () => no(change.error || new Error("aborted"));
      act(Object.fromEntries(STORES.map((name) => [name, change.objectStore(name)])));
    });
  }

  put(values) { return this.change(({ kept }) => { for (const [key, value] of Object.entries(values)) kept.put(value, key); }); }
}
