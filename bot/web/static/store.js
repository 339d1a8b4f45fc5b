/** What this browser keeps between two visits, in IndexedDB: records with an `id`, in a few stores. */

import { Trouble } from "./trouble.js";

export const NAME = "samjour";
export const DEVICES = "devices"; // keys at rest, by device id
export const ENROLMENTS = "enrolments"; // an invitation that was redeemed and waits for its device
export const PINS = "pins"; // what is held to be true, by organisation
export const HEADS = "heads"; // how far each room was seen
export const QUEUE = "queue"; // what could not be sent yet, sealed

const VERSION = 1;
const STORES = [DEVICES, ENROLMENTS, PINS, HEADS, QUEUE];

/** @typedef {{id: string, [field: string]: any}} Kept a record; CryptoKeys and bytes stand in it as they are */

/** An open database. Throws `Trouble` "not_kept" wherever the browser keeps nothing. */
export class Store {
  #database;

  /** @param {IDBDatabase} database */
  constructor(database) {
    this.#database = database;
    database.onversionchange = () => database.close(); // another tab has a newer version of us
  }

  /** @param {{factory?: IDBFactory, name?: string}} [given] */
  static async open({ factory = globalThis.indexedDB, name = NAME } = {}) {
    return new Store(await kept(() => opened(factory.open(name, VERSION))));
  }

  /** @param {string} store @param {string} id @returns {Promise<Kept | undefined>} */
  get(store, id) {
    return kept(() => answered(this.#of(store, "readonly").get(id)));
  }

  /** All records of a store, by id. @param {string} store @returns {Promise<Kept[]>} */
  all(store) {
    return kept(() => answered(this.#of(store, "readonly").getAll()));
  }

  /** Keep a record, in the place of the one of its id; on the disk before this returns. @param {string} store @param {Kept} record */
  put(store, record) {
    return kept(() => committed(this.#of(store, "readwrite"), (records) => records.put(record)));
  }

  /** @param {string} store @param {string} id */
  drop(store, id) {
    return kept(() => committed(this.#of(store, "readwrite"), (records) => records.delete(id)));
  }

  /** Whether the browser has promised not to clear this away when room is short; asks for it. */
  async persist() {
    return (await globalThis.navigator?.storage?.persist?.()) === true;
  }

  close() {
    this.#database.close();
  }

  /** @param {string} store @param {IDBTransactionMode} mode */
  #of(store, mode) {
    return this.#database.transaction(store, mode, { durability: "strict" }).objectStore(store);
  }
}

/** @template T @param {() => Promise<T>} act @returns {Promise<T>} */
async function kept(act) {
  try {
    return await act();
  } catch (error) {
    throw new Trouble("not_kept", { cause: error });
  }
}

/** @param {IDBOpenDBRequest} opening @returns {Promise<IDBDatabase>} */
function opened(opening) {
  opening.onupgradeneeded = () => {
    for (const store of STORES) opening.result.createObjectStore(store, { keyPath: "id" });
  };
  return answered(opening);
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    if ("onblocked" in request) request.onblocked = () => reject(new Error("another tab is in the way"));
  });
}

/** @param {IDBObjectStore} records @param {(records: IDBObjectStore) => void} act @returns {Promise<void>} */
function committed(records, act) {
  return new Promise((resolve, reject) => {
    const { transaction } = records;
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    act(records);
  });
}
