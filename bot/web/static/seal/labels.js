/** The first field of every LP string, twin of bot/seal/labels.py; those of the server alone are left out. */

export const Label = Object.freeze({
  DEVICE: "samjour/device/v1",
  DEVICE_PUBLIC: "samjour/device-public/v1",

  ROOT: "samjour/root/v1",
  BUNDLE: "samjour/device-bundle/v1",
  BUNDLE_BYTES: "samjour/device-bundle-bytes/v1",
  APPROVAL: "samjour/device-approval/v1",
  APPROVAL_BYTES: "samjour/device-approval-bytes/v1",
  INTRODUCTION: "samjour/introduction/v1",
  INTRODUCTION_BYTES: "samjour/introduction-bytes/v1",
  INTRODUCTION_HASH: "samjour/introduction-hash/v1",
  DIRECTORY: "samjour/directory/v1",
  DIRECTORY_ENTRY: "samjour/directory-entry/v1",
  SIGN_IN: "samjour/device-sign-in/v1",
  DEVICE_CODE: "samjour/device-code/v1",
  DEVICE_KEK: "samjour/device-kek/v1",
  DEVICE_WRAP: "samjour/device-wrap/v1",
  QUEUED: "samjour/queued/v1",

  ROOM: "samjour/room/v1",
  ROOM_KEY: "samjour/room-key/v1",
  ROOM_KEY_HASH: "samjour/room-key-hash/v1",
  ROOM_COMMIT: "samjour/room-commit/v1",
  EPOCH: "samjour/epoch/v1",

  GRANT: "samjour/grant/v1",

  EVENT: "samjour/event/v1",
  EVENT_SIG: "samjour/event-sig/v1",
  EVENT_HASH: "samjour/event-hash/v1",
  EVENT_BYTES: "samjour/event-bytes/v1",
  MESSAGE_KEY: "samjour/msg-key/v1",

  ESCROW: "samjour/escrow/v1",
  ESCROW_BYTES: "samjour/escrow-bytes/v1",
  ESCROW_HASH: "samjour/escrow-hash/v1",
  SHAMIR: "samjour/shamir/v1",
  SHARE: "samjour/share/v1",
  SHARE_COMMIT: "samjour/share-commit/v1",

  OPENING_REQUEST: "samjour/opening-request/v1",
  OPENING_REQUEST_BYTES: "samjour/opening-request-bytes/v1",
  PASSED_SHARE: "samjour/passed-share/v1",
  SHARE_PASS: "samjour/share-pass/v1",
  SHARE_PASS_BYTES: "samjour/share-pass-bytes/v1",
  REDEAL: "samjour/redeal/v1",
  REDEAL_BYTES: "samjour/redeal-bytes/v1",

  NOTICE: "samjour/notice/v1",
  NOTICE_BYTES: "samjour/notice-bytes/v1",
  SEALED_NOTICE: "samjour/sealed-notice/v1",

  ENTRY: "samjour/entry/v1",
});
