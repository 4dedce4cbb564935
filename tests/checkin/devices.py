"""A device at a door as the browser is one: its keys, its signed requests, its roster opened. Over the site's own addresses."""

import base64
import datetime as dt
import gzip
import json
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from django.utils import timezone

from everhall.checkin import services
from everhall.checkin.models import Device, EntryList, Gate
from everhall.engines import door_seal
from everhall.registration.models import Registration


def text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class Phone:
    """One that was enrolled."""

    key: str = ""
    site: bytes = b""
    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    agreement: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    requests: int = 0
    sequence: int = 0
    cursor: int = 0
    #: Milliseconds by which its clock is ahead.
    ahead: float = 0

    def enrol(self, token: str, name: str = "手机一") -> Any:
        public = self.agreement.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        body = {"token": token.partition(".")[0], "name": name, "agreement": text(public), "signing": text(self.signing.public_key().public_bytes_raw())}
        answer = Client().post("/door/enrol", json.dumps(body), content_type="application/json")
        if answer.status_code == 200:
            self.key, self.site = answer.json()["device"], bytes.fromhex(answer.json()["site"])
        return answer

    def ask(self, what: str, body: dict[str, Any], **change: Any) -> Any:
        self.requests += 1
        sent = json.dumps(body).encode()
        signature = self.signing.sign(door_seal.asked("POST", f"/door/{what}", self.requests, sent))
        header = change.get("header", f"{self.key}.{self.requests}.{text(signature)}")
        return Client().post(f"/door/{what}", change.get("sent", sent), content_type="application/json", headers={"Everhall-Device": header})

    def roster(self) -> tuple[dict[str, Any], bytes]:
        """Its head, and the columns."""
        answer = self.ask("roster", {})
        assert answer.status_code == 200, answer.content
        plain = door_seal.opened(answer.content, self.key, self.agreement, Ed25519PublicKey.from_public_bytes(self.site))
        assert plain is not None
        told = gzip.decompress(plain)
        size = struct.unpack("<I", told[:4])[0]
        return json.loads(told[4 : 4 + size]), told[4 + size :]

    def passed(self, listed: EntryList, row: Registration | None, at: dt.datetime, **more: Any) -> dict[str, Any]:
        """A decision, as the page stores it; its clock is wrong as `ahead` says."""
        self.sequence += 1
        return {
            "sequence": self.sequence, "list": listed.key, "row": row.pk if row else 0, "code": bytes(row.pass_code).hex() if row else "",
            "direction": "in", "people": 1, "decision": "admit", "reason": "ok", "source": "scanner", "at": at.timestamp() * 1000 + self.ahead, **more,
        }  # fmt: skip

    def sync(self, *passages: dict[str, Any]) -> Any:
        sent = timezone.now().timestamp() * 1000 + self.ahead
        answer = self.ask("sync", {"passages": passages, "sent": sent, "cursor": self.cursor, "queue": 0, "offset": 0})
        if answer.status_code == 200:
            self.cursor = answer.json()["cursor"]
        return answer


def phone_at(gate: Gate, user: Any = None, now: dt.datetime | None = None) -> Phone:
    made = Phone()
    answer = made.enrol(services.invite(gate, user, now or timezone.now()))
    assert answer.status_code == 200, answer.content
    return made


def device_of(phone: Phone) -> Device:
    return Device.objects.get(key=phone.key)
