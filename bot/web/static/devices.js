/** One's own devices as the server knows them. */

import { deviceId } from "./api.js";
import { Problem } from "./trouble.js";

/**
 * What the server says of a device; `id` as rooms have it. Nothing here is believed where it matters.
 * @typedef {{id: string, organisation: string, person: string, name: string | null, rights: number, state: string,
 *   tier: string, enrolledAt: string, bundle: string, approvals: string[]}} DeviceRow
 */

/** All of them, whatever their state; null for whoever is not signed in. @param {import("./api.js").Api} api @returns {Promise<DeviceRow[] | null>} */
export async function myDevices(api) {
  try {
    const { devices } = await api.myDevices();
    return devices.map((/** @type {any} */ row) => ({ ...row, id: deviceId(row.device), enrolledAt: row.enrolled_at }));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}
