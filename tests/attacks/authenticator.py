"""An authenticator in software: what a browser and a security key do together, and what they could do wrong."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from bot.seal.wire import from_base64url, to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40  # flags (WebAuthn level 3, 6.1)


@dataclass(slots=True)
class Authenticator:
    """One credential."""

    origin: str
    rp_id: str = "localhost"
    id: bytes = b"credential-0001"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    count: int = 0
    flags: int = PRESENT | VERIFIED

    def create(self, options: dict[str, Any], **wrong: object) -> dict[str, Any]:
        """What `navigator.credentials.create()` gives, as `toJSON()` writes it."""
        told = self._client_data("webauthn.create", options, wrong)
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(self.flags | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._told({"clientDataJSON": told, "attestationObject": to_base64url(attestation)})

    def get(self, options: dict[str, Any], **wrong: object) -> dict[str, Any]:
        """What `navigator.credentials.get()` gives."""
        self.count += 1
        told = self._client_data("webauthn.get", options, wrong)
        data = self._data(self.flags)
        signed = data + hashlib.sha256(from_base64url(told)).digest()
        signature = self.key.sign(signed, ec.ECDSA(SHA256()))
        return self._told(
            {
                "clientDataJSON": told,
                "authenticatorData": to_base64url(data),
                "signature": to_base64url(signature),
            }
        )

    def _client_data(self, kind: str, options: dict[str, Any], wrong: dict[str, object]) -> str:
        plain = {
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
            **wrong,
        }
        return to_base64url(json.dumps(plain).encode())

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _told(self, response: dict[str, str]) -> dict[str, Any]:
        named = to_base64url(self.id)
        return {
            "id": named,
            "rawId": named,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }
