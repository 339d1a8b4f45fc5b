/** Every suite that is not made of cases, in one place: node and the browser run the same. */

import { believing } from "./believing.js";
import { clientHere } from "./client_here.js";
import { clientOpenings } from "./client_openings.js";
import { clientRooms } from "./client_rooms.js";
import { frozenRoom } from "./frozen_room.js";
import { guard } from "./guard.js";
import { own } from "./own.js";
import { publicVectors } from "./public_vectors.js";
import { workedValues } from "./worked_values.js";

export const SUITES = {
  publicVectors,
  frozenRoom,
  workedValues,
  own,
  believing,
  clientHere,
  clientRooms,
  clientOpenings,
  guard,
};
